"""A Chromium for the journeys: Debian's package where we may install it, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from contactcenter.local.errors import LocalError
from contactcenter.local.screen import step, warn

NAMES = ("chromium", "chromium-browser", "google-chrome")
REQUIRED = "CI"


def find() -> str:
    """The path of an installed Chromium, also Playwright's, or ''."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    own = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(own[-1]) if own else ""


def ensure_chromium() -> str:
    """The browser's path, or '' where none can be had, which is said. Raises LocalError when CI requires one."""
    found = find()
    if found:
        return found
    with step("Chromium"):
        if os.geteuid() == 0 and shutil.which("apt-get"):
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            _try(["apt-get", "update", "-qq"], quiet)
            _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], quiet)
        if not find():
            _try([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
    found = find()
    if not found and os.environ.get(REQUIRED, "").lower() in {"1", "true", "yes"}:
        raise LocalError("no Chromium can be installed here, and continuous integration must run the journeys")
    if not found:
        warn("\n*** No Chromium here and none could be installed: THE JOURNEYS IN A REAL BROWSER ARE SKIPPED. ***\n")
    return found


def _try(command: list[str], surroundings: dict[str, str]) -> None:
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        warn(f"{command[0]}: {said[-1] if said else done.returncode}")
