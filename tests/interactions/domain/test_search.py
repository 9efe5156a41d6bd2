"""What was written is found again: by its words, by whose it is, by its number; the newest first."""

import itertools
from datetime import timedelta

import pytest

from foundation import bus, spans
from interactions.channel import ThreadHint
from interactions.domain import search
from interactions.domain.assign import assign
from interactions.domain.inbox import Box, Chip, Narrowing
from interactions.domain.move import set_queue
from interactions.domain.search import Asked, find_cases, find_messages
from interactions.domain.search_box import search_box
from interactions.domain.status import set_status, set_subject
from interactions.domain.timeline import Cursor
from interactions.enums import CaseStatus
from interactions.models import Message, Queue, SearchEntry
from tests.people import A_TUESDAY, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def says(writes, tuesday):
    """`says("The lamp is broken")`: a customer writes, a minute after the last, and it is indexed."""

    def say(text: str, **fields: object) -> Message:
        tuesday.advance(minutes(1))
        message = writes(fields.pop("address", "carla@post.example"), text, **fields).message
        bus.drain()
        return message

    return say


def subjects(words: str, **asked: object) -> list[str]:
    found = find_cases(Asked(words, None, **asked))
    assert found.count == len(found.hits)
    cases = {message.case_id: message.case.subject for message in Message.objects.select_related("case")}
    return [cases[hit.id] for hit in found.hits]


@pytest.mark.parametrize(
    "words",
    ["broken", "BROKEN lamp", "the lamp is bro", "lam", "größe", "lampe-x", '"lamp is"', "lamp -sofa", "sofa or lamp"],
)
def test_all_words_of_a_message_find_its_case_also_while_the_last_is_being_typed(says, words):
    says("The lamp is broken. Größe XL, Lampe-X", subject="Lamp")
    says("The chair is here", subject="Chair")
    assert subjects(words) == ["Lamp"]


@pytest.mark.parametrize("line", ["-" * 36, "- " * 80, "-(" * 60, "-|-" * 50, "--"])
def test_a_pasted_line_of_hyphens_breaks_no_search_and_hides_nothing(says, line):
    says("The lamp is broken", subject="Lamp")
    assert subjects(f"{line} lamp") == ["Lamp"]
    assert subjects(f"lamp {line}") == ["Lamp"]


@pytest.mark.parametrize(
    "words", ["lamp chair", "amp", "la", "brok lamp", "lamp -broken", '"broken lamp"', "!", "", "-"]
)
def test_what_no_message_has_finds_nothing(says, words):
    says("The lamp is broken", subject="Lamp")
    says("The chair is here", subject="Chair")
    assert subjects(words) == []


def test_the_case_whose_newest_matching_message_is_newest_comes_first(says):
    first = says("The lamp is broken", subject="First")
    says("The lamp is dark", subject="Second")
    says("Never mind", thread=ThreadHint(case=first.case_id, proven=True, by="token"))
    assert subjects("lamp") == ["Second", "First"]
    says("That lamp again", thread=ThreadHint(case=first.case_id, proven=True, by="token"))
    assert subjects("lamp") == ["First", "Second"]
    hit = find_cases(Asked("lamp", None)).hits[0]
    assert Message.objects.get(pk=hit.message).text == "That lamp again"


def test_a_number_finds_the_case_and_the_messages_that_speak_of_it(says):
    case = says("Hello", subject="One").case
    says(f"As in {case.number}, please", subject="Other")
    assert set(subjects(str(case.number))) == {"One", "Other"}
    assert "One" in subjects(f"#{case.number}")


def test_a_sender_is_found_by_name_and_address_and_a_persons_cases_whatever_they_say(says, carla):
    says("Hello", subject="Hers", name="Carla Nyström")
    says("Hello", subject="His", address="dev@mail.example")
    assert subjects("nyström carla") == subjects("carla@post.example") == ["Hers"]
    assert subjects("nobody said this", persons=[carla.pk]) == ["Hers"]


def test_a_new_subject_is_found_and_a_moved_case_by_those_of_its_new_queue_alone(says, ana, cleo, returns):
    case = says("The lamp is broken", subject="Lamp").case
    set_subject(case.pk, "Zebra", agent=ana)
    bus.drain()
    assert [hit.subject for hit in search_box(ana, Box.ALL, "zebra").cases] == ["Zebra"]
    assert search_box(cleo, Box.ALL, "zebra").count == 0
    set_queue(case.pk, returns, agent=ana)
    bus.drain()
    assert search_box(ana, Box.ALL, "zebra").count == 0
    assert [hit.subject for hit in search_box(cleo, Box.ALL, "lamp").cases] == ["Zebra"]


