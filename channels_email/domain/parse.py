"""From raw bytes to a `ParsedEmail`: the one way in which a mail is understood. No database, no network, no clock."""

import codecs
import re
from collections.abc import Callable, Iterator
from functools import partial

from channels_email.domain.addresses import MAX_ADDRESSES, addresses
from channels_email.domain.automatic import is_automatic, is_responder
from channels_email.domain.automatic_prose import is_answered_by_rule
from channels_email.domain.bodies import Body, read_body, words_of_html
from channels_email.domain.bounce_mentions import ADDRESS
from channels_email.domain.bounces import read_bounce
from channels_email.domain.dates import read_date
from channels_email.domain.headers import Head, raw_text, tidy, unstructured
from channels_email.domain.mime import Part, read_parts
from channels_email.domain.parsed import Address, Bounce, Kind, ParsedEmail
from channels_email.domain.pgp_text import without_armour
from channels_email.domain.protection import protection_of
from channels_email.domain.quote import Reply, read_reply, without_signature
from channels_email.domain.signature import NOBODY, Writer
from channels_email.domain.subjects import is_answer_subject, is_forward_subject
from channels_email.errors import Unreadable

MAX_REFERENCES = 200
MAX_REPEATED = 400_000  # bytes read of all fields of one name together
_ID = re.compile(r"<([^<>]{1,998})>")
_MARKED = re.compile(
    r'<blockquote[^>]+type="cite"|\s(?:class|id)=|<div[^>]* name='
)  # only marks of programs survive sanitising
_SIGNED = re.compile(r'="[^"]*(?:[Ss]ignature|sig\b|sign\b|Sgn)')
_WORD = re.compile(r"[^\s<>,;]+")
_ENVELOPE_FIELDS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "apparently-to")


def parse(raw: bytes, *, is_ours: Callable[[Head], bool] | None = None) -> ParsedEmail:
    """Understand a mail whatever its bytes are; what is wrong with it stands in `defects`.

    `is_ours` says of a head whether we wrote that mail ourselves (it came back: `Kind.LOOP`).
    Raises Unreadable for bytes that are no mail at all, and nothing else.
    """
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    root, found = read_parts(raw)
    _refuse_what_is_no_mail(raw, root.head)
    head, defects = root.head, dict.fromkeys(found)
    subject = head.text("subject")
    passed_on = is_forward_subject(subject)
    body = read_body(root, mark_quotes=not passed_on)
    defects.update(body.defects)
    authors = _addresses(head, "from")
    sender = next(iter(_addresses(head, "sender")), None)
    author = authors[0] if authors else sender
    bounce = _bounce(raw, root, author, subject, body)
    answers = not passed_on and (head.has("in-reply-to") or is_answer_subject(subject))
    writer = Writer(author.name, author.address) if author else NOBODY
    reply = _reply(body, passed_on=passed_on, answers=answers, writer=writer)
    marked = is_responder(head, subject)
    worded = not marked and is_answered_by_rule(reply.text, subject, answers=_answers(head, subject))
    date = read_date(head.text("date"))
    defects.update(dict.fromkeys(_missing(head, authors, date_read=date is not None)))
    return ParsedEmail(
        authors=authors,
        sender=sender,
        to=_addresses(head, "to"),
        cc=_addresses(head, "cc"),
        reply_to=_addresses(head, "reply-to"),
        subject=subject,
        date=date,
        message_id=next(iter(_ids(head, "message-id")), ""),
        in_reply_to=_ids(head, "in-reply-to"),
        references=_ids(head, "references"),
        text=body.text,
        html=body.html,
        reply_text=reply.text,
        signature=reply.signature,
        forwarded=reply.forwarded or passed_on,
        attachments=tuple(body.attachments),
        protection=protection_of(root, body.text),
        event=body.event,
        kind=_kind(bounce, responder=marked or worded, ours=bool(is_ours and is_ours(head))),
        worded=worded,
        bounce=bounce,
        automatic=bounce is not None or is_automatic(head, author.address if author else ""),
        list_id=head.text("list-id"),
        priority=_priority(head),
        return_path=_return_path(head),
        delivered_to=_delivered_to(head),
        headers=tuple((name, unstructured(value)) for name, value in head.fields),
        defects=tuple(defects),
    )


