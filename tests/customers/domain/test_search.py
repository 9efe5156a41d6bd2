"""Somebody types three characters and sees whom they mean."""

import random
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import transaction

from customers.domain import search
from customers.domain.edit import add_identity, change_customer, remove_identity
from customers.domain.search import Place, find_customers, first_customers, persons
from customers.enums import IdentityKind
from customers.models import Customer, Identity, SearchKey
from foundation import spans
from tests.api_client import api_of
from tests.interactions.domain.test_receive import in_threads
from tests.people import A_TUESDAY, make_customer, minutes


def found(words: str) -> list[str]:
    page = find_customers(words)
    names = dict(Customer.objects.values_list("pk", "name"))
    assert page.count == len(page.places)
    return [names[place.id] for place in page.places]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        "nys",
        "strö",
        "STRO",
        "CARLA",
        "carla nys",
        "nyström carla",
        "rla@po",
        "post.ex",
        "carla@post.example",
        "a@p",
        "c",
    ],
)
def test_any_part_of_a_name_or_an_address_finds(carla, dev, words):
    assert found(words) == ["Carla Nyström"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    ["zqx", "carla patel", "nyström@", "", " ", "\x00", "%", "___", "\\", "'; drop", "^car", "(", "🙂", "ä" * 300],
)
def test_what_is_no_part_of_anything_finds_nobody(carla, dev, words):
    assert found(words) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Åsa Strauß", "asa strauss"),
        ("Søren Łuczak", "soren luc"),
        ("Ægir Þórsson", "aegir thor"),
        ("Nguyễn Văn", "nguyen"),
        ("Renée O'Neill", "o'nei"),
        ("Renée O'Neill", "neill"),
        ("Ayşe Yılmaz", "yilmaz"),
        ("李 小龙", "小龙"),
        ("Иван Петров", "петр"),
    ],
)
def test_letters_are_found_with_and_without_their_marks(name, words):
    make_customer("Dev Patel", "dev@mail.example")
    make_customer(name, "somebody@post.example")
    assert found(words) == [name]
    assert found(name) == [name]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        "+46701234567", "0046701234567", "0701234567", "070-123 45 67", "+46 (0)70-123 45 67", "0046 70 123", "46701",
        "070", "4567", "+46 70", "70/1234567", "carla 0701",
    ],
)  # fmt: skip
def test_a_number_is_found_in_any_notation(carla, dev, words):
    add_identity(carla.pk, IdentityKind.PHONE, "+46701234567", agent=None)
    add_identity(dev.pk, IdentityKind.PHONE, "+4915198765432", agent=None)
    assert found(words) == ["Carla Nyström"]


@pytest.mark.django_db
def test_the_national_form_follows_from_the_length_of_the_country_code(carla):
    for number in ("+12025550123", "+358401112233", "+447700900123"):
        add_identity(carla.pk, IdentityKind.PHONE, number, agent=None)
    for national in ("02025550123", "0401112233", "07700900123"):
        assert found(national) == ["Carla Nyström"]


@pytest.mark.django_db
def test_who_begins_with_it_comes_before_who_has_it_inside_and_the_newest_first_of_each(tuesday):
    for name in ("Bertil Ek", "Robert Ask", "Berta Dahl", "Albert Lund"):
        make_customer(name, f"{name.split()[1].lower()}@post.example")
        tuesday.advance(minutes(1))
    assert found("bert") == ["Berta Dahl", "Bertil Ek", "Albert Lund", "Robert Ask"]


@pytest.mark.django_db
def test_a_name_is_found_as_it_is_now_and_an_address_as_long_as_it_is_there(carla):
    change_customer(carla.pk, {"name": "Carla Öberg"}, agent=None)
    assert (found("nyström"), found("oberg")) == ([], ["Carla Öberg"])
    other = add_identity(carla.pk, IdentityKind.EMAIL, "work@firm.example", agent=None)
    assert found("firm") == ["Carla Öberg"]
    remove_identity(carla.pk, other.pk, agent=None)
    assert found("firm") == []


@pytest.mark.django_db
def test_an_address_given_to_somebody_else_is_found_there_alone(carla, dev):
    Identity.objects.filter(customer=carla).update(customer=dev)
    assert found("carla@post") == ["Dev Patel"]


@pytest.mark.django_db
def test_merged_customers_are_found_as_their_root_and_apart_again_when_the_merge_is_undone(carla, dev):
    dev.merged_into = carla
    dev.save()
    assert found("patel") == found("dev@mail") == found("carla patel") == ["Carla Nyström"]
    add_identity(dev.pk, IdentityKind.PHONE, "+46701234567", agent=None)
    assert found("0701234567") == ["Carla Nyström"]
    dev.merged_into = None
    dev.save()
    assert found("0701234567") == found("patel") == ["Dev Patel"]
    assert found("carla patel") == []


