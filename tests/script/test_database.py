"""The project's own database: private, and there again whatever was killed or left behind."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.script.trees import ROOT_ONLY, START, Tree, environment, is_alive, wait_until


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
