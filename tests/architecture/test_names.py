"""A file is named for its one idea. A name that says nothing becomes a drawer for everything."""

from pathlib import Path

import pytest

from tests.architecture.house import ROOT, local_apps

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "services", "service", "managers", "manager", "common", "misc"}


def says_nothing(path: Path) -> bool:
    return bool(SAYS_NOTHING & {part.removesuffix(path.suffix) for part in path.parts})


@pytest.mark.parametrize("app", sorted(config.name for config in local_apps()))
def test_no_file_or_folder_of_an_app_has_a_name_that_says_nothing(app):
    assert [str(path) for path in (ROOT / app).rglob("*.py") if says_nothing(path.relative_to(ROOT))] == []


def test_such_a_name_would_be_seen_at_any_level():
    assert says_nothing(Path("agents/domain/utils.py"))
    assert says_nothing(Path("agents/helpers/names.py"))
    assert not says_nothing(Path("agents/domain/presence.py"))


def test_no_verb_module_grows_into_a_drawer():
    """About 200 lines; the margin is for a long docstring."""
    long = {
        str(path.relative_to(ROOT)): length
        for config in local_apps()
        for path in (ROOT / config.name / "domain").rglob("*.py")
        if (length := len(path.read_text().splitlines())) > 260
    }
    assert long == {}
