"""Going into a house of its own from a running program, which it does not touch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contactcenter import environment

OURS = {"DATABASE_URL", "REDIS_URL", "BROKER_URL", "PUBLIC_URL", "ALLOWED_HOSTS", "SECRET_KEY", "SMTP_HOST", "PORT"}


def in_a_house(modules: Sequence[str], scale: float, home: Path) -> list[dict[str, Any]]:
    """What `prove(house, scale)` of each module found; as many as came to their end.

    In a process of its own, which knows nothing of this installation; what it says goes to the error output.
    """
    surroundings = {name: value for name, value in os.environ.items() if name not in OURS}
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        answer = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "proofs.run", str(answer), str(scale), *modules]
        subprocess.run(
            command,
            cwd=environment.ROOT,
            env={**surroundings, "CONTACTCENTER_HOME": str(home.resolve())},
            stdout=sys.stderr,
            check=False,
        )
        results: list[dict[str, Any]] = json.loads(answer.read_text()) if answer.exists() else []
    return results
