from __future__ import annotations

from uuid import UUID

import pghistory
import pgtrigger
from django.db import models

from customers.enums import NameSource
from customers.models.organisation import Organisation, Unit
from foundation.rows import Row


@pghistory.track(pghistory.InsertEvent(level=pghistory.Statement), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Customer(Row):
    """A person served.

    A merged customer points to the one it was merged into and keeps all its rows; histories read the whole set
    (`domain.merge.members`), and undoing a merge clears the pointer.
    """

    name = models.CharField(max_length=200, blank=True)
    given_name = models.CharField(max_length=100, blank=True, help_text="What to call them in a letter")
    name_source = models.CharField(max_length=10, choices=NameSource.choices, default=NameSource.UNKNOWN)
    language = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    preferred_channel = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="customers")
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="customers")
    remarks = models.TextField(blank=True, help_text="What every colleague should know")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="customer_not_merged_into_itself"
            ),
        ]
        triggers = [
            # Merging locks what it looks at; this holds for whoever goes past it: no chains, so no circles either.
            pgtrigger.Trigger(
                name="merged_into_a_root",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(new__merged_into__isnull=False),
                func="""
                    IF EXISTS (SELECT 1 FROM customers_customer root
                               WHERE root.id = NEW.merged_into_id AND root.merged_into_id IS NOT NULL)
                       OR EXISTS (SELECT 1 FROM customers_customer member WHERE member.merged_into_id = NEW.id)
                    THEN
                        RAISE EXCEPTION 'a customer is merged into a root, and only with nobody merged into it'
                              USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name or "Unnamed customer"

    @property
    def root_id(self) -> UUID:
        return self.merged_into_id or self.id

    @property
    def root(self) -> Customer:
        return self.merged_into or self

    @property
    def sure_of_name(self) -> bool:
        """Whether one may greet by name: somebody confirmed it, or the sender wrote a plausible one themselves."""
        return bool(self.given_name or self.name) and self.name_source != NameSource.UNKNOWN
