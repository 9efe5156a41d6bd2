"""The clocks of what is promised about a case: kept as its facts say, warned of and broken when their time comes.

`keep` sets the clocks from the facts, whatever happened in which order and however often it is told; who decides what
is promised is routing. `ring` finds the clocks whose time has come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from foundation import bus, clock
from foundation.calendar.models import Calendar
from interactions.domain.sla_reckoning import Pause, reckon
from interactions.domain.trail import note_change
from interactions.enums import (
    FINISHED,
    RESPONSES,
    CaseStatus,
    ChangeKind,
    ClockKind,
    ClockOutcome,
    DeliveryState,
    Direction,
    MessageKind,
    Party,
)
from interactions.events import ClocksChanged, SlaBreached, SlaWarned
from interactions.models import Case, Change, Message, SlaClock

PAUSED_BY = {CaseStatus.WAITING_CUSTOMER, *FINISHED}
ANSWERS = (MessageKind.MESSAGE, MessageKind.LOG)
PORTION = 200
_SET = (
    *("policy", "policy_name", "calendar_id", "target", "warn_after", "warn_at", "due_at", "paused_since"),
    *("reckoned_at", "ended_at", "outcome"),
)


@dataclass(frozen=True)
class Promised:
    """What is promised about a case by a policy: business time for each kind, and when to warn (0 < share < 1)."""

    policy: UUID
    name: str
    calendar: Calendar
    targets: dict[ClockKind, timedelta]
    warn_share: float


@dataclass(frozen=True)
class Facts:
    """What a case's clocks follow from: `asked_at` is the customer's first message that nobody answered yet,
    `answered_at` our last answer that was not taken back.
    """

    opened_at: datetime
    asked_at: datetime | None
    answered_at: datetime | None
    finished_at: datetime | None
    pauses: Sequence[Pause]

    @property
    def response(self) -> ClockKind:
        return ClockKind.FIRST_RESPONSE if self.answered_at is None else ClockKind.NEXT_RESPONSE


def keep(case: Case, promised: Promised | None) -> list[SlaClock]:
    """Sets the clocks of a locked case as its facts and what is promised now say; those that run."""
    facts = facts_of(case)
    clocks = {each.kind: each for each in SlaClock.objects.select_for_update().running().filter(case=case)}
    wanted: dict[str, datetime] = {}
    if promised is not None and facts.finished_at is None:
        if facts.asked_at is not None and facts.response in promised.targets:
            wanted[facts.response] = facts.asked_at
        if ClockKind.RESOLUTION in promised.targets:
            wanted[ClockKind.RESOLUTION] = facts.opened_at
    changed = False
    for kind, running in clocks.items():
        if kind not in wanted or (kind in RESPONSES and running.started_at != wanted[kind]):
            _end(running, facts, promised)
            changed = True
    kept: list[SlaClock] = []
    if promised is not None:
        kept = [_row(case, ClockKind(kind), since, clocks.get(kind)) for kind, since in wanted.items()]
        different = [_set(row, promised, facts) for row in kept]
        changed = changed or any(different)
    if changed:
        bus.publish(ClocksChanged(case=case.pk, queue=case.queue_id))
    return kept


def facts_of(case: Case) -> Facts:
    """Reads what was said and how the case stood; two queries."""
    own = Message.objects.filter(case=case, direction=Direction.OUTBOUND, kind__in=ANSWERS, party=Party.AGENT)
    said = own.exclude(delivery__state=DeliveryState.WITHDRAWN)
    answered_at = said.order_by("-occurred_at").values_list("occurred_at", flat=True).first()
    pauses: list[Pause] = []
    turns = Change.objects.filter(case=case, kind=ChangeKind.STATUS).order_by("created_at", "id")
    for after, at in turns.values_list("after", "created_at"):
        if after in PAUSED_BY:
            if not pauses or pauses[-1].ended is not None:
                pauses.append(Pause(at, None))
        elif pauses and pauses[-1].ended is None:
            pauses[-1] = Pause(pauses[-1].began, at)
    return Facts(
        opened_at=case.created_at,
        asked_at=case.unanswered_since,
        answered_at=answered_at,
        finished_at=case.finished_at,
        pauses=pauses,
    )


def _row(case: Case, kind: ClockKind, started_at: datetime, running: SlaClock | None) -> SlaClock:
    if running is None or running.ended_at is not None:  # an answer that was taken back leaves the question as it was
        running = SlaClock.objects.filter(case=case, kind=kind, started_at=started_at).first()
    return running or SlaClock(case=case, kind=kind, started_at=started_at)


def _set(row: SlaClock, promised: Promised, facts: Facts) -> bool:
    """Whether something about the clock is different now."""
    before = None if row._state.adding else tuple(getattr(row, name) for name in _SET)  # noqa: SLF001 - how Django tells a new row
    kind = ClockKind(row.kind)
    row.ended_at, row.outcome = None, ClockOutcome.RUNNING
    row.policy, row.policy_name, row.calendar = promised.policy, promised.name, promised.calendar
    row.target, row.warn_after = promised.targets[kind], promised.targets[kind] * promised.warn_share
    _reckon(row, facts.pauses if kind == ClockKind.RESOLUTION else ())
    if before == tuple(getattr(row, name) for name in _SET):
        return False
    row.save()
    return True


def _reckon(row: SlaClock, pauses: Sequence[Pause]) -> None:
    times = reckon(row.calendar.hours(), row.started_at, pauses, target=row.target, warn_after=row.warn_after)
    row.warn_at, row.due_at, row.paused_since = times.warn_at, times.due_at, times.paused_since
    row.reckoned_at = row.calendar.updated_at


def _end(row: SlaClock, facts: Facts, promised: Promised | None) -> None:
    """At the moment of the answer or of the end, which may be long before this is told."""
    if row.kind in RESPONSES:
        done = facts.answered_at if facts.answered_at and facts.answered_at >= row.started_at else facts.finished_at
    else:
        done = facts.finished_at
    row.ended_at = done or clock.now()
    if done is None or promised is None:
        row.outcome = ClockOutcome.CANCELLED
    else:
        late = row.due_at is not None and done > row.due_at
        row.outcome = ClockOutcome.BREACHED if late else ClockOutcome.MET
        if late and row.breached_at is None:
            row.breached_at = row.due_at
    row.save(update_fields=["ended_at", "outcome", "breached_at"])


def ring() -> int:
    """Notes the warnings and breaches whose time has come, on the trail and as events; how many there were."""
    return _ring_due("due_at", "breached_at") + _ring_due("warn_at", "warned_at")


def _ring_due(when: str, noted: str) -> int:
    now = clock.now()
    with transaction.atomic():
        rows = list(
            SlaClock.objects.select_for_update(skip_locked=True, of=("self",))
            .running()
            .select_related("case")
            .filter(**{f"{when}__lte": now, noted: None})
            .order_by(when)[:PORTION]
        )
        for row in rows:
            breached = noted == "breached_at"
            if breached:
                row.breached_at = row.due_at
                row.warned_at = row.warned_at or row.warn_at
            else:
                row.warned_at = row.warn_at
            row.save(update_fields=["breached_at", "warned_at"])
            kind = ClockKind(row.kind)
            said = f"{kind.label}: {'too late' if breached else 'soon too late'}"
            note_change(row.case, ChangeKind.SERVICE_LEVEL, after=said, reason=row.policy_name)
            event = SlaBreached if breached else SlaWarned
            bus.publish(
                event(case=row.case_id, queue=row.case.queue_id, clock=row.pk, kind=str(row.kind), policy=row.policy)
            )
        return len(rows)


def outdated(limit: int = PORTION) -> list[UUID]:
    """Cases with a running clock whose calendar has changed since it was reckoned."""
    found = SlaClock.objects.running().exclude(reckoned_at=F("calendar__updated_at")).order_by("case")
    return list(found.values_list("case", flat=True).distinct()[:limit])
