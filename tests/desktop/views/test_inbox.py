import pytest
from django.urls import reverse

from foundation import bus
from interactions.domain.assign import assign
from interactions.domain.status import set_status
from interactions.enums import CaseStatus
from routing.domain.answer import accept
from routing.models import Offer
from tests.people import minutes

pytestmark = pytest.mark.django_db
CASES = reverse("desktop:cases")


def subjects(response) -> list[str]:
    return [line.subject for line in response.context["inbox"].lines]


def test_who_is_not_signed_in_is_asked_to_and_a_fragment_says_so_instead_of_showing_the_form(client):
    assert client.get(CASES).headers["Location"].startswith(reverse("account_login"))
    assert client.get(CASES, headers={"HX-Request": "true"}).status_code == 401


def test_somebody_without_the_right_to_work_cases_gets_nothing(desk_of, carlas_case, ana):
    ana.roles.clear()
    response = desk_of(ana).get(CASES)
    assert response.status_code == 403
    assert "My order" not in response.content.decode()


def test_a_place_before_all_time_is_no_place(at_anas_desk, carlas_case):
    place = f"0001-01-01T00:00:00+23:59_{carlas_case.pk}"
    assert at_anas_desk.get(CASES, {"box": "queues", "before": place}).status_code == 200
    timeline = reverse("desktop:timeline", args=[carlas_case.pk])
    assert at_anas_desk.get(timeline, {"before": place}).status_code == 200


def test_mine_shows_what_i_own_and_queues_what_my_queues_hold(at_anas_desk, ana, ben, writes):
    hers = writes("carla@post.example", subject="Hers").message.case
    his = writes("dev@mail.example", subject="His").message.case
    assign(hers.pk, ana)
    assign(his.pk, ben)
    writes("zoe@angstrom.example", subject="Nobody's")
    assert subjects(at_anas_desk.get(CASES)) == ["Hers"]
    assert subjects(at_anas_desk.get(CASES, {"box": "queues"})) == ["Nobody's", "His", "Hers"]
    assert subjects(at_anas_desk.get(CASES, {"box": "queues", "chip": "unowned"})) == ["Nobody's"]


def test_an_outsider_sees_the_case_in_no_list_no_search_and_no_count(desk_of, cleo, carlas_case):
    bus.drain()
    desk = desk_of(cleo)
    for asked in ({"box": "queues"}, {"box": "all"}, {"box": "all", "q": str(carlas_case.number)}, {"q": "order"}):
        page = desk.get(CASES, asked)
        assert subjects(page) == []
        assert page.context["inbox"].count == "0"
        assert "Carla" not in page.content.decode()
    assert {item.count for item in desk.get(CASES).context["shell"].rail.items} == {""}


def test_an_empty_desk_invites_to_be_available_until_one_is(at_anas_desk, ana, at_work):
    assert "Be available" in at_anas_desk.get(CASES).content.decode()
    at_work(ana)
    assert "Be available" not in at_anas_desk.get(CASES).content.decode()


def narrowed(desk, by: str = "", place: str = CASES, **asked: str):
    """As htmx asks when a chip is pressed (or, `by` an element's id, by that) while the page shows `place`."""
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{place}"}
    return desk.get(CASES, asked, headers=headers | ({"HX-Trigger": by} if by else {})).headers


def test_a_narrowed_list_is_in_the_address_and_stands_beside_the_next_case(at_anas_desk, ana, carlas_case):
    address = f"{CASES}?box=queues&chip=unanswered"
    assert narrowed(at_anas_desk, box="queues", chip="unanswered")["HX-Push-Url"] == address
    assert at_anas_desk.session["inbox"] == address
    typed = narrowed(at_anas_desk, by="inbox-find", box="queues", q="sofa")
    assert typed["HX-Replace-Url"] == f"{CASES}?box=queues&q=sofa"
    assert "HX-Push-Url" not in typed
    assert at_anas_desk.session["inbox"] == address, "what was looked for is not looked for again beside a case"


def test_an_address_of_the_page_that_is_none_gives_the_list_all_the_same(at_anas_desk, carlas_case):
    answer = at_anas_desk.get("/cases/?box=all", headers={"HX-Request": "true", "HX-Current-URL": "http://["})
    assert carlas_case.subject in answer.content.decode()


def test_a_refresh_and_a_list_beside_an_open_case_leave_the_address_alone(at_anas_desk, carlas_case):
    case = reverse("desktop:case", args=[carlas_case.pk])
    for headers in (
        narrowed(at_anas_desk, by="inbox", box="queues"),
        narrowed(at_anas_desk, place=case, box="queues", chip="unanswered"),
    ):
        assert not {"HX-Push-Url", "HX-Replace-Url"} & set(headers)


