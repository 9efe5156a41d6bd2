import pytest

from foundation import bus, storage, streams
from interactions.domain.access import (
    access_attachment,
    access_case,
    access_delivery,
    access_message,
    visible_cases,
    visible_interactions,
    visible_messages,
    visible_queues,
)
from interactions.domain.assign import assign
from interactions.domain.draft import attach, own_draft
from interactions.domain.inbox import Box, Chip, Narrowing, box_counts, list_cases
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.domain.search import Asked, find_cases
from interactions.domain.search_box import search_box
from interactions.domain.timeline import customer_timeline
from interactions.enums import DraftKind
from interactions.errors import NotAllowed
from interactions.models import Assignment
from tests.paper_channel import paper_channel
from tests.people import make_agent

pytestmark = pytest.mark.django_db


def test_an_agent_sees_the_cases_of_its_queues_and_no_others(carlas_case, ana, cleo):
    assert list(visible_cases(ana)) == [carlas_case]
    assert access_case(ana, carlas_case.pk) == carlas_case
    assert list(visible_cases(cleo)) == []
    assert list(visible_messages(cleo)) == list(visible_interactions(cleo)) == []
    for door, row in ((access_case, carlas_case), (access_message, carlas_case.messages.get())):
        with pytest.raises(NotAllowed):
            door(cleo, row.pk)


def test_a_supervisor_sees_the_queues_of_the_teams_and_an_administrator_all(carlas_case, sol, ada, returns, writes):
    elsewhere = writes("dev@mail.example", queue=returns.pk).message.case
    assert set(visible_cases(sol)) == {carlas_case}
    assert set(visible_cases(ada)) == {carlas_case, elsewhere}
    assert [queue.name for queue in visible_queues(sol)] == ["Orders"]


def test_who_has_left_sees_nothing(carlas_case, ana):
    ana.is_active = False
    ana.save()
    ana.__dict__.pop("permissions", None)
    assert list(visible_cases(ana)) == []


def test_lists_counts_and_search_show_only_what_is_visible(carlas_case, ana, cleo):
    bus.drain()
    for words in ("order", f"#{carlas_case.number}", "carla@post.example"):
        assert list(search_box(ana, Box.ALL, words, persons=[carlas_case.customer_id]).cases) == [carlas_case]
        hidden = search_box(cleo, Box.ALL, words, persons=[carlas_case.customer_id])
        assert (list(hidden.cases), hidden.count) == ([], 0)
    assert list(list_cases(ana, Box.QUEUES).cases) == [carlas_case]
    assert box_counts(ana) == {Box.MINE: 0, Box.QUEUES: 1, Box.ALL: 1}
    assert box_counts(cleo) == {Box.MINE: 0, Box.QUEUES: 0, Box.ALL: 0}


def test_a_customers_story_leaves_out_what_the_reader_may_not_see(carlas_case, ana, cleo, returns, writes):
    writes("carla@post.example", "A chair is broken", queue=returns.pk)
    customer = carlas_case.customer_id
    assert [m.text for m in customer_timeline(ana, customer).messages] == ["Where is my order?"]
    assert [m.text for m in customer_timeline(cleo, customer).messages] == ["A chair is broken"]


def test_an_attachment_is_for_those_who_see_its_case_and_a_drafts_file_for_its_writer(carlas_case, ana, ben, cleo):
    stored = storage.store(b"%PDF-1.4")
    mine = attach(own_draft(carlas_case, ana, DraftKind.REPLY), stored, "offer.pdf")
    assert access_attachment(ana, mine.pk) == mine
    for other in (ben, cleo):
        with pytest.raises(NotAllowed):
            access_attachment(other, mine.pk)
    mine.draft, mine.message = None, carlas_case.messages.get()
    mine.save()
    assert access_attachment(ben, mine.pk) == mine
    with pytest.raises(NotAllowed):
        access_attachment(cleo, mine.pk)


def test_nobody_listens_to_a_case_that_is_not_theirs(carlas_case, ana, cleo, orders):
    assert streams.may_listen(ana, f"case.{carlas_case.pk}")
    assert not streams.may_listen(cleo, f"case.{carlas_case.pk}")
    assert not streams.may_listen(cleo, f"queue.{orders.pk}")
    assert not streams.may_listen(ana, "case.nonsense")


def test_a_case_is_not_given_to_somebody_who_may_not_see_it(carlas_case, ana, cleo):
    with pytest.raises(NotAllowed):
        assign(carlas_case.pk, cleo, by=ana)
    carlas_case.refresh_from_db()
    assert carlas_case.owner is None
    assert not Assignment.objects.exists()


def test_a_delivery_of_a_foreign_case_is_out_of_reach(carlas_case, ana, cleo):
    with paper_channel():
        to = Recipients(to=[{"name": "", "address": "carla@post.example"}])
        message = reply(carlas_case.pk, channel="paper", recipients=to, html="Hi", author=ana)
    assert access_delivery(ana, message.delivery.pk).message == message
    with pytest.raises(NotAllowed):
        access_delivery(cleo, message.delivery.pk)


def test_a_role_without_work_opens_no_queue(carlas_case, orders, agent_role):
    agent_role.permissions = ["knowledge.write"]
    agent_role.save()
    author = make_agent("kit", agent_role)
    orders.members.add(author)
    assert list(visible_cases(author)) == []


@pytest.mark.parametrize("items", [1, 3])
def test_a_list_costs_the_same_for_one_case_and_for_three(items, writes, ana, django_assert_num_queries):
    for number in range(items):
        writes(f"customer{number}@post.example")
    fresh = type(ana).objects.get(pk=ana.pk)
    with django_assert_num_queries(1):  # cases with customer, queue, its calendar and owner
        page = list_cases(fresh, Box.QUEUES)
        assert len(page.cases) == items
        for case in page.cases:
            assert (case.customer.name, case.queue.calendar.name, case.owner, case.promised) is not None


def test_pages_follow_each_other_without_gap_or_double(writes, ana, tuesday):
    cases = [writes(f"customer{number}@post.example").message.case for number in range(5)]
    first = list_cases(ana, Box.ALL, size=2)
    second = list_cases(ana, Box.ALL, size=2, before=first.older)
    third = list_cases(ana, Box.ALL, size=2, before=second.older)
    assert third.older is None
    seen = [case.pk for page in (first, second, third) for case in page.cases]
    assert sorted(seen) == sorted(case.pk for case in cases)
    assert len(set(seen)) == 5


@pytest.mark.parametrize(
    ("chip", "found"), [(Chip.UNANSWERED, True), (Chip.WAITING, False), (Chip.UNOWNED, True), (Chip.FINISHED, False)]
)
def test_chips_narrow_a_list(carlas_case, ana, chip, found):
    assert (carlas_case in list_cases(ana, Box.ALL, Narrowing([chip])).cases) is found


@pytest.mark.parametrize("query", ["nobody wrote this", "\x00", "'; drop table", "a:b & !", '"unbalanced', "999999"])
def test_any_words_may_be_searched_for(carlas_case, query):
    bus.drain()
    assert find_cases(Asked(query, None)).count in {0, 1}
