"""What import-linter cannot see: strings that name other apps must point down the house as imports do."""

import re

import pytest
from django.apps import apps
from django.db.models import ForeignObject, ManyToManyField

from tests.architecture.house import ROOT, floors, local_apps, may_use

NAMES_A_TEMPLATE = re.compile(r"""{%-?\s*(?:include|extends|partial_from)\s+["']([a-z_]+)/""")


def test_every_local_app_has_a_floor():
    assert {config.name for config in local_apps()} - floors().keys() == set()


def test_every_local_app_is_watched_by_import_linter():
    text = (ROOT / "pyproject.toml").read_text()
    roots = re.search(r"root_packages = \[(.*?)\]", text, re.DOTALL)
    assert roots is not None
    assert {config.name for config in local_apps()} - set(re.findall(r'"(\w+)"', roots.group(1))) == set()


def relations():
    local = {config.label for config in local_apps()}
    return [
        (f"{model._meta.label}.{field.name}", model._meta.app_config.name, field.related_model._meta.app_config.name)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in local
        for field in model._meta.get_fields()
        if isinstance(field, ForeignObject | ManyToManyField) and field.related_model._meta.app_label in local
    ]


def test_foreign_keys_point_down():
    found = relations()
    assert found, "the walk over the models found no relation at all, so it proves nothing"
    assert [name for name, user, used in found if not may_use(user, used)] == []


def templates_of(user: str):
    return [path for path in (ROOT / "templates" / user).rglob("*") if path.is_file()]


@pytest.mark.parametrize("user", sorted(floors()))
def test_template_includes_point_down(user):
    wrong = [
        f"{path.relative_to(ROOT)} names {used}/"
        for path in templates_of(user)
        for used in NAMES_A_TEMPLATE.findall(path.read_text())
        if used in floors() and not may_use(user, used)
    ]
    assert wrong == []


def test_a_template_that_points_up_would_be_seen():
    assert NAMES_A_TEMPLATE.findall('{% include "desktop/case/_message.html" with x=1 %}') == ["desktop"]
    assert not may_use("interactions", "desktop")
    assert not may_use("desktop", "simulator")
    assert may_use("desktop", "interactions")
