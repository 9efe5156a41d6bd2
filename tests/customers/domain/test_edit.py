import pytest
from django.core.exceptions import ValidationError

from customers.domain.access import access_customer
from customers.domain.edit import add_identity, change_customer, remove_identity, set_consent, verify_identity
from customers.domain.history import history, undo
from customers.enums import IdentityKind, NameSource, Purpose
from customers.errors import CannotUndo, IdentityTaken, NoSuchCustomer
from customers.models import Consent, Identity
from tests.people import make_agent

pytestmark = pytest.mark.django_db(transaction=True)  # the trail is ordered by the time of the transaction


def test_a_change_keeps_who_made_it_and_can_be_undone(carla, ana):
    change_customer(carla.pk, {"name": "Carla Nyström-Ek", "language": "sv"}, agent=ana.pk)
    carla.refresh_from_db()
    assert (carla.name, carla.given_name, carla.name_source) == ("Carla Nyström-Ek", "Carla", NameSource.CONFIRMED)
    step = history(carla.pk)[0]
    assert (step.agent, step.act) == (ana.pk, "update")
    assert step.changes["name"] == ("Carla Nyström", "Carla Nyström-Ek")
    undo(carla.pk, step.key, agent=ana.pk)
    carla.refresh_from_db()
    assert (carla.name, carla.language, carla.name_source) == ("Carla Nyström", "", NameSource.HEADER)


def test_what_was_changed_again_since_is_not_undone(carla, ana):
    change_customer(carla.pk, {"language": "sv"}, agent=ana.pk)
    step = history(carla.pk)[0]
    change_customer(carla.pk, {"language": "fi"}, agent=ana.pk)
    with pytest.raises(CannotUndo):
        undo(carla.pk, step.key, agent=ana.pk)
    carla.refresh_from_db()
    assert carla.language == "fi"


def test_what_was_undone_or_overwritten_offers_no_undo_and_its_undoing_does(carla, ana):
    change_customer(carla.pk, {"language": "sv"}, agent=ana.pk)
    change_customer(carla.pk, {"remarks": "Call after four."}, agent=ana.pk)
    language = history(carla.pk)[1]
    assert language.key
    undo(carla.pk, language.key, agent=ana.pk)
    undoing, remarks, undone = history(carla.pk)[:3]
    assert undone.changes == language.changes
    assert (bool(undoing.key), bool(remarks.key), undone.key) == (True, True, "")
    undo(carla.pk, undoing.key, agent=ana.pk)
    carla.refresh_from_db()
    assert carla.language == "sv"
    assert [bool(step.key) for step in history(carla.pk)[:4]] == [True, False, True, False]


def test_an_address_brought_back_offers_no_second_return(carla, ana):
    phone = add_identity(carla.pk, IdentityKind.PHONE, "070-123 45 67", agent=ana.pk, region="SE")
    remove_identity(carla.pk, phone.pk, agent=ana.pk)
    removed, added = history(carla.pk)[:2]
    assert (bool(removed.key), added.key) == (True, "")
    undo(carla.pk, removed.key, agent=ana.pk)
    assert [bool(step.key) for step in history(carla.pk)[:3]] == [True, False, False]


@pytest.mark.parametrize("changes", [{"merged_into": None}, {"time_zone": "Mars/Base"}, {"name": "x" * 201}])
def test_a_change_that_cannot_be_is_refused(carla, ana, changes):
    with pytest.raises(ValidationError):
        change_customer(carla.pk, changes, agent=ana.pk)
    assert len(history(carla.pk)) == 2  # the customer and her address, as they were made


def test_an_address_is_added_verified_removed_and_brought_back(carla, ana):
    phone = add_identity(carla.pk, IdentityKind.PHONE, "070-123 45 67", agent=ana.pk, region="SE")
    assert phone.value == "+46701234567"
    verify_identity(carla.pk, phone.pk, "answered a code", agent=ana.pk)
    remove_identity(carla.pk, phone.pk, agent=ana.pk)
    assert Identity.objects.filter(customer=carla).count() == 1
    undo(carla.pk, history(carla.pk)[0].key, agent=ana.pk)
    back = Identity.objects.get(kind=IdentityKind.PHONE)
    assert (back.value, back.verified_by) == ("+46701234567", "answered a code")


def test_an_address_of_somebody_else_is_not_taken_over(carla, dev, ana):
    with pytest.raises(IdentityTaken):
        add_identity(carla.pk, IdentityKind.EMAIL, "Dev@mail.example", agent=ana.pk)
    assert Identity.objects.get(value="dev@mail.example").customer == dev


def test_consent_is_one_row_that_says_since_when(carla, ana, tuesday):
    set_consent(carla.pk, "sms", Purpose.SERVICE, granted=True, source="said on the phone", agent=ana.pk)
    set_consent(carla.pk, "sms", Purpose.SERVICE, granted=False, source="wrote STOP", agent=ana.pk)
    consent = Consent.objects.get()
    assert (consent.granted, consent.source) == (False, "wrote STOP")


def test_who_works_no_cases_sees_no_customers(carla, db, agent_role):
    agent_role.permissions = ["knowledge.write"]
    agent_role.save()
    author = make_agent("kit", agent_role)
    with pytest.raises(NoSuchCustomer):
        access_customer(author, carla.pk)


@pytest.mark.parametrize("key", ["customer:999999", "agent:1", "customer:x", ""])
def test_a_change_that_is_none_cannot_be_undone(carla, ana, key):
    with pytest.raises(CannotUndo):
        undo(carla.pk, key, agent=ana.pk)


@pytest.mark.parametrize("changes", [1, 3])
def test_the_trail_costs_the_same_for_one_change_and_for_three(changes, carla, ana, django_assert_num_queries):
    for number in range(changes):
        change_customer(carla.pk, {"remarks": f"remark {number}"}, agent=ana.pk)
    with django_assert_num_queries(5):
        assert len(history(carla.pk)) == changes + 2
