from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.utils import OperationalError

from agents.models import Agent, Role
from foundation import clock, prepared_statements
from foundation.kept_queries import kept_query
from tests.people import minutes

pytestmark = pytest.mark.django_db
made: list[str] = []


@kept_query
def _colleagues(order: str, *, agents: tuple[UUID, ...] = (), but: UUID | None = None, since=None) -> QuerySet[Agent]:
    made.append(order)
    found = Agent.objects.filter(pk__in=agents).exclude(pk=but).prefetch_related("roles")
    if since is not None:
        found = found.filter(created_at__gte=since)
    leads = Exists(Role.objects.filter(agents=OuterRef("pk"), name="100 % lead"))
    return found.annotate(leads=leads).filter(is_active=True).order_by(order)


@pytest.fixture(autouse=True)
def _nothing_made():
    made.clear()


def test_a_kept_query_gives_what_the_query_would_and_is_built_once_for_each_shape(
    ana, ben, cleo, django_assert_num_queries
):
    ben.roles.add(Role.objects.create(name="100 % lead", permissions=[]))
    everybody = (ana.pk, ben.pk, cleo.pk)
    assert _colleagues("name", agents=everybody, but=cleo.pk) == [ana, ben]
    assert _colleagues("name", agents=everybody, but=ana.pk) == [ben, cleo]
    assert _colleagues("-name", agents=everybody, but=ana.pk) == [cleo, ben]
    assert _colleagues("name", agents=(ana.pk, ben.pk), but=ana.pk) == [ben]
    assert made == ["name", "-name", "name"]
    with django_assert_num_queries(2):
        (found,) = _colleagues("name", agents=(ana.pk, ben.pk), but=ana.pk)
        assert [role.name for role in found.roles.all()][:1]
        assert found.leads, "what is in the statement itself may have a per cent sign"


def test_as_many_values_as_fill_up_to_the_next_power_of_two_share_a_statement(ana, ben, cleo):
    assert _colleagues("username", agents=(ana.pk, ben.pk, cleo.pk)) == [ana, ben, cleo]
    assert _colleagues("username", agents=(ana.pk, ben.pk, cleo.pk, ana.pk)) == [ana, ben, cleo]
    assert made == ["username"]
    assert _colleagues("username", agents=()) == []


def test_a_moment_is_a_value_too(ana, ben):
    Agent.objects.filter(pk=ben.pk).update(created_at=clock.now() - minutes(90))
    both = {"agents": (ana.pk, ben.pk)}
    assert _colleagues("email", **both, since=clock.now() - minutes(60)) == [ana]
    assert _colleagues("email", **both, since=clock.now() - minutes(120)) == [ana, ben]


def test_what_a_query_would_remember_of_somebody_else_is_refused(ana, ben):
    mine = kept_query(lambda *, agent: Agent.objects.filter(Q(pk=agent) | Q(pk=ben.pk)))
    with pytest.raises(ValueError, match="was not given"):
        mine(agent=ana.pk)
    now = kept_query(lambda *, agent: Agent.objects.filter(pk=agent, created_at__lt=clock.now()))
    with pytest.raises(ValueError, match="was not given"):
        now(agent=ana.pk)
    disguised = kept_query(lambda *, agent: Agent.objects.annotate(text=Value(str(agent))))
    with pytest.raises(ValueError, match="as something else"):
        disguised(agent=ana.pk)
    number = kept_query(lambda *, age: Agent.objects.filter(pk=age))
    with pytest.raises(ValueError, match="not int"):
        number(age=7)


@pytest.mark.django_db(transaction=True)
def test_a_statement_outlives_a_transaction_and_is_prepared_again_on_a_new_connection(ana, ben):
    with transaction.atomic():
        assert _colleagues("job_title", agents=(ana.pk,)) == [ana]
        transaction.set_rollback(True)
    assert _colleagues("job_title", agents=(ben.pk,)) == [ben]
    connection.close()
    assert _colleagues("job_title", agents=(ben.pk,)) == [ben]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    connection.close()
    assert _colleagues("job_title", agents=(ana.pk,)) == [ana]


@pytest.mark.django_db(transaction=True)
def test_one_that_failed_at_first_is_asked_again(ana):
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 1")
        with pytest.raises(OperationalError):
            cursor.execute("SELECT pg_sleep(1)")
    slow = kept_query(lambda *, agent: Agent.objects.filter(pk=agent).extra(where=["pg_sleep(0.05) IS NOT NULL"]))
    with pytest.raises(OperationalError):
        slow(agent=ana.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    assert slow(agent=ana.pk) == [ana]
    assert slow(agent=ana.pk) == [ana]


def test_a_connection_keeps_no_more_plans_than_it_may(ana, monkeypatch):
    monkeypatch.setattr(prepared_statements, "MOST", 0)
    assert _colleagues("language", agents=(ana.pk,)) == [ana]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%language%%'")
        before = cursor.fetchone()
    assert _colleagues("language", agents=(ana.pk,)) == [ana]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%language%%'")
        assert cursor.fetchone() == before
