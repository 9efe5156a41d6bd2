import pytest
from django.urls import reverse

from agents.enums import Permission
from customers.models import Consent, Customer, Identity
from tests.desktop.conftest import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(carla):
    return lambda name, *args: reverse(f"desktop:{name}", args=[carla.pk, *args])


def test_a_fact_becomes_a_field_is_saved_and_is_shown_again(at_anas_desk, at, carla):
    assert "<select" in at_anas_desk.get(at("customer_field", "language")).content.decode()
    saved = at_anas_desk.does(at("customer_field", "language"), value="sv")
    assert "Swedish" in saved.content.decode()
    assert told(saved, "changed") == f"customer.{carla.pk}"
    carla.refresh_from_db()
    assert carla.language == "sv"


def test_what_does_not_fit_is_said_beside_the_field_and_nothing_changes(at_anas_desk, at, carla):
    response = at_anas_desk.does(at("customer_field", "time_zone"), value="Mars/Base")
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    carla.refresh_from_db()
    assert carla.time_zone == ""


def test_there_is_no_field_for_what_nobody_edits(at_anas_desk, at):
    assert at_anas_desk.get(at("customer_field", "merged_into")).status_code == 404


def test_each_change_stands_in_the_trail_with_who_made_it_and_can_be_taken_back(at_anas_desk, at, carla):
    at_anas_desk.does(at("customer_field", "language"), value="sv")
    trail = at_anas_desk.get(at("customer_trail"))
    line = trail.context["trail"][0]
    assert (line.words, line.before, line.after, line.who) == ("Language", "", "Swedish", "Ana Lindqvist")
    assert told(at_anas_desk.does(line.undo_url), "toast") == "Taken back."
    carla.refresh_from_db()
    assert carla.language == ""


def test_undo_leaves_alone_what_was_changed_again(at_anas_desk, at, carla):
    at_anas_desk.does(at("customer_field", "language"), value="sv")
    undo = at_anas_desk.get(at("customer_trail")).context["trail"][0].undo_url
    at_anas_desk.does(at("customer_field", "language"), value="de")
    assert "changed again" in told(at_anas_desk.does(undo), "toast")
    carla.refresh_from_db()
    assert carla.language == "de"


def test_an_address_is_added_verified_and_removed(at_anas_desk, at, carla):
    at_anas_desk.does(at("identities"), kind="phone", address="+46 70 123 45 67")
    phone = carla.identities.get(kind="phone")
    assert phone.value == "+46701234567"
    at_anas_desk.does(at("identity_verification", phone.pk))
    phone.refresh_from_db()
    assert phone.verified_by == "Confirmed by Ana Lindqvist"
    at_anas_desk.delete(at("identity", phone.pk))
    assert not carla.identities.filter(kind="phone").exists()


@pytest.mark.parametrize("address", ["", "not an address", "dev@mail.example"])
def test_an_address_that_is_none_or_somebody_elses_is_refused(at_anas_desk, at, dev, address):
    before = Identity.objects.count()
    response = at_anas_desk.does(at("identities"), kind="email", address=address)
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert Identity.objects.count() == before


def test_consent_is_kept_with_who_was_told(at_anas_desk, at, carla):
    at_anas_desk.does(at("consent", "sms"), granted="yes")
    consent = Consent.objects.get(customer=carla)
    assert (consent.channel, consent.granted, consent.source) == ("sms", True, "Told Ana Lindqvist")
    at_anas_desk.does(at("consent", "pigeon"), granted="yes")
    assert Consent.objects.count() == 1


def test_who_may_not_correct_records_sees_no_button_and_can_change_nothing(at_anas_desk, at, ana, carla):
    role = ana.roles.get()
    role.permissions = [Permission.WORK_CASES]
    role.save()
    panel = at_anas_desk.get(at("customer")).content.decode()
    assert "Carla Nyström" in panel
    assert "Add address or number" not in panel
    assert at_anas_desk.does(at("customer_field", "language"), value="sv").status_code == 404
    assert at_anas_desk.does(at("identities"), kind="email", address="x@y.example").status_code == 404
    carla.refresh_from_db()
    assert carla.language == ""


def test_past_cases_of_foreign_queues_do_not_show(desk_of, cleo, at, carlas_case, writes, returns):
    hers = writes("carla@post.example", subject="A return", queue=returns.pk).message.case
    panel = desk_of(cleo).get(at("customer"), {"case": str(hers.pk)})
    assert panel.context["customer"].past == []
    assert "My order" not in panel.content.decode()
    assert desk_of(cleo).get(at("customer"), {"case": str(carlas_case.pk)}).status_code == 404


@pytest.mark.parametrize(("channel", "shown"), [("voice", "Phone"), ("phone", "phone"), ("pigeon", "pigeon"), ("", "")])
def test_a_customer_whom_a_list_gave_another_word_for_a_channel_is_shown_with_it(
    at_anas_desk, carla, carlas_case, channel, shown
):
    Customer.objects.filter(pk=carla.pk).update(preferred_channel=channel)
    page = at_anas_desk.get(reverse("desktop:case", args=[carlas_case.pk]))
    assert page.status_code == 200
    assert {field.name: field.shown for field in page.context["customer"].fields}["preferred_channel"] == shown