@pytest.mark.django_db(transaction=True)
def test_two_who_add_an_address_at_the_same_moment_lose_neither():
    carla = make_customer("Carla Nyström", "carla@post.example")
    both_have_written = Barrier(2, timeout=20)

    def add(number: int) -> None:
        with transaction.atomic():
            Customer.objects.filter(pk=carla.pk).exists()  # each has its view of the world before the other is done
            both_have_written.wait()
            add_identity(carla.pk, IdentityKind.EMAIL, f"number{number}@firm.example", agent=None)

    _, errors = in_threads(2, add)
    assert errors == []
    assert found("number0") == found("number1") == ["Carla Nyström"]


@pytest.mark.django_db
def test_a_customer_rolled_back_leaves_no_key(carla):
    with transaction.atomic():
        make_customer("Never Was", "never@post.example")
        transaction.set_rollback(True)
    assert found("never") == []
    assert SearchKey.objects.count() == 1


def many(tuesday) -> None:
    """Sixty customers over two years, a third of whom begin with it, a third have it inside."""
    chance = random.Random(1)
    for number in range(60):
        tuesday.moment = A_TUESDAY - timedelta(days=12 * (60 - number), hours=chance.randint(0, 20))
        make_customer(f"{('Berta', 'Robert', 'Nils')[number % 3]} Nr {number}", f"x{number}@post.example")
    tuesday.moment = A_TUESDAY


@pytest.fixture
def in_small_looks(monkeypatch):
    """The newest four customers are looked at first, as if they were the newest of a million."""

    def newest(_model, _moment, _number):
        since = Customer.objects.order_by("-created_at").values_list("created_at", flat=True)[4]
        return spans.Newest(since, number=4, rows=1_000_000, read_at=A_TUESDAY)

    monkeypatch.setattr(search.spans, "newest", newest)


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["bert", "nils", "nr 5", "post", "nobody", "b"])
@pytest.mark.parametrize("limit", [3, 1_000])
def test_looking_back_step_by_step_finds_the_same_as_looking_at_everything(tuesday, monkeypatch, words, limit, request):
    many(tuesday)
    everything = find_customers(words, size=100)
    request.getfixturevalue("in_small_looks")
    page = find_customers(words, size=7, limit=limit)
    assert list(page.places) == list(everything.places)[:7]
    assert page.more == (len(everything.places) > 7)
    for few in (1, 3, 7):
        assert first_customers(words, few) == [place.id for place in everything.places][:few]
    assert page.count == everything.count or limit < page.count <= everything.count


@pytest.mark.django_db
def test_pages_follow_each_other_without_gap_or_double(tuesday, in_small_looks):
    many(tuesday)
    seen: list[Place] = []
    before = None
    while True:
        page = find_customers("bert", before=before, size=7)
        assert page.count == 40
        seen += page.places
        if not page.more:
            break
        before = Place.parse(str(page.places[-1]))
    assert [place.begins for place in seen] == [True] * 20 + [False] * 20
    assert len({place.id for place in seen}) == 40


@pytest.mark.parametrize("text", ["", "x", "b_2026_x", "q_2026-03-10T09:00:00+00:00_0", "b_2026-03-10_x", "b_a_b_c"])
def test_a_place_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        Place.parse(text)


@pytest.mark.django_db
def test_persons_are_those_of_exactly_this_name_address_or_number(carla, dev):
    add_identity(dev.pk, IdentityKind.PHONE, "+46701234567", agent=None)
    make_customer("Carla Nyströms", "other@post.example")
    assert persons("carla nyström") == persons("Carla@Post.example") == [carla.pk]
    assert persons("070-123 45 67") == persons("+46 70 1234567") == [dev.pk]
    assert persons("carla") == persons("nyström c") == persons("@post") == []
    carla.merged_into = dev
    carla.save()
    assert set(persons("carla@post.example")) == {carla.pk, dev.pk}


@pytest.mark.django_db
def test_the_api_finds_page_by_page_and_nothing_for_who_may_not_read_customers(tuesday, ana, agent_role):
    many(tuesday)
    client = api_of(ana)
    first = client.get("/api/v1/customers/", {"search": "bert", "page_size": 15}).json()
    assert (first["count"], len(first["results"])) == (40, 15)
    rows = list(first["results"])
    while first["next"]:
        first = client.get(first["next"]).json()
        rows += first["results"]
    assert [row["name"].split()[0] for row in rows] == ["Berta"] * 20 + ["Robert"] * 20
    assert client.get("/api/v1/customers/", {"search": "bert", "cursor": "nowhere"}).status_code == 404
    agent_role.permissions = []
    agent_role.save()
    assert client.get("/api/v1/customers/", {"search": "bert"}).json() == {"count": 0, "next": None, "results": []}
