import pytest

from agents.domain.presence import set_presence
from agents.enums import PresenceStatus
from customers.domain.edit import change_customer
from foundation import bus, streams
from interactions.channel import ThreadHint
from interactions.domain.assign import assign
from interactions.domain.move import set_queue
from interactions.domain.note import add_note
from interactions.domain.status import set_status
from interactions.enums import CaseStatus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def moved():
    """`moved(case, "case.…")`: how far each stream went on while something was done."""

    def watch(act, *names):
        bus.drain(raising=False)
        before = streams.latest(names)
        act()
        bus.drain(raising=False)
        after = streams.latest(names)
        return [after[name] > before[name] for name in names]

    return watch


def test_a_customers_message_reaches_the_screens_of_its_case_queue_and_customer(moved, carlas_case, writes, returns):
    names = (f"case.{carlas_case.pk}", f"queue.{carlas_case.queue_id}", f"customer.{carlas_case.customer_id}")
    from_carla = lambda: writes("carla@post.example", thread=proof(carlas_case))  # noqa: E731 - one scene, one line
    assert moved(from_carla, *names, f"queue.{returns.pk}") == [True, True, True, False]


def test_an_owner_hears_that_a_case_came_or_went(moved, carlas_case, ana, ben):
    assert moved(lambda: assign(carlas_case.pk, ana), f"agent.{ana.pk}", f"agent.{ben.pk}") == [True, False]
    assert moved(lambda: assign(carlas_case.pk, ben), f"agent.{ana.pk}", f"agent.{ben.pk}") == [True, True]


def test_a_moved_case_leaves_the_lists_of_its_old_queue_too(moved, carlas_case, orders, returns):
    move = lambda: set_queue(carlas_case.pk, returns)  # noqa: E731 - one scene, one line
    assert moved(move, f"queue.{orders.pk}", f"queue.{returns.pk}") == [True, True]


def test_notes_presence_and_corrections_are_told(moved, carlas_case, ana, carla):
    assert moved(lambda: add_note(carlas_case.pk, author=ana, html="<p>x</p>"), f"case.{carlas_case.pk}") == [True]
    assert moved(lambda: set_presence(ana, PresenceStatus.AVAILABLE), f"agent.{ana.pk}") == [True]
    change = lambda: change_customer(carla.pk, {"language": "sv"}, agent=ana.pk)  # noqa: E731 - one scene, one line
    assert moved(change, f"customer.{carla.pk}") == [True]


def test_a_new_name_reaches_the_lists_in_which_unfinished_cases_stand_by_it(
    moved, carlas_case, carla, ana, ben, orders, returns
):
    assign(carlas_case.pk, ana)
    names = f"queue.{orders.pk}", f"agent.{ana.pk}", f"queue.{returns.pk}", f"agent.{ben.pk}"
    rename = lambda name: lambda: change_customer(carla.pk, {"name": name}, agent=ana.pk)  # noqa: E731 - one scene
    assert moved(rename("Carla Berg"), *names) == [True, True, False, False]
    set_status(carlas_case.pk, CaseStatus.RESOLVED, agent=ana)
    assert moved(rename("Carla Holm"), *names) == [False] * 4


def proof(case):
    return ThreadHint(case=case.pk, proven=True, by="token")
