"""The cast. Ana and Ben answer Orders, Cleo answers Returns; Sol supervises Ana's team; Ada administers. Carla, Dev and
Zoë are customers of Nordhem, a furniture shop; Mallory is nobody's friend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

from agents.domain.presence import set_presence
from agents.enums import Permission, PresenceStatus
from agents.models import Agent, Role, Team
from brands.models import Brand, Way
from customers.domain.identify import identify
from customers.enums import IdentityKind
from customers.models import Customer
from foundation import clock
from foundation.calendar.models import Calendar, OpenInterval
from interactions.channel import Contact, InboundMessage
from interactions.domain.receive import Received, receive
from interactions.models import Case, Queue

PASSWORD = "correct horse battery"
A_TUESDAY = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def tuesday():
    """Time stands at ten on a Tuesday morning in Stockholm, until a scene moves it."""
    with clock.stopped_at(A_TUESDAY) as stopped:
        yield stopped


def make_agent(username: str, role: Role, **fields: object) -> Agent:
    agent = Agent.objects.create_user(
        username, f"{username}@nordhem.example", PASSWORD, name=str(fields.pop("name", username.title())), **fields
    )
    agent.roles.add(role)
    return agent


@pytest.fixture
def agent_role(db) -> Role:
    return Role.objects.create(name="Agent", permissions=[Permission.WORK_CASES, Permission.EDIT_CUSTOMERS])


@pytest.fixture
def weekdays(db) -> Calendar:
    """Monday to Friday, nine to five in Stockholm, Swedish holidays."""
    calendar = Calendar.objects.create(name="Weekdays", time_zone="Europe/Stockholm", holiday_country="SE")
    for weekday in range(5):
        OpenInterval.objects.create(calendar=calendar, weekday=weekday, starts=time(9), ends=time(17))
    return calendar


@pytest.fixture
def nordhem(weekdays) -> Brand:
    brand = Brand.objects.create(name="Nordhem", greeting="Hello", sign_off="Kind regards, Nordhem")
    Way.objects.create(brand=brand, kind="phone", address="+46 8 123 45 67", calendar=weekdays)
    return brand


@pytest.fixture
def orders(nordhem, weekdays) -> Queue:
    return Queue.objects.create(name="Orders", brand=nordhem, calendar=weekdays)


@pytest.fixture
def returns(nordhem, weekdays) -> Queue:
    return Queue.objects.create(name="Returns", brand=nordhem, calendar=weekdays)


@pytest.fixture
def ana(agent_role, orders) -> Agent:
    agent = make_agent("ana", agent_role, name="Ana Lindqvist", job_title="Customer service")
    orders.members.add(agent)
    return agent


@pytest.fixture
def ben(agent_role, orders) -> Agent:
    agent = make_agent("ben", agent_role, name="Ben Okafor")
    orders.members.add(agent)
    return agent


@pytest.fixture
def cleo(agent_role, returns) -> Agent:
    """Works in another queue than Ana: the outsider of every scene about rights."""
    agent = make_agent("cleo", agent_role, name="Cleo Marchetti")
    returns.members.add(agent)
    return agent


@pytest.fixture
def sol(ana) -> Agent:
    role = Role.objects.create(
        name="Supervisor",
        permissions=[
            *(Permission.WORK_CASES, Permission.SUPERVISE_TEAMS),
            *(Permission.EDIT_CUSTOMERS, Permission.MERGE_CUSTOMERS),
        ],
    )
    agent = make_agent("sol", role, name="Sol Ferreira")
    team = Team.objects.create(name="Orders team")
    team.members.add(ana)
    team.supervisors.add(agent)
    return agent


@pytest.fixture
def ada(db) -> Agent:
    return Agent.objects.create_superuser("ada", "ada@nordhem.example", PASSWORD, name="Ada Brandt")


def make_customer(name: str, address: str) -> Customer:
    return identify(IdentityKind.EMAIL, address, name=name).customer


@pytest.fixture
def carla(db) -> Customer:
    return make_customer("Carla Nyström", "carla@post.example")


@pytest.fixture
def dev(db) -> Customer:
    return make_customer("Dev Patel", "dev@mail.example")


@pytest.fixture
def at_work() -> Callable[..., None]:
    """`at_work(ana, ben)`: they are available from now on."""

    def go(*agents: Agent) -> None:
        for agent in agents:
            set_presence(agent, PresenceStatus.AVAILABLE)

    return go


@pytest.fixture
def writes(orders) -> Callable[..., Received]:
    """`writes("carla@post.example", "Where is it?")`: a message from outside, as a channel hands it in."""

    def write(address: str, text: str = "Where is my order?", *, name: str = "", **fields: object) -> Received:
        fields.setdefault("queue", orders.pk)
        fields.setdefault("subject", "My order")
        fields.setdefault("external_id", str(uuid4()))
        fields.setdefault("channel", "email")
        return receive(
            InboundMessage(
                sender=Contact(address=address, name=name),
                sender_kind="email",
                received_at=clock.now(),
                text=text,
                reply_text=text,
                **fields,
            )
        )

    return write


@pytest.fixture
def carlas_case(carla, writes) -> Case:
    return writes("carla@post.example", name="Carla Nyström").message.case


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
