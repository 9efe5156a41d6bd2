import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.enums import Permission
from channels_email.domain.block import block
from channels_email.models import BlockedSender, SigningKey
from customers.domain.identify import identify
from customers.enums import IdentityKind
from tests.interactions.domain.test_receive import in_threads

pytestmark = pytest.mark.django_db
BLOCKS, KEYS = reverse("desktop:blocks"), reverse("desktop:keys")


@pytest.fixture
def guard(sol):
    """Sol, who may turn senders away and administers nothing."""
    role = sol.roles.get()
    role.permissions = [*role.permissions, Permission.BLOCK_SENDERS]
    role.save()
    return sol


def test_who_may_block_does_it_here_and_takes_it_back(desk_of, guard):
    desk = desk_of(guard)
    desk.post(BLOCKS, {"value": " @Cheap.example ", "reason": "the same every hour"})
    desk.post(BLOCKS, {"value": "mallory@evil.example"})
    page = desk.get(BLOCKS)
    assert [(line.value, line.reason, line.who) for line in page.context["lines"]] == [
        ("mallory@evil.example", "", guard.name),
        ("@cheap.example", "the same every hour", guard.name),
    ]
    assert "Signing keys" not in page.content.decode()  # which are the administrators'
    [found] = desk.get(BLOCKS, {"q": "CHEAP"}).context["lines"]
    for _ in range(2):
        assert desk.post(found.url).status_code == 302
    assert BlockedSender.objects.get().value == "mallory@evil.example"


@pytest.mark.parametrize("value", ["nonsense", "", "@", "hello@nordhem.example"])
def test_what_cannot_be_blocked_is_said_and_stays(desk_of, guard, mailbox, value):
    refused = desk_of(guard).post(BLOCKS, {"value": value, "reason": "My reason"})
    assert refused.status_code == 422
    assert "field-error" in refused.content.decode()
    assert "My reason" in refused.content.decode()
    assert not BlockedSender.objects.exists()


@pytest.mark.parametrize(
    ("domain", "customers", "words"),
    [
        ("shop.example", 2, "2 known customers have an address at @shop.example."),
        ("shop.example", 1, "1 known customer has an address at @shop.example."),
        ("gmail.com", 0, "Anybody can have an address at @gmail.com"),
        ("gmail.com", 1, "1 known customer has an address at @gmail.com."),
    ],
)
def test_a_domain_with_customers_or_for_everybody_is_blocked_after_it_was_said(
    desk_of, guard, domain, customers, words
):
    for number in range(customers):
        identify(IdentityKind.EMAIL, f"c{number}@{domain}")
    identify(IdentityKind.EMAIL, f"c@not{domain}")
    desk = desk_of(guard)
    asked = desk.post(BLOCKS, {"value": f"@{domain}", "reason": "the same every hour"})
    assert words in asked.content.decode()
    desk.post(BLOCKS, {"value": f"@{domain}", "sure": "@other.example"})  # sure of something else
    assert not BlockedSender.objects.exists()
    desk.post(BLOCKS, {"value": f"@{domain}", "reason": "the same every hour", "sure": f"@{domain}"})
    assert BlockedSender.objects.get().value == f"@{domain}"


def test_who_may_not_sees_and_changes_nothing(desk_of, ana, guard, ada):
    row = block("mallory@evil.example", guard)
    key = SigningKey.objects.create(domain="nordhem.example", selector="a", private_key="x")
    for desk, addresses in (
        (desk_of(ana), [BLOCKS, KEYS]),
        (desk_of(guard), [KEYS]),
    ):
        for address in addresses:
            assert desk.get(address).status_code == 404
            assert (
                desk.post(address, {"value": "x@y.example", "domain": "y.example", "selector": "a"}).status_code == 404
            )
    assert desk_of(ana).post(reverse("desktop:block", args=[row.pk])).status_code == 404
    assert desk_of(guard).post(reverse("desktop:key", args=[key.pk]), {"active": "yes"}).status_code == 404
    assert (BlockedSender.objects.count(), SigningKey.objects.filter(active=True).count()) == (1, 0)


def test_older_ones_come_on_the_next_page(desk_of, guard, monkeypatch):
    monkeypatch.setattr("desktop.views.administration.senders.PAGE", 2)
    for number in range(3):
        block(f"{number}@evil.example", guard)
    first = desk_of(guard).get(BLOCKS)
    assert [line.value[0] for line in first.context["lines"]] == ["2", "1"]
    assert [line.value[0] for line in desk_of(guard).get(first.context["more_url"]).context["lines"]] == ["0"]


def test_three_senders_or_keys_cost_as_many_queries_as_one(desk_of, ada, django_assert_num_queries):
    desk = desk_of(ada)

    def one_more(number: int) -> None:
        BlockedSender.objects.create(value=f"{number}@evil.example", blocked_by=ada)
        SigningKey.objects.create(domain="nordhem.example", selector=f"s{number}", private_key="x")

    one_more(1)
    counts = {}
    for address in (BLOCKS, KEYS):
        desk.get(address)  # alarms are looked for once for all pages
        with CaptureQueriesContext(connection) as asked:
            desk.get(address)
        counts[address] = len(asked)
    one_more(2)
    one_more(3)
    for address in (BLOCKS, KEYS):
        with django_assert_num_queries(counts[address]):
            assert len(desk.get(address).context["lines"]) == 3


def test_a_key_is_made_its_record_shown_and_only_one_of_a_domain_signs(desk_of, ada):
    desk = desk_of(ada)
    for selector in ("a2026", "b2026"):
        assert desk.post(KEYS, {"domain": "Nordhem.example", "selector": selector}).status_code == 302
    again = desk.post(KEYS, {"domain": "nordhem.example", "selector": "a2026"})
    assert again.context["form"].errors == {"selector": ["The domain has a key with this selector already."]}
    lines = desk.get(KEYS).context["lines"]
    assert {line.name for line in lines} == {f"{s}2026._domainkey.nordhem.example" for s in "ab"}
    assert all(line.record.startswith("v=DKIM1; k=rsa; p=MII") and not line.active for line in lines)
    for line in lines:
        desk.post(line.url, {"active": "yes"})
    assert SigningKey.objects.get(active=True).pk == lines[1].id
    desk.post(lines[1].url, {"active": "no"})
    assert not SigningKey.objects.filter(active=True).exists()
    assert "PRIVATE KEY" not in desk.get(KEYS).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_switch_keys_at_once_leave_one_in_use(desk_of, ada):
    keys = [SigningKey.objects.create(domain="nordhem.example", selector=s, private_key="x") for s in ("a", "b")]
    addresses = [reverse("desktop:key", args=[key.pk]) for key in keys]
    answers, errors = in_threads(4, lambda number: desk_of(ada).post(addresses[number % 2], {"active": "yes"}))
    assert errors == []
    assert [answer.status_code for answer in answers] == [302] * 4
    assert SigningKey.objects.filter(active=True).count() == 1
