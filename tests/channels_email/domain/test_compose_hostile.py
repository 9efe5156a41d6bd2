"""Whatever anybody writes anywhere, an outgoing mail has the fields that we gave it and no other."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_email.adapter.smtp import _on_the_wire
from channels_email.domain.compose import CannotCompose, compose
from channels_email.models import Mailbox
from foundation import storage
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.models import Attachment, Delivery, Message
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db

FIELDS = {
    *("from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references"),
    *("mime-version", "content-type", "content-transfer-encoding"),
}
INJECTION = "\r\nBcc: mallory@evil.example\r\nX-Injected: yes\r\n\r\n<b>body</b>"
ENCODED = "=?utf-8?Q?=0D=0ABcc:_mallory@evil.example=0D=0AX-Injected:_yes?="  # as it reads when decoded once
BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\x00", "=?utf-8?q?=0D=0A?="]
broken = st.builds("{}{}X-Injected: yes".format, st.text(max_size=10), st.sampled_from(BREAKS))
hostile = st.one_of(st.text(max_size=60), broken, st.just(INJECTION), st.just(ENCODED))


@pytest.fixture
def delivery(arrives, ana):
    case = arrives(letter()).raw.case
    message = reply(
        case.pk,
        channel="email",
        recipients=Recipients(to=[{"name": "Carla", "address": "carla@post.example"}]),
        html="<p>It is on its way.</p>",
        author=ana,
        answers=case.messages.get(),
        quotes=True,
    )
    kept = storage.store(b"%PDF-1.7 a file")
    Attachment.objects.create(
        message=message,
        filename="a.pdf",
        content_type="application/pdf",
        size=kept.size,
        sha256=kept.sha256,
        key=kept.key,
    )
    return message.delivery


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    subject=hostile,
    name=hostile,
    local=st.one_of(st.just("dev"), hostile),
    filename=hostile,
    kind=hostile,
    agent=hostile,
    brand=hostile,
    theirs=hostile,
)
def test_nothing_that_anybody_writes_becomes_a_field(
    delivery, subject, name, local, filename, kind, agent, brand, theirs
):
    _write(delivery, subject, name, local, filename, kind, agent, brand, theirs)

    try:
        composed = compose(delivery.pk)
    except CannotCompose:
        return  # said to the writer; nothing leaves

    content = _on_the_wire(composed, None)
    head = content.partition(b"\r\n\r\n")[0]
    names = {line.partition(b":")[0].decode("ascii").lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"}
    assert names <= FIELDS
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    read = message_from_bytes(content, policy=policy.default)
    assert read["X-Injected"] is None
    assert read["Bcc"] is None
    for part in read.walk():
        assert {key.lower() for key in part} <= FIELDS | {"content-disposition", "content-id"}
    for address in (composed.sender, *composed.to, *composed.copies):
        assert not any(ord(letter) < 33 for letter in address)


@pytest.mark.parametrize(
    "word", [ENCODED, f"Order {ENCODED}", f"x{ENCODED}", "=??Q?=0D0", "=?utf-8?b?DQpCY2M6IHhAeS56?="]
)
def test_an_encoded_word_that_was_encoded_once_more_is_only_text(delivery, word):
    _write(delivery, word, word, "dev", word, word, word, word, word)
    content = _on_the_wire(compose(delivery.pk), None)
    read = message_from_bytes(content, policy=policy.default)
    assert {key.lower() for key in read} <= FIELDS
    assert all(line.endswith(b"\r") for line in content.split(b"\n")[:-1])
    assert str(read["Subject"]).startswith(f"Re: {word.replace('=?', '= ?')}")

    _write(delivery, "Order", "Carla", word, "a.pdf", "application/pdf", "Ana", "Nordhem", "Carla")
    with pytest.raises(CannotCompose):
        compose(delivery.pk)


def _write(delivery: Delivery, subject, name, local, filename, kind, agent, brand, theirs) -> None:
    """Straight into the rows, past all that cleans on the way in."""
    clean = lambda text: text.replace("\x00", "")  # noqa: E731 - a database holds no NUL
    message = delivery.message
    Message.objects.filter(pk=message.pk).update(
        subject=clean(subject),
        to=[{"name": clean(name), "address": "carla@post.example"}],
        cc=[{"name": "", "address": f"{clean(local)}@post.example"}],
    )
    Message.objects.filter(pk=message.answers_id).update(sender_name=clean(theirs), subject=clean(theirs))
    message.author.name = clean(agent)[:120]
    message.author.save(update_fields=["name"])
    Attachment.objects.filter(message=message).update(filename=clean(filename)[:255], content_type=clean(kind)[:120])
    Mailbox.objects.update(display_name=clean(brand)[:120])