def test_who_is_available_with_full_hands_is_told_why_nothing_comes(at_anas_desk, ana, ben, at_work, writes):
    at_work(ana)
    cases = []
    for number in range(3):
        cases.append(writes(f"guest{number}@post.example").message.case)
        bus.drain()
        assert at_anas_desk.get(CASES).context["inbox"].full == ""
        accept(Offer.objects.open().get().pk, ana)
    assert "You have 3 mails in hand" in at_anas_desk.get(CASES).content.decode()
    assert at_anas_desk.get(CASES, {"box": "queues"}).context["inbox"].full == ""
    set_status(cases[0].pk, CaseStatus.RESOLVED, agent=ana)
    assert at_anas_desk.get(CASES).context["inbox"].full == ""


def test_a_supervisor_sees_the_queues_of_the_team(desk_of, sol, carlas_case):
    assert subjects(desk_of(sol).get(CASES, {"box": "all"})) == ["My order"]


def test_search_finds_a_word_of_a_reply_and_offers_all_cases_where_a_box_has_none(at_anas_desk, carlas_case):
    bus.drain()
    found = at_anas_desk.part(CASES, box="all", q="where")
    assert subjects(found) == ["My order"]
    nothing = at_anas_desk.part(CASES, box="mine", q="where")
    assert subjects(nothing) == []
    assert "Search all cases" in nothing.content.decode()


def test_a_long_list_goes_on_where_the_last_page_ended(tuesday, at_anas_desk, writes):
    for number in range(35):
        tuesday.advance(minutes(1))
        writes("carla@post.example", subject=f"Case {number}")
    first = at_anas_desk.part(CASES, box="all")
    assert subjects(first)[0] == "Case 34"
    assert len(subjects(first)) == 20
    rest = at_anas_desk.get(first.context["inbox"].more_url, headers={"HX-Request": "true"})
    assert subjects(rest) == [f"Case {number}" for number in range(14, -1, -1)]
    assert "inbox-head" not in rest.content.decode()
    assert rest.context["inbox"].more_url == ""


def test_what_is_found_often_is_shown_at_once_and_counted_afterwards(
    tuesday, at_anas_desk, desk_of, cleo, writes, monkeypatch
):
    for number in range(25):
        tuesday.advance(minutes(1))
        writes("carla@post.example", "Where is the lamp?", subject=f"Case {number}")
    bus.drain()
    monkeypatch.setattr("interactions.domain.search.FIRST_LOOK", 22)
    page = at_anas_desk.part(CASES, box="all", q="lamp")
    assert subjects(page)[0] == "Case 24"
    assert page.context["inbox"].count == "", "the newest messages had enough to show, and no more was looked at"
    counted = at_anas_desk.get(page.context["inbox"].count_url, headers={"HX-Request": "true"})
    assert ">25</span>" in counted.content.decode()
    assert "case-line" not in counted.content.decode()
    hidden = desk_of(cleo).get(page.context["inbox"].count_url, headers={"HX-Request": "true"})
    assert ">0</span>" in hidden.content.decode()


def test_a_refreshed_list_keeps_as_many_rows_as_were_loaded(at_anas_desk, writes):
    for number in range(33):
        writes("carla@post.example", subject=f"Case {number}")
    assert len(subjects(at_anas_desk.part(CASES, box="all", shown=33))) == 33


def test_an_address_that_cannot_be_read_gives_the_plain_list(at_anas_desk, carlas_case):
    page = at_anas_desk.get(CASES, {"box": "all", "chip": "nonsense", "queue": "x", "before": "yesterday"})
    assert page.status_code == 200
    assert at_anas_desk.get(CASES, {"box": "nonsense"}).context["inbox"].title == "My cases"


def test_a_finished_case_says_so_and_an_unanswered_one_shows_its_target(at_anas_desk, ana, writes):
    done = writes("carla@post.example", subject="Done").message.case
    set_status(done.pk, CaseStatus.RESOLVED, agent=ana)
    writes("dev@mail.example", subject="Open")
    open_one, finished = at_anas_desk.get(CASES, {"box": "all"}).context["inbox"].lines
    assert open_one.ring is not None
    assert open_one.status is None
    assert finished.ring is None
    assert finished.status.label == "Resolved"


@pytest.mark.parametrize("box", ["mine", "queues", "all"])
def test_three_cases_cost_as_many_queries_as_one(at_anas_desk, ana, writes, django_assert_num_queries, box):
    def one_more(name):
        assign(writes(f"{name}@post.example", subject=name).message.case.pk, ana)

    one_more("first")
    at_anas_desk.part(CASES, box=box)
    with django_assert_num_queries(7 if box == "all" else 8):
        assert len(subjects(at_anas_desk.part(CASES, box=box))) == 1
    one_more("second")
    one_more("third")
    with django_assert_num_queries(7 if box == "all" else 8):
        assert len(subjects(at_anas_desk.part(CASES, box=box))) == 3
