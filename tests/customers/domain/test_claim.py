import pytest

from customers.domain.claim import claim, dismiss, suggestion
from customers.domain.edit import verify_identity
from customers.domain.merge import members, merge
from customers.models import Claim, Identity
from tests.people import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def devs_address(dev, sol) -> Identity:
    identity = Identity.objects.get(value="dev@mail.example")
    verify_identity(dev.pk, identity.pk, "answered a code", agent=sol.pk)
    return identity


def test_the_same_verified_address_on_two_customers_data_is_asked_about_on_both(carla, dev, devs_address, sol):
    claim(carla.pk, devs_address, source="Confirmed by Ana", verified=True)
    assert suggestion(members(carla.pk)).other == dev
    assert suggestion(members(dev.pk)).other == carla
    assert [one.source for one in suggestion(members(dev.pk)).evidence] == ["Confirmed by Ana"]


def test_what_is_not_verified_on_both_sides_is_not_asked(carla, dev, sol):
    identity = Identity.objects.get(value="dev@mail.example")
    claim(carla.pk, identity, source="Confirmed by Ana", verified=True)
    assert suggestion(members(carla.pk)) is None
    verify_identity(dev.pk, identity.pk, "answered a code", agent=sol.pk)
    assert suggestion(members(carla.pk)).other == dev
    Claim.objects.update(verified_at=None)
    assert suggestion(members(carla.pk)) is None


def test_an_address_that_a_third_has_too_is_nobodys_proof(carla, dev, devs_address):
    zoe = make_customer("Zoë Ångström", "zoe@post.example")
    for one in (carla, zoe):
        claim(one.pk, devs_address, source="Confirmed by Ana", verified=True)
    assert [suggestion(members(one.pk)) for one in (carla, zoe, dev)] == [None, None, None]


def test_who_leads_to_two_others_is_neither(carla, dev, devs_address, sol):
    zoe = make_customer("Zoë Ångström", "zoe@post.example")
    hers = Identity.objects.get(value="zoe@post.example")
    verify_identity(zoe.pk, hers.pk, "answered a code", agent=sol.pk)
    claim(carla.pk, devs_address, source="one", verified=True)
    claim(carla.pk, hers, source="two", verified=True)
    assert suggestion(members(carla.pk)) is None
    merge(zoe.pk, dev.pk, agent=sol.pk)
    assert suggestion(members(carla.pk)).other == dev  # now both lead to one


def test_two_people_it_is_then_and_nobody_asks_again(carla, dev, devs_address, sol):
    claim(carla.pk, devs_address, source="Confirmed by Ana", verified=True)
    assert dismiss(dev.pk, carla.pk, agent=sol.pk) == 1
    assert suggestion(members(carla.pk)) is None
    claim(carla.pk, devs_address, source="Confirmed by Ben", verified=True)
    assert suggestion(members(carla.pk)) is None
    row = Claim.objects.get()
    assert (row.dismissed_by, row.source) == (sol, "Confirmed by Ana")


def test_once_they_are_one_there_is_nothing_to_ask(carla, dev, devs_address, sol):
    claim(carla.pk, devs_address, source="Confirmed by Ana", verified=True)
    merge(dev.pk, carla.pk, agent=sol.pk)
    assert suggestion(members(carla.pk)) is None
    assert suggestion(members(dev.pk)) is None


def test_a_removed_address_takes_its_claims_with_it(carla, devs_address):
    claim(carla.pk, devs_address, source="Confirmed by Ana", verified=True)
    devs_address.delete()
    assert not Claim.objects.exists()
