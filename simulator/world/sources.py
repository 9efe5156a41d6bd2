"""The demo world's written sources: names, the company, its staff, its catalogue and what people write."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def read(name: str) -> dict[str, Any]:
    """The content of `<name>.toml` beside this module."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