def test_boxes_and_chips_narrow_what_is_found(says, ana, ben, orders):
    hers, his, done, _ = (says("The lamp", subject=name).case for name in ("hers", "his", "done", "free"))
    assign(hers.pk, ana)
    assign(his.pk, ben)
    assign(done.pk, ana)
    set_status(done.pk, CaseStatus.RESOLVED, agent=ana)

    def names(box: Box, *chips: Chip) -> set[str]:
        page = search_box(ana, box, "lamp", Narrowing(chips, orders if Chip.WAITING in chips else None))
        assert page.count == len(page.cases)
        return {case.subject for case in page.cases}

    assert names(Box.ALL) == {"hers", "his", "done", "free"}
    assert names(Box.QUEUES) == {"hers", "his", "free"}
    assert names(Box.MINE) == {"hers"}
    assert names(Box.MINE, Chip.FINISHED) == names(Box.ALL, Chip.FINISHED) == {"done"}
    assert names(Box.ALL, Chip.UNOWNED) == {"free"}
    assert names(Box.ALL, Chip.UNANSWERED) == {"hers", "his", "free"}
    assert names(Box.QUEUES, Chip.WAITING) == {"free"}
    assert names(Box.ALL, Chip.UNOWNED, Chip.FINISHED) == set()


def test_who_sees_no_queue_finds_nothing_and_an_agent_of_many_queues_all_of_theirs(says, ana, agent_role, orders):
    says("The lamp", subject="Lamp")
    others = [Queue(name=f"Queue {n}", brand=orders.brand, calendar=orders.calendar) for n in range(10)]
    ana.queues.add(*Queue.objects.bulk_create(others))
    assert search_box(ana, Box.ALL, "lamp").count == 1
    ana.queues.clear()
    assert search_box(ana, Box.ALL, "lamp").count == 0


@pytest.fixture
def years_of_mail(writes, tuesday):
    """Sixty cases over two years; every message has "lamp", every third "sofa", one "zebra"."""
    for number in range(60):
        tuesday.moment = A_TUESDAY - timedelta(days=12 * (60 - number))
        text = f"lamp {'sofa' if number % 3 == 0 else ''} {'zebra' if number == 2 else ''}"
        message = writes(f"customer{number}@post.example", text, subject=f"Case {number}").message
        if number % 5 == 0:
            tuesday.advance(minutes(60 * 24 * 30))
            writes(
                f"customer{number}@post.example", text, thread=ThreadHint(case=message.case_id, proven=True, by="token")
            )
    tuesday.moment = A_TUESDAY
    bus.drain()


@pytest.fixture
def in_small_looks(monkeypatch):
    def newest(_model, _moment, _number):
        since = Message.objects.order_by("-occurred_at").values_list("occurred_at", flat=True)[4]
        return spans.Newest(since, number=4, rows=1_000_000, read_at=A_TUESDAY)

    monkeypatch.setattr(search.spans, "newest", newest)


def test_looking_back_step_by_step_finds_the_same_as_looking_at_everything(years_of_mail, subtests, request):
    asked = [(find, words) for find in (find_cases, find_messages) for words in WORDS]
    everything = {each: each[0](Asked(each[1], None), size=200) for each in asked}
    request.getfixturevalue("in_small_looks")
    for (find, words), limit in itertools.product(asked, (3, 1_000)):
        with subtests.test(find=find.__name__, words=words, limit=limit):
            page, whole = find(Asked(words, None), size=7, limit=limit), everything[find, words]
            assert list(page.hits) == list(whole.hits)[:7]
            assert page.count == whole.count or limit < page.count <= whole.count
            assert page.more == (whole.count > 7)


WORDS = ["lamp", "sofa", "zebra", "lam", "lamp sof", "nobody"]


def test_pages_follow_each_other_without_gap_or_double(years_of_mail, in_small_looks):
    seen = []
    before = None
    while True:
        page = find_cases(Asked("lamp", None), before=before, size=7)
        assert page.count == 60
        seen += page.hits
        if not page.more:
            break
        before = Cursor.parse(str(page.hits[-1].place))
    assert len({hit.id for hit in seen}) == len(seen) == 60
    assert seen == sorted(seen, key=lambda hit: (hit.at, hit.id), reverse=True)


def test_a_message_dated_in_the_future_stands_where_it_came_in(says, tuesday, writes):
    says("The lamp is broken", subject="Lamp")
    message = writes("dev@mail.example", "That lamp", subject="Tomorrow").message
    Message.objects.filter(pk=message.pk).update(occurred_at=A_TUESDAY + timedelta(days=400))
    bus.drain()
    assert SearchEntry.objects.get(message=message).at <= A_TUESDAY + minutes(5)
    assert subjects("lamp") == ["Tomorrow", "Lamp"]
