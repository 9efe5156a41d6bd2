"""The plan of the house as pyproject.toml states it for import-linter: which app stands on which floor."""

import tomllib
from pathlib import Path

from django.apps import AppConfig, apps

ROOT = Path(__file__).resolve().parent.parent.parent


def floors() -> dict[str, int]:
    """Each app's floor, 0 the lowest. Apps on one floor are siblings and never meet."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["name"].startswith("Floors"))
    return {app.strip(" ()"): height for height, layer in enumerate(reversed(layers)) for app in layer.split("|")}


def local_apps() -> list[AppConfig]:
    return [config for config in apps.get_app_configs() if (ROOT / config.name).is_dir() and "." not in config.name]


def may_use(user: str, used: str) -> bool:
    """Whether `user` stands above `used`, or is the same app."""
    height = floors()
    return user == used or height[user] > height[used]
