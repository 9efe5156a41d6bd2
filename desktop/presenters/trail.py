"""What was changed on a customer's record: each step with what stood there before and who changed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from customers.domain.history import Step
from customers.enums import NameSource, Purpose
from customers.models import Customer
from desktop.presenters.customer import FIELD_LABELS, LANGUAGES

_TRAIL_LABELS = {**FIELD_LABELS, "name_source": "Name known from", "shown": "Address", "kind": "Kind"}


@dataclass(frozen=True)
class TrailLine:
    words: str
    before: str
    after: str
    who: str
    at: datetime
    undo_url: str


def trail_lines(
    customer: Customer, steps: Sequence[Step], names: dict[UUID, str], *, edits: bool, merges: bool
) -> list[TrailLine]:
    """The changes of the record, newest first, each with what stood there before. `names` are the agents'; `edits` and
    `merges` say what the reader may take back.
    """
    lines = [_trail_line(customer, step, names) for step in steps]
    may = [merges if step.what == "merge" else edits for step in steps]
    return [line if allowed else replace(line, undo_url="") for line, allowed in zip(lines, may, strict=True)]


def _trail_line(customer: Customer, step: Step, names: dict[UUID, str]) -> TrailLine:
    who = names.get(step.agent, "") if step.agent else ""
    first_entry = step.what == "customer" and step.act == "insert"
    undo = "" if first_entry or not step.key else reverse("desktop:customer_undo", args=[customer.pk, step.key])
    if step.what == "customer" and step.act == "update":
        field = next((name for name in step.changes if name != "name_source"), "name_source")
        before, after = step.changes[field]
        label = _TRAIL_LABELS.get(field.removesuffix("_id"), field)
        known = LANGUAGES if field == "language" else {}
        shown = [known.get(value, "") or _shown(value) if value else "" for value in (before, after)]
        return TrailLine(label, *shown, who, step.at, undo)
    if first_entry:
        return TrailLine("Record made", "", "", who or "from a first message", step.at, "")
    if step.what == "merge":
        before, after = step.changes["merge"]
        words = "Merged with" if step.act == "insert" else "Merge undone with"
        return TrailLine(words, "", after or before, who, step.at, undo)
    after = _about(step, 1)
    before = _about(step, 0)
    words = {
        ("identity", "insert"): "Address added",
        ("identity", "update"): "Address",
        ("identity", "delete"): "Address removed",
        ("consent", "insert"): "Consent",
        ("consent", "update"): "Consent",
        ("consent", "delete"): "Consent removed",
    }[step.what, step.act]
    return TrailLine(words, before, after, who, step.at, undo)


def _about(step: Step, side: int) -> str:
    if step.what == "identity":
        if "verified_at" in step.changes and step.act == "update":
            return "verified" if step.changes["verified_at"][side] else "not verified"
        if "bounced_at" in step.changes and step.act == "update":
            return "undeliverable" if step.changes["bounced_at"][side] else "reachable"
        if "complained_at" in step.changes and step.act == "update":
            return "complained of our mail" if step.changes["complained_at"][side] else "no complaint"
        if "blocked_at" in step.changes and step.act == "update":
            return "blocked" if step.changes["blocked_at"][side] else "not blocked"
        return _shown(step.changes["shown"][side]) if "shown" in step.changes else ""
    granted = step.changes.get("granted", (None, None))[side]
    channel = _shown(step.changes["channel"][side]) if "channel" in step.changes else ""
    allowed = "" if granted is None else ("allowed" if granted else "not allowed")
    purpose = step.changes.get("purpose", ("", ""))[side]
    what = Purpose(purpose).label.lower() if purpose and purpose != Purpose.SERVICE else ""
    return " ".join(word for word in (channel, what, allowed) if word)


def _shown(value: object) -> str:
    if value in {None, ""}:
        return ""
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{local.day} {local:%b %Y}"
    return NameSource(value).label if value in NameSource.values else str(value)[:120]