def _refuse_what_is_no_mail(raw: bytes, head: Head) -> None:
    if not raw.strip():
        raise Unreadable("empty: there is nothing to read")
    if head.fields:
        return
    sample = raw[:4_000]
    controls = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in sample)
    if controls * 20 > len(sample) or sample.startswith((b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise Unreadable("no mail: binary content without any header field")


def _addresses(head: Head, name: str) -> tuple[Address, ...]:
    """All mailboxes of all fields of that name; real mail repeats fields that should stand once."""
    found: dict[Address, None] = {}
    for value in _values(head, name):
        found.update(dict.fromkeys(addresses(value)))
        if len(found) >= MAX_ADDRESSES:
            break
    return tuple(found)[:MAX_ADDRESSES]


def _values(head: Head, name: str) -> Iterator[str]:
    """The fields of that name, as far as anybody could have written them."""
    left = MAX_REPEATED
    for key, value in head.fields:
        if key == name and left > 0:
            yield raw_text(value[:left])
            left -= len(value)


def _ids(head: Head, name: str) -> tuple[str, ...]:
    """Message-IDs without brackets, in order, each once; those at the ends are kept of an endless list."""
    text = " ".join(_values(head, name))
    found = ["".join(one.split()) for one in _ID.findall(text)]
    found = found or [word for word in _WORD.findall(text) if "@" in word[1:-1]]
    if not found and name == "message-id" and text.strip():
        found = [text.split()[0].strip("<>")]
    kept = list(dict.fromkeys(tidy(one) for one in found if one.strip()))
    return tuple(kept if len(kept) <= MAX_REFERENCES else [kept[0], *kept[1 - MAX_REFERENCES :]])


def _bounce(raw: bytes, root: Part, author: Address | None, subject: str, body: Body) -> Bounce | None:
    written_by = f"{author.name} {author.address}" if author else ""
    return read_bounce(raw, root, author=written_by, subject=subject, text=body.text, own=partial(_own_words, body))


def _own_words(body: Body) -> str:
    """Without attached mails: the plain text; that of the HTML where only it names an address; all where none does."""
    if ADDRESS.search(body.plain):
        return body.plain
    html = words_of_html(body)
    return html if ADDRESS.search(html) else body.text


def _reply(body: Body, *, passed_on: bool, answers: bool, writer: Writer) -> Reply:
    """What is new, by the plain text; by the marks in the HTML where the plain text shows no history or signature."""
    read = partial(read_reply, forwarded=passed_on, answers=answers, writer=writer)
    marked = bool(body.html) and _MARKED.search(body.html) is not None
    if not body.plain.strip():
        text = words_of_html(body, mark_quotes=not passed_on) or body.text
        return read(text, from_html=answers or marked)
    reply = read(without_armour(body.plain))
    if reply.forwarded or not marked or (reply.history and (reply.signature or not _SIGNED.search(body.html))):
        return reply
    by_html = read(words_of_html(body), from_html=True)
    if not reply.history and by_html.history and by_html.text and _begins_alike(by_html.text, reply.text):
        return by_html
    return without_signature(reply, by_html.signature) if not reply.signature else reply


def _begins_alike(short: str, long: str) -> bool:
    """Whether the HTML holds the same words as the plain text: some programs send two different ones."""
    first = "".join(letter for letter in short[:400] if letter.isalnum())[:40]
    return "".join(letter for letter in long[:800] if letter.isalnum()).startswith(first)


def _kind(bounce: Bounce | None, *, responder: bool, ours: bool) -> Kind:
    if ours:
        return Kind.LOOP
    if bounce is not None:
        return Kind.BOUNCE
    return Kind.AUTO_REPLY if responder else Kind.MESSAGE


def _answers(head: Head, subject: str) -> bool:
    return head.has("in-reply-to") or head.has("references") or is_answer_subject(subject)


def _missing(head: Head, authors: tuple[Address, ...], *, date_read: bool) -> list[str]:
    defects = []
    if not any("@" in author.address for author in authors):
        defects.append("no sender: the From field is missing or holds no address")
    if len(authors) > 1:
        defects.append("several senders in From")
    if not date_read:
        defects.append("the date makes no sense" if head.has("date") else "no Date field")
    if not head.has("message-id"):
        defects.append("no Message-ID field")
    return defects


def _priority(head: Head) -> str:
    """`high`, `low` or empty, by any of the fields in use."""
    importance = f"{head.text('importance')} {head.text('priority')} {head.text('x-msmail-priority')}".lower()
    level = head.text("x-priority")[:1]
    if level in {"1", "2"} or "high" in importance or "urgent" in importance.replace("non-urgent", "low"):
        return "high"
    return "low" if level in {"4", "5"} or "low" in importance or "non-urgent" in importance else ""


def _return_path(head: Head) -> str | None:
    if not head.has("return-path"):
        return None
    return next((box.address for box in addresses(raw_text(head.raw("return-path")))), "")


def _delivered_to(head: Head) -> tuple[str, ...]:
    found = [box.address for name in _ENVELOPE_FIELDS for box in _addresses(head, name) if "@" in box.address]
    return tuple(dict.fromkeys(found))
