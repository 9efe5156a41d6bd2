"""The embedded servers on a bare machine: whoever starts them, from wherever, however the last run ended."""

import json
import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from contactcenter.local import postgres
from contactcenter.local.errors import LocalError
from contactcenter.local.servers import Servers
from tests.contactcenter.local.runner import ROOT, Runner, gone, wait_until


@pytest.fixture
def runners():
    """Starts runners and ends those a scene leaves running."""
    started: list[Runner] = []

    def start(home: Path, **environment: str) -> Runner:
        started.append(Runner(home, **environment))
        return started[-1]

    yield start
    for runner in started:
        if runner.process.poll() is None:
            runner.end()


def addresses(home: Path) -> dict[str, str]:
    return json.loads((home / "servers.json").read_text())


def ask(home: Path, statement: str) -> object:
    connection = psycopg2.connect(addresses(home)["database_url"])
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def serve(runners, home: Path) -> Runner:
    runner = runners(home).says("Started")
    assert ask(home, "SELECT 1") == 1
    with redis.Redis.from_url(addresses(home)["redis_url"]) as client:
        assert client.ping()
    return runner


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_and_its_kin_end_the_embedded_servers_too(runners, tmp_path, word):
    runner = serve(runners, tmp_path / "var")
    children = runner.children()
    assert len(children) > 2
    assert runner.end(word) == (0 if word == signal.SIGINT else 128 + word)
    assert gone(children)


def test_kill_9_of_the_runner_leaves_nothing_that_blocks_the_next_start(runners, tmp_path):
    home = tmp_path / "var"
    runner = serve(runners, home)
    ask(home, "CREATE TABLE kept (word text)")
    ask(home, "INSERT INTO kept VALUES ('here')")
    children = runner.children()
    runner.kill()
    serve(runners, home)
    assert ask(home, "SELECT word FROM kept") == "here"
    wait_until(lambda: gone(children))
    assert gone(children), "the killed runner's servers still run beside the new ones"


def test_a_second_start_adopts_the_running_servers_and_does_not_end_them(runners, tmp_path):
    home = tmp_path / "var"
    serve(runners, home)
    first = ask(home, "SELECT pg_postmaster_start_time()")
    second = runners(home).says("Adopted")
    assert second.children() == []
    assert second.end() == 0
    assert ask(home, "SELECT pg_postmaster_start_time()") == first


def test_a_killed_server_comes_back_where_it_was(runners, tmp_path):
    home = tmp_path / "var"
    runner = serve(runners, home)
    before = addresses(home)
    for child in psutil.Process(runner.process.pid).children():
        child.kill()
    runner.says("Postgres is gone").says("Valkey is gone")

    def answers() -> bool:
        try:
            with redis.Redis.from_url(before["redis_url"]) as client:
                return ask(home, "SELECT 1") == 1 and client.ping()
        except (psycopg2.OperationalError, redis.RedisError):
            return False

    wait_until(answers)
    assert addresses(home) == before
    assert answers()


def test_a_lock_file_that_names_someone_elses_process_does_not_block_the_start(runners, tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)  # the tests' own server is not the one this is about
    home = tmp_path / "var"
    serve(runners, home).end()
    data = Servers(home).postgres.data
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n{int(time.time())}\n1\n\n127.0.0.1\n")
    serve(runners, home)
    assert addresses(home)


def test_a_path_with_a_space_in_it(runners, tmp_path):
    home = tmp_path / "my contact center" / "var"
    runner = serve(runners, home)
    assert addresses(home)
    runner.end()


def test_a_path_longer_than_a_socket_address(runners, tmp_path):
    home = tmp_path.joinpath(*["a-folder-with-quite-a-long-name"] * 10)
    assert len(str(home)) > 300
    serve(runners, home).end()


def test_permissions_above_var_are_never_changed(runners, tmp_path):
    only_mine = tmp_path / "only-mine"
    only_mine.mkdir(mode=0o700)
    before = [path.stat().st_mode for path in (only_mine, *only_mine.parents)]
    serve(runners, only_mine / "var").end()
    assert [path.stat().st_mode for path in (only_mine, *only_mine.parents)] == before
    assert stat.S_IMODE((only_mine / "var" / "servers.json").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as somebody else")
def test_root_runs_the_servers_as_somebody_else(runners, tmp_path):
    runner = serve(runners, tmp_path / "var")
    assert {child.uids().effective for child in runner.children()} == {pwd.getpwnam("nobody").pw_uid}


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests here run as an ordinary user already")
def test_an_ordinary_user_starts_everything_alone():
    """As `nobody`, in a folder of its own, with a Python that this user may run."""
    someone = pwd.getpwnam("nobody")
    home = Path(f"/var/tmp/contactcenter-test-{os.getpid()}/var")
    home.mkdir(parents=True)
    os.chown(home.parent, someone.pw_uid, someone.pw_gid)
    os.chown(home, someone.pw_uid, someone.pw_gid)
    # redis wants this package before Python 3.11.3; the environment of a newer one does not have it
    (home.parent / "async_timeout.py").write_text("from asyncio import timeout\n")
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": f"{ROOT}:{packages}:{home.parent}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    story = (
        "import os, sys; from pathlib import Path; from contactcenter.local.servers import Servers\n"
        "servers = Servers(Path(sys.argv[1])); servers.start()\n"
        "print(os.geteuid(), servers.postgres.place.base, servers.postgres.alive(), servers.valkey.alive())\n"
        "servers.stop()"
    )
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    try:
        for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
            try:
                done = subprocess.run(
                    [python, "-c", story, str(home)],
                    cwd="/",
                    env=environment,
                    user=someone.pw_uid,
                    group=someone.pw_gid,
                    extra_groups=[],
                    capture_output=True,
                    text=True,
                    timeout=60,
                    check=False,
                )
            except OSError:
                continue
            assert done.stdout.split() == [str(someone.pw_uid), str(home), "True", "True"], done.stderr
            return
        pytest.skip(f"no {version} here that an ordinary user may run, or the clone lies where none may enter")
    finally:
        subprocess.run(["rm", "-rf", str(home.parent)], check=True)


def test_addresses_given_from_outside_are_used_and_nothing_is_started(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://someone@db.example/there")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example/0")
    servers = Servers(tmp_path)
    servers.start()
    servers.stop()
    assert addresses(tmp_path) == {
        "database_url": "postgres://someone@db.example/there",
        "redis_url": "redis://cache.example/0",
    }
    assert not (tmp_path / "postgres").exists()


def test_a_server_that_cannot_start_says_where_it_said_why(tmp_path, monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    servers = Servers(tmp_path / "var", quick=True)
    servers.start()
    servers.stop()
    servers.postgres.data.joinpath("postgresql.conf").write_text("shared_buffers = nonsense\n")
    monkeypatch.setattr(postgres, "PATIENCE", 1)
    again = Servers(tmp_path / "var", quick=True)
    with pytest.raises(LocalError, match=r"PostgreSQL does not start; its log: .*/log/postgres\.log"):
        again.start()
    assert "nonsense" in (tmp_path / "var" / "log" / "postgres.log").read_text()
    again.stop()
    assert not again.valkey.alive()
