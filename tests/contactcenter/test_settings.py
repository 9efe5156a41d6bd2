"""A setting or an argument that cannot be used: one clear line, an exit code that says so, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contactcenter.local.ports import any_free

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "mysql://db/there", "DATABASE_URL must look like postgres://user:password@host:5432/name"),
        ("DATABASE_URL", "postgres://db:many/there", "DATABASE_URL has a port that is not a number"),
        ("REDIS_URL", "http://cache/0", "REDIS_URL='http://cache/0' cannot be used"),
        ("PUBLIC_URL", "contact.example.com", "PUBLIC_URL='contact.example.com' cannot be used"),
        (
            "PUBLIC_URL",
            "http://contact.example.com:many",
            "PUBLIC_URL='http://contact.example.com:many' cannot be used",
        ),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL='LOUD' cannot be used"),
        ("PORT", "eighty", "PORT='eighty' cannot be used"),
        ("PORT", "70000", "a port is between 1 and 65535"),
        ("DEBUG", "perhaps", "DEBUG='perhaps' cannot be used: say yes or no"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(name, value, said):
    done = run("manage.py", "check", **{name: value})
    assert done.returncode == os.EX_CONFIG
    assert done.stderr.startswith("contactcenter: ")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_database_that_is_away_is_one_clear_line_and_means_try_again_later():
    done = run("manage.py", "showmigrations", DATABASE_URL=f"postgres://someone@127.0.0.1:{any_free()}/there")
    assert done.returncode == os.EX_TEMPFAIL
    assert done.stderr.startswith("contactcenter: the database is away: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [[], ["dance"], ["demo", "--loudly"]])
def test_wrong_arguments_of_the_local_runner_are_one_clear_line(arguments):
    done = run("-m", "contactcenter.local", *arguments)
    assert done.returncode == 2
    assert "error: " in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_of_the_demo_is_one_clear_line(tmp_path):
    done = run("-m", "contactcenter.local", "demo", PORT="eighty", CONTACTCENTER_HOME=str(tmp_path / "var"))
    assert done.returncode == 1
    assert (
        done.stderr == "contactcenter: PORT='eighty' cannot be used: invalid literal for int() with base 10: 'eighty'\n"
    )
    assert not (tmp_path / "var" / "servers.json").exists()


def test_an_unknown_command_is_one_clear_line():
    done = run("manage.py", "juggle")
    assert done.returncode == 1
    assert done.stderr.startswith("Unknown command: 'juggle'")
    assert "Traceback" not in done.stderr
