from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import connections, models
from django.db.models import Q

from customers.models import Customer
from foundation import clock
from foundation.rows import Row
from interactions.enums import FINISHED, UNFINISHED, CaseStatus, ChangeKind, Priority
from interactions.models.queue import Queue
from interactions.models.tag import Tag

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# A portion of messages touches many cases; bulk_update would build an expression for each field of each.
TOUCH = """
UPDATE interactions_case AS touched
SET active_at = new.active_at, unanswered_since = new.unanswered_since, status = new.status,
    finished_at = new.finished_at
FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::timestamptz[])
    AS new (id, active_at, unanswered_since, status, finished_at)
WHERE touched.id = new.id
"""


class CaseScope(models.QuerySet["Case"]):
    def in_queues(self, queues: models.QuerySet[Queue] | None) -> CaseScope:
        """Cases of these queues; None stands for every queue."""
        return self if queues is None else self.filter(queue__in=queues)

    def unfinished(self) -> CaseScope:
        return self.filter(status__in=UNFINISHED)

    def latest_first(self) -> CaseScope:
        return self.order_by("-active_at", "-id")

    def touch(self, cases: Iterable[Case]) -> None:
        """Saves when these, which the caller has locked, were last active and unanswered, and how they stand."""
        rows = [(case.pk, case.active_at, case.unanswered_since, str(case.status), case.finished_at) for case in cases]
        if rows:
            with connections[self.db].cursor() as cursor:
                cursor.execute(TOUCH, [list(column) for column in zip(*rows, strict=True)])


class Case(Row):
    """One request of a customer, whatever channels it travels through."""

    number = models.BigIntegerField(
        unique=True, db_default=models.Func(models.Value("case_number"), function="nextval"), editable=False
    )
    subject = models.CharField(max_length=400, blank=True)
    status = models.CharField(max_length=20, choices=CaseStatus.choices, default=CaseStatus.NEW)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="cases")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="cases")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="owned_cases"
    )
    previous = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="later")
    language = models.CharField(max_length=12, blank=True)
    tags = models.ManyToManyField(Tag, through="Tagging", related_name="cases", blank=True)
    active_at = models.DateTimeField(default=clock.now, help_text="The last message or note")
    unanswered_since = models.DateTimeField(null=True, blank=True, help_text="The customer's first unanswered message")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[CaseScope] = CaseScope.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["queue", "-active_at", "-id"]),
            models.Index(
                fields=["owner", "-active_at", "-id"], condition=~Q(status="closed"), name="case_owner_active"
            ),
            models.Index(fields=["queue", "status"], condition=~Q(status="closed"), name="case_queue_unclosed"),
            models.Index(fields=["customer", "-active_at"]),
            models.Index(fields=["-active_at", "-id"]),
            models.Index(
                fields=["-active_at", "-id"], condition=Q(unanswered_since__isnull=False), name="case_unanswered"
            ),
            models.Index(fields=["-created_at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED

    @property
    def status_label(self) -> StrOrPromise:
        return CaseStatus(self.status).label


class Tagging(Row):
    case = models.ForeignKey(Case, models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "tag"], name="tagging_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.tag}"


class Participant(Row):
    """An address that takes part in a case. A stranger wrote into it without being proven to belong."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="participants")
    kind = models.CharField(max_length=10)
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    stranger = models.BooleanField(default=False)
    third_party = models.BooleanField(default=False, help_text="Asked by us about the case; not the customer's side")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind", "address"], name="participant_once")]

    def __str__(self) -> str:
        return self.address


class Change(Row):
    """A fact about a case that changed: when, by whom, from what to what."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    before = models.CharField(max_length=400, blank=True)
    after = models.CharField(max_length=400, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "created_at", "id"])]

    def __str__(self) -> str:
        return f"{self.kind}: {self.before} → {self.after}"


class Assignment(Row):
    """An agent's ownership of a case, from when to when, by whom and why."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="assignment_one_owner"),
        ]
        indexes = [models.Index(fields=["agent", "-started_at"])]

    def __str__(self) -> str:
        return f"{self.case_id} {self.agent_id}"


def case_stream(case: UUID) -> str:
    """The name under which a case's screens are told that it changed."""
    return f"case.{case}"
