"""The doors to customers: one record that every employee who works with cases sees."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from agents.enums import Permission
from agents.models import Agent
from customers.errors import NoSuchCustomer
from customers.models import Customer
from foundation.streams import membership

_READERS = (Permission.WORK_CASES, Permission.SUPERVISE_TEAMS, Permission.SEE_ALL_CASES, Permission.ADMINISTER)


def visible_customers(agent: Agent) -> QuerySet[Customer]:
    if any(agent.may(permission) for permission in _READERS):
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


@membership("customer")
def may_watch_customer(agent: Agent, key: str) -> bool:
    return visible_customers(agent).filter(pk=key).exists()
