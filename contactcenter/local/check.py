"""`make test`: every check, the quick ones first, pytest last, so that the end of the output is its summary."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from contactcenter import environment
from contactcenter.local.chromium import ensure_chromium
from contactcenter.local.screen import say, step
from contactcenter.local.servers import Servers

PYTHON = sys.executable
SCRIPTS = Path(PYTHON).parent
ROOT = environment.ROOT
# Two at a time, handed out in order: scenes in a browser stay last in each (see tests/browser.py).
SIDE_BY_SIDE = ("--numprocesses", "2", "--dist", "load")


def typed() -> list[str]:
    """What mypy checks strictly: the foundation, and the domain and the models of every app."""
    return ["foundation", *sorted(f"{path.parent.name}/{path.name}" for path in ROOT.glob("*/*") if _is_typed(path))]


def _is_typed(path: Path) -> bool:
    return path.name in {"domain", "models"} and (path / "__init__.py").exists() and path.parent.name != "foundation"


def quick_checks() -> dict[str, list[str]]:
    return {
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "ruff check": [PYTHON, "-m", "ruff", "check", "."],
        "mypy": [PYTHON, "-m", "mypy", *typed()],
        "lint-imports": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        "missing migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        "system checks": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
    }


def check(arguments: Sequence[str]) -> int:
    """Runs all and answers the exit code: 0 only when every one passed. One that fails does not stop the others."""
    home = environment.home() / "test"
    servers = Servers(home, quick=True)
    try:
        with step("Servers"):
            servers.start()
        surroundings = {
            **os.environ,
            "CONTACTCENTER_HOME": str(home),
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "PYTHONPATH": str(ROOT),
        }
        surroundings["JOURNEYS"] = ensure_chromium()
        failed = run_quick_checks(surroundings)
        surroundings["FAILED_CHECKS"] = ", ".join(failed)
        tests = [PYTHON, "-m", "pytest", *(arguments or SIDE_BY_SIDE)]
        pytest = subprocess.run(tests, cwd=ROOT, env=surroundings, check=False)
        return pytest.returncode or (1 if failed else 0)
    finally:
        servers.stop()


def run_quick_checks(surroundings: dict[str, str]) -> list[str]:
    """Two at a time; prints what a failing one said. Answers the names of those that failed."""

    def run(name: str, command: list[str]) -> tuple[str, float, subprocess.CompletedProcess[str]]:
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env=surroundings, capture_output=True, text=True, errors="replace", check=False
        )
        return name, time.monotonic() - began, done

    failed = []
    with ThreadPoolExecutor(max_workers=2) as side_by_side:
        for future in as_completed([side_by_side.submit(run, *each) for each in quick_checks().items()]):
            name, seconds, done = future.result()
            say(f"  {name:<22} {seconds:5.1f} s{'' if done.returncode == 0 else '   FAILED'}")
            if done.returncode != 0:
                failed.append(name)
                say((done.stdout + done.stderr).rstrip())
    return failed
