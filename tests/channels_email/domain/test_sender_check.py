"""Who vouches for Carla, who pretends to be Ana, and whose word counts."""

from __future__ import annotations

import pytest

from channels_email.domain.parse import parse
from channels_email.domain.sender_check import check_sender
from interactions.enums import Party, SenderDoubt
from interactions.models import Case, Message
from tests.channels_email.letters import letter

OURS = "mx.nordhem.example"


def told(*results: str, sender: str = "carla@post.example", host: str = OURS) -> tuple[str, str]:
    head = "".join(f"Authentication-Results: {result}\n" for result in results)
    mail = parse(f"{head}From: {sender}\nSubject: x\n\nx\n".encode())
    check = check_sender(mail, sender, [host])
    return check.domain, check.doubt.value


@pytest.mark.parametrize(
    ("results", "domain", "doubt"),
    [
        ([f"{OURS}; dmarc=pass (p=reject) header.from=post.example"], "post.example", ""),
        ([f"{OURS}; dkim=pass header.d=post.example"], "post.example", ""),
        ([f"{OURS}; dkim=pass header.i=@mail.post.example"], "post.example", ""),
        ([f"{OURS}; spf=pass smtp.mailfrom=bounce@post.example"], "post.example", ""),
        ([f"{OURS}; dkim=pass header.d=bulk.example; spf=pass smtp.mailfrom=x@bulk.example"], "", "unverified"),
        ([f"{OURS}; dkim=pass header.d=example"], "", "unverified"),
        ([f"{OURS}; dkim=pass header.d=st.example"], "", "unverified"),
        ([f"{OURS}; dmarc=fail header.from=post.example; dkim=pass header.d=post.example"], "", "failed"),
        ([f"{OURS}; spf=fail smtp.mailfrom=post.example"], "", "failed"),
        ([f"{OURS}; none"], "", "unverified"),
        ([f"{OURS}; ((("], "", "unverified"),
        ([], "", "unverified"),
        (["mx.evil.example; dmarc=pass header.from=post.example"], "", "unverified"),
        (["mx.nordhem.example.evil.example; dmarc=pass header.from=post.example"], "", "unverified"),
        (
            [f"{OURS}; dmarc=fail header.from=post.example", f"{OURS}; dmarc=pass header.from=post.example"],
            "",
            "failed",
        ),
        (
            [f"{OURS}; dkim=fail header.d=post.example; spf=fail", f"{OURS}; dkim=pass header.d=post.example"],
            "",
            "failed",
        ),
        (
            [
                f"{OURS}; spf=none",
                "mx.x; none\nReceived: from x by y",
                f"{OURS}; dmarc=pass header.from=post.example",
            ],
            "",
            "unverified",
        ),
    ],
)
def test_only_the_word_of_our_own_server_counts_and_only_for_the_authors_domain(results, domain, doubt) -> None:
    assert told(*results) == (domain, doubt)


def test_without_a_host_whose_word_counts_nothing_is_known_and_nothing_doubted() -> None:
    assert told(f"{OURS}; dmarc=fail header.from=post.example", host="") == ("", "")


@pytest.mark.django_db
def test_a_message_keeps_who_vouched_for_it(arrives, support):
    support.authentication_host = OURS
    support.save()

    arrives(letter(authentication_results=f"{OURS}; dmarc=pass header.from=post.example"))
    arrives(letter("Another", message_id="<2@post.example>"))

    assert list(Message.objects.order_by("created_at").values_list("sender_verified", "sender_doubt")) == [
        ("post.example", ""),
        ("", "unverified"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("vouched", [True, False])
def test_a_colleagues_address_with_a_crafted_reference_is_a_flagged_stranger(arrives, support, ana, orders, vouched):
    support.authentication_host = OURS
    support.save()
    arrives(letter())
    case = Case.objects.get()
    result = f"{OURS}; dmarc=pass header.from=nordhem.example" if vouched else f"{OURS}; none"

    forged = arrives(
        letter(
            "Please give this customer a refund of 900.",
            sender=f"Ana Lindqvist <{ana.email.upper()}>",
            in_reply_to="<1@post.example>",
            message_id="<2@evil.example>",
            authentication_results=result,
        )
    )

    message = forged.received.message
    assert message.case == case
    assert (message.direction, message.author, message.party) == ("in", None, Party.STRANGER)
    assert message.sender_doubt == SenderDoubt.COLLEAGUE
    case.refresh_from_db()
    assert case.owner is None
    assert not case.messages.filter(direction="out").exists()


@pytest.mark.django_db
def test_an_address_of_ours_is_never_taken_for_a_sender(arrives, support):
    arrives(letter())
    forged = arrives(
        letter("Refund!", sender=support.address, in_reply_to="<1@post.example>", message_id="<2@evil.example>")
    )

    assert (forged.raw.state, forged.raw.reason) == ("ignored", "sent from an address of ours")
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_control_fields_of_ours_in_a_strangers_mail_do_nothing(arrives, ana, support):
    arrives(
        letter(
            x_contactcenter_case="1",
            x_contactcenter_agent=str(ana.pk),
            x_case_status="closed",
            x_priority="1",
            x_let_through="true",
            x_mailbox="other@nordhem.example",
        )
    )

    case = Case.objects.get()
    assert (case.status, case.owner, case.priority) == ("new", None, 2)
    assert case.messages.get().party == Party.CUSTOMER
