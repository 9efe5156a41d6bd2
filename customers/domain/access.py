"""The doors to customers: one record that every employee who works with cases sees."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from agents.enums import Permission
from agents.models import Agent
from customers.domain.search import first_customers
from customers.errors import NoSuchCustomer
from customers.models import Customer, Merge
from foundation.streams import membership

_READERS = (Permission.WORK_CASES, Permission.SUPERVISE_TEAMS, Permission.SEE_ALL_CASES, Permission.ADMINISTER)


def visible_customers(agent: Agent) -> QuerySet[Customer]:
    if _reads(agent):
        return Customer.objects.all()
    return Customer.objects.none()


def access_customer(agent: Agent, customer: UUID, *, edit: bool = False) -> Customer:
    """The customer (the root, where it was merged). Raises NoSuchCustomer, also when the agent may not (edit) it."""
    found = visible_customers(agent).select_related("organisation", "unit", "merged_into").filter(pk=customer).first()
    if found is None or (edit and not agent.may(Permission.EDIT_CUSTOMERS)):
        raise NoSuchCustomer
    return found.merged_into or found


def access_two(agent: Agent, customer: UUID, other: UUID) -> tuple[Customer, Customer]:
    """Two customers for whoever may say that they are one. Raises NoSuchCustomer."""
    if not agent.may(Permission.MERGE_CUSTOMERS):
        raise NoSuchCustomer
    return access_customer(agent, customer), access_customer(agent, other)


def visible_merges(agent: Agent, customer: UUID | None = None) -> QuerySet[Merge]:
    """Merges as far as `agent` may see customers; only of or into `customer`, where one is given."""
    if not _reads(agent):
        return Merge.objects.none()
    return Merge.objects.filter(Q(source=customer) | Q(target=customer)) if customer else Merge.objects.all()


def access_merge(agent: Agent, merge: UUID) -> Merge:
    """A merge for whoever may take it back. Raises NoSuchCustomer."""
    allowed = agent.may(Permission.EDIT_CUSTOMERS) and agent.may(Permission.MERGE_CUSTOMERS)
    found = visible_merges(agent).filter(pk=merge).first() if allowed else None
    if found is None:
        raise NoSuchCustomer
    return found


def suggested(agent: Agent, words: str, number: int = 3) -> list[Customer]:
    """The first few customers found by these words, as far as `agent` may see any."""
    if not _reads(agent):
        return []
    found = first_customers(words, number)
    rows = Customer.objects.select_related("organisation").in_bulk(found)
    return [rows[key] for key in found if key in rows]


def customer_of(agent: Agent, customer: Customer) -> Customer:
    """The same for a customer at hand: the root, as it came along. Raises NoSuchCustomer."""
    if not _reads(agent):
        raise NoSuchCustomer
    return customer.merged_into or customer


def _reads(agent: Agent) -> bool:
    return any(agent.may(permission) for permission in _READERS)


@membership("customer")
def may_watch_customer(agent: Agent, key: str) -> bool:
    return visible_customers(agent).filter(pk=key).exists()
