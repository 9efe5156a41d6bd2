import pytest

from customers.domain.identify import Asked, identify, identify_all
from customers.domain.merge import members
from customers.domain.names import person_name
from customers.enums import IdentityKind, NameSource
from customers.errors import AddressUnusable
from customers.models import Customer, Identity
from tests.interactions.domain.test_receive import in_threads


@pytest.mark.parametrize(
    ("shown", "full", "given"),
    [
        ("Zoë Ångström", "Zoë Ångström", "Zoë"),
        ("Ångström, Zoë", "Zoë Ångström", "Zoë"),
        ('"CARLA NYSTRÖM"', "Carla Nyström", "Carla"),
        ("Jean-Luc Picard (Starfleet)", "Jean-Luc Picard", "Jean-Luc"),
        ("王小明", "王小明", ""),
        ("Иван Петров", "Иван Петров", "Иван"),
        ("J. Smith", "J. Smith", ""),
    ],
)
def test_a_plausible_name_is_taken(shown, full, given):
    name = person_name(shown)
    assert name is not None
    assert (name.full, name.given) == (full, given)


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "carla@post.example",
        "Nordhem Support Team",
        "info",
        "User 123",
        "Carla",
        "<b>Bo</b> Ek",
        "Sales Office GmbH",
    ],
)
def test_what_is_not_surely_a_persons_name_is_not(shown):
    assert person_name(shown, "carla@post.example") is None


@pytest.mark.django_db
def test_a_better_name_is_learnt_later_but_a_confirmed_one_is_kept():
    first = identify(IdentityKind.EMAIL, "carla@post.example", name="carla")
    assert first.customer.name_source == NameSource.UNKNOWN
    identify(IdentityKind.EMAIL, "CARLA@post.example", name="Carla Nyström")
    identify(IdentityKind.EMAIL, "carla@post.example", name="Somebody Else")
    customer = Customer.objects.get()
    assert (customer.name, customer.given_name) == ("Carla Nyström", "Carla")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (IdentityKind.EMAIL, "Bo@Räksmörgås.example", "bo@xn--rksmrgs-5wao1o.example"),
        (IdentityKind.PHONE, "+46 70-123 45 67", "+46701234567"),
    ],
)
def test_two_spellings_of_one_address_are_one_customer(kind, one, other):
    assert identify(kind, one).customer == identify(kind, other).customer


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (IdentityKind.EMAIL, "a b@c.example"),
        (IdentityKind.EMAIL, "@"),
        (IdentityKind.PHONE, "12"),
        (IdentityKind.EMAIL, ""),
    ],
)
def test_what_is_no_address_is_refused(kind, address):
    with pytest.raises(AddressUnusable):
        identify(kind, address)
    assert Customer.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_fifty_threads_with_one_new_address_make_one_customer():
    found, errors = in_threads(50, lambda _: identify(IdentityKind.EMAIL, "new@post.example", name="New Person"))
    assert errors == []
    assert len({result.customer.pk for result in found}) == 1
    assert (Customer.objects.count(), Identity.objects.count()) == (1, 1)
    assert sum(result.created for result in found) == 1


@pytest.mark.django_db
def test_a_merged_customer_is_found_as_its_root(carla, dev):
    dev.merged_into = carla
    dev.save()
    assert identify(IdentityKind.EMAIL, "dev@mail.example").customer == carla
    assert members(carla.pk) == members(dev.pk) == [carla.pk, dev.pk]


@pytest.mark.django_db
def test_several_are_identified_at_once_and_who_asks_twice_is_one(carla, django_assert_max_num_queries):
    asked = [
        Asked(kind=IdentityKind.EMAIL, address="Carla@post.example"),
        Asked(kind=IdentityKind.EMAIL, address="new@post.example", name="new"),
        Asked(kind=IdentityKind.PHONE, address="+46701234567"),
        Asked(kind=IdentityKind.EMAIL, address="NEW@post.example", name="Nora New"),
    ]
    with django_assert_max_num_queries(8):
        found = identify_all(asked)
    assert [each.created for each in found] == [False, True, True, False]
    assert found[0].customer == carla
    assert found[1].customer == found[3].customer
    assert Customer.objects.get(pk=found[3].customer.pk).name == "Nora New"
    assert Customer.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_portions_that_overlap_make_one_customer_for_each_address():
    def work(number):
        numbers = list(range(number, number + 10))
        return identify_all(
            [
                Asked(kind=IdentityKind.EMAIL, address=f"p{each}@post.example")
                for each in (numbers if number % 2 else reversed(numbers))
            ]
        )

    found, errors = in_threads(4, work)
    assert errors == []
    assert (Customer.objects.count(), Identity.objects.count()) == (13, 13)
    assert sum(each.created for portion in found for each in portion) == 13
