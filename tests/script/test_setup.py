"""Setting up: what stands in the way is said in both languages, with what to do about it."""

import shutil
from collections.abc import Callable

import pytest

from tests.script.trees import LIBRARIES, ROOT_ONLY, Tree


@ROOT_ONLY
def test_var_of_another_user_is_refused(make_tree: Callable[..., Tree]) -> None:
    other = make_tree()
    (other.root / "var").mkdir()
    shutil.chown(other.root / "var", "nobody")
    done = other.run("script/setup")
    assert done.returncode == 1
    assert "属于用户 nobody" in done.stderr
    assert "belongs to nobody" in done.stderr


def test_missing_package_manager_names_the_packages(tree: Tree) -> None:
    path = tree.with_path("apt-get", "dpkg-query")
    done = tree.run("script/setup", PATH=path)
    assert done.returncode == 1
    names = "fonts-noto-cjk gdal-bin gettext libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 postgresql postgresql-postgis python3 python3-venv"
    assert (
        f"未找到 apt-get（本脚本支持 Debian 与 Ubuntu）。请自行安装相当于下列软件包的程序后，以 PORTAL_SKIP_PACKAGES=1 重新运行：{names}"
        in done.stderr
    )
    assert f"with PORTAL_SKIP_PACKAGES=1: {names}" in done.stderr


@pytest.mark.parametrize("sudo", [None, "exit 1"])
def test_user_who_may_not_install_is_told_what_to_ask_for(tree: Tree, sudo: str | None) -> None:
    path = tree.with_path(**{"sudo": sudo} if sudo else {}) if sudo else tree.with_path("sudo")
    done = tree.run(LIBRARIES + "is_root() { false; }; request_root 'gettext gdal-bin'", PATH=path)
    assert done.returncode == 1
    assert "请管理员执行：apt-get install --no-install-recommends gettext gdal-bin" in done.stderr
    assert "Ask an administrator for: apt-get install --no-install-recommends gettext gdal-bin" in done.stderr


def test_too_little_disk_is_said_before_anything_is_downloaded(tree: Tree) -> None:
    df = "echo 'Filesystem 1024-blocks Used Available Capacity Mounted'; echo 'disk 9999999 1 1048576 99% /'"
    path = tree.with_path(df=df, **{"dpkg-query": "true", "apt-get": "echo downloading >&2; exit 1"})
    done = tree.run("script/setup", PATH=path)
    assert done.returncode == 1
    assert "磁盘空间不足：/ 所在分区只剩 1024 MB，安装需要 2048 MB" in done.stderr
    assert "1024 MB free for /, 2048 MB needed" in done.stderr
    assert "downloading" not in done.stderr


def test_missing_network_is_said(tree: Tree) -> None:
    df = "echo head; echo 'disk 99999999 1 99999999 1% /'"
    error = "echo \"E: Failed to fetch file: Temporary failure resolving 'mirror'\" >&2; exit 100"
    path = tree.with_path(df=df, sudo='[ "$1" = -v ] || exec "$@"', **{"dpkg-query": "true", "apt-get": error})
    done = tree.run("script/setup", PATH=path)
    assert done.returncode == 1
    assert "Temporary failure resolving" in done.stderr
    assert "网络不可用" in done.stderr
    assert "The network cannot be reached" in done.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("npm error code ENOTFOUND", "The network cannot be reached"),
        ("NewConnectionError('Failed to establish a new connection: [Errno 111] Connection refused')", "The network"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ValueError: something else", "This step failed; its whole log is"),
    ],
)
def test_failing_step_shows_its_log_and_what_to_do(tree: Tree, line: str, message: str) -> None:
    done = tree.run(LIBRARIES + 'work() { echo "$LINE"; false; echo unreached; }; step work 工作 work work', LINE=line)
    assert done.returncode == 1
    assert f"    {line}" in done.stderr
    assert message in done.stderr
    assert "unreached" not in done.stderr


def test_older_python_is_refused(tree: Tree) -> None:
    programs = dict.fromkeys(("python3", "python3.11", "python3.12", "python3.13"), "exit 1")
    done = tree.run(
        LIBRARIES + "find_python",
        PATH=tree.with_path(**programs),
    )
    # /usr/bin/python3 is asked for by its full name, so this machine's own may still be found.
    assert done.stdout.strip() == "/usr/bin/python3" or "Python 3.11 or newer with venv is needed" in done.stderr
