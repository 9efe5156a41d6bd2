"""What people read when they write what is there already."""

from django.contrib import admin
from django.db.models import UniqueConstraint
from django.forms import ModelForm

from contactcenter import urls  # noqa: F401 - which loads every form there is
from tests.architecture.house import local_apps


def _written_by_people() -> set[type]:
    """The models of ours that a form or the administration can write."""
    ours = {model for config in local_apps() for model in config.get_models()}
    found: set[type] = set()
    for model, page in admin.site._registry.items():
        if type(page).has_add_permission is admin.ModelAdmin.has_add_permission:
            found |= {model, *(inline.model for inline in page.inlines)}
    left = [ModelForm]
    while left:
        form = left.pop()
        left += form.__subclasses__()
        found.add(getattr(getattr(form, "_meta", None), "model", None))
    return found & ours


def test_each_rule_that_a_form_can_hit_is_told_in_words_of_its_own():
    """Django finds words for a rule on fields alone; for others it would name the database's constraint."""
    hit = [
        constraint
        for model in _written_by_people()
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and (constraint.expressions or constraint.condition)
    ]
    names = {constraint.name for constraint in hit}
    assert {"mailbox_address_once", "mail_alias_address_once", "agent_username_any_case"} <= names
    default = UniqueConstraint.default_violation_error_message
    assert [constraint.name for constraint in hit if constraint.violation_error_message == default] == []
