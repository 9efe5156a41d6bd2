"""What is promised about a case: the policy that holds, its clocks, and what follows when it will be late or is."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from customers.domain.merge import members
from customers.models import Customer
from foundation import bus
from interactions.domain import sla_clocks
from interactions.domain.move import set_queue
from interactions.domain.sla_clocks import Promised
from interactions.domain.status import lock_case, set_priority
from interactions.enums import FINISHED, Priority
from interactions.events import SlaBreached, SlaWarned
from interactions.models import Case, SlaClock
from routing.events import PoliciesChanged
from routing.models import SlaPolicy

PORTION = 100  # cases in one transaction


def keep(case: UUID) -> None:
    """The clocks of the case, as its facts and today's policies say. Told twice or late, it comes to the same."""
    if not SlaPolicy.objects.in_order().exists() and not SlaClock.objects.running().filter(case=case).exists():
        return
    with transaction.atomic():
        locked = lock_case(case)
        sla_clocks.keep(locked, promised(locked))


def keep_outdated() -> int:
    """Those of cases whose calendar was edited; how many."""
    cases = sla_clocks.outdated()
    for case in cases:
        keep(case)
    return len(cases)


def apply_anew() -> None:
    """The policies have changed: the clocks of all unfinished cases are set again, in portions."""
    bus.publish(PoliciesChanged(after=None))


def apply_portion(after: UUID | None) -> UUID | None:
    """The next cases behind this one in the order of keys; the last of them, None when there are no more."""
    unfinished = Case.objects.unfinished().order_by("pk").values_list("pk", flat=True)
    portion = list((unfinished.filter(pk__gt=after) if after else unfinished)[:PORTION])
    for case in portion:
        keep(case)
    if len(portion) == PORTION:
        bus.publish(PoliciesChanged(after=portion[-1]))
    return portion[-1] if portion else None


def promised(case: Case) -> Promised | None:
    """By the first policy that fits; None: nothing is promised."""
    policies = list(SlaPolicy.objects.in_order().prefetch_related("queues"))
    if not policies:
        return None
    key_account = any(policy.key_accounts_only for policy in policies) and _is_key_account(case)
    for policy in policies:
        queues = frozenset(queue.pk for queue in policy.queues.all())
        if policy.fits(case, queues, key_account=key_account):
            return Promised(
                policy=policy.pk,
                name=policy.name,
                calendar=case.queue.calendar,
                targets=policy.targets(),
                warn_share=policy.warn_percent / 100,
            )
    return None


def escalate(event: SlaWarned | SlaBreached) -> None:
    """What the policy wants when it will soon be late, or is. Nothing for a case that is finished meanwhile."""
    policy = SlaPolicy.objects.select_related("escalate_to").filter(pk=event.policy).first()
    with transaction.atomic():
        case = lock_case(event.case)
        if policy is None or case.status in FINISHED:
            return
        if isinstance(event, SlaBreached):
            if policy.raise_on_breach:
                set_priority(case.pk, Priority.URGENT)
            if policy.escalate_to is not None and case.queue_id != policy.escalate_to.pk:
                set_queue(case.pk, policy.escalate_to, reason=f"late: {policy.name}")
        elif policy.raise_on_warning and case.priority < Priority.HIGH:
            set_priority(case.pk, Priority(case.priority + 1))


def _is_key_account(case: Case) -> bool:
    known = members(case.customer_id)
    return Customer.objects.filter(pk__in=known, organisation__key_account=True).exists()
