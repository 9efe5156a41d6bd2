"""The ledger of incoming mail, ready to be written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from channels_email.domain.ledger import AGAIN, DayOfDoor, MailPage, Narrowing, state_again
from channels_email.domain.reconcile import Difference
from channels_email.enums import Door, RawState
from channels_email.models import RawEmail, Reprocessing
from desktop.presenters.words import Look, size_words

SHOWN_SOURCE = 200_000  # bytes of a mail's source that a page shows; the download has all
STATE = {
    RawState.RECEIVED: Look("received", "Waiting", "clock", "accent"),
    RawState.MESSAGE: Look("message", "Message", "check", "success"),
    RawState.DUPLICATE: Look("duplicate", "Duplicate", "equal"),
    RawState.IGNORED: Look("ignored", "Ignored", "bell-off"),
    RawState.SPAM: Look("spam", "Marked as spam", "ban", "warning"),
    RawState.QUARANTINED: Look("quarantined", "Quarantined", "alert-triangle", "danger"),
    RawState.REFUSED: Look("refused", "Refused", "x", "warning"),
}


@dataclass(frozen=True)
class Cell:
    figure: str
    url: str
    look: Look


@dataclass(frozen=True)
class DayLine:
    day: date
    door: str
    received: int
    url: str
    cells: list[Cell]


@dataclass(frozen=True)
class MailLine:
    id: UUID
    url: str
    received_at: datetime
    door: str
    sender: str
    recipients: str
    size: str
    state: Look
    reason: str
    case_number: int | None
    case_url: str


@dataclass(frozen=True)
class DifferenceLine:
    words: str
    url: str
    label: str


@dataclass(frozen=True)
class JobView:
    id: UUID
    url: str
    done: int
    total: int
    became: list[tuple[Look, int]]
    finished_at: datetime | None


@dataclass(frozen=True)
class LedgerView:
    days: list[DayLine]
    looks: list[Look]
    totals: list[Cell]
    received: int
    reasons: list[tuple[Look, str, int, str]]
    differences: list[DifferenceLine]
    mails: list[MailLine]
    more_url: str
    again: int
    again_words: str
    again_warning: str
    job: JobView | None
    narrowed: bool
    query: str


def ledger_view(
    asked: Narrowing,
    days: Sequence[DayOfDoor],
    reasons: Sequence[tuple[str, str, int]],
    found: Sequence[Difference],
    page: MailPage,
    again: int,
    job: Reprocessing | None,
) -> LedgerView:
    return LedgerView(
        days=[_day(asked, day) for day in days],
        looks=list(STATE.values()),
        totals=[
            Cell(_figure(sum(day.states.get(state, 0) for day in days)), _url(asked, state=state), look)
            for state, look in STATE.items()
        ],
        received=sum(day.received for day in days),
        reasons=[
            (
                STATE[RawState(state)],
                reason.removeprefix("marked as spam: ") or "no reason",
                number,
                _url(asked, state=state, reason=reason),
            )
            for state, reason, number in reasons
        ],
        differences=[_difference(each) for each in found],
        mails=mail_lines(page.mails),
        more_url=_url(asked, before=str(page.older)) if page.older else "",
        again=again,
        again_words=_again_words(asked, again),
        again_warning=_again_warning(again),
        job=job_view(job) if job else None,
        narrowed=bool(asked.door or asked.state or asked.reason or asked.sender),
        query=_url(asked).partition("?")[2],
    )


def _again_words(asked: Narrowing, number: int) -> str:
    mails = f"mail{'' if number == 1 else 's'}"
    if state_again(asked) == RawState.SPAM:
        return f"Try {number:,} {mails} marked as spam again"
    return f"Try {number:,} {STATE[state_again(asked)].label.lower()} {mails} again"


def _again_warning(number: int) -> str:
    what = "The mail is" if number == 1 else f"These {number:,} mails are"
    return (
        f"{what} read anew and judged by the rules, blocked senders and mailboxes of today. "
        "What becomes a message then reaches its queue as if it had just come."
    )


def mail_lines(mails: Iterable[RawEmail]) -> list[MailLine]:
    return [
        MailLine(
            id=mail.pk,
            url=reverse("desktop:mail", args=[mail.pk]),
            received_at=mail.received_at,
            door=Door(mail.door).label,
            sender=mail.sender or ("nobody (a report)" if mail.sender == "" else "no envelope"),
            recipients=", ".join(mail.recipients) or (mail.mailbox.address if mail.mailbox else ""),
            size=size_words(mail.size),
            state=STATE[RawState(mail.state)],
            reason=mail.reason,
            case_number=mail.case.number if mail.case else None,
            case_url=reverse("desktop:case", args=[mail.case.pk]) if mail.case else "",
        )
        for mail in mails
    ]


def job_view(job: Reprocessing) -> JobView:
    return JobView(
        id=job.pk,
        url=reverse("desktop:mail_job", args=[job.pk]),
        done=job.done,
        total=max(job.total, job.done),
        became=[(STATE[RawState(state)], number) for state, number in sorted(job.became.items())],
        finished_at=job.finished_at,
    )


@dataclass(frozen=True)
class MailView:
    """One mail of the ledger. `source` is the beginning of it as text; nothing in it is ever anything but text."""

    line: MailLine
    facts: list[tuple[str, str]]
    error: str
    source: str
    cut: bool
    may_again: bool


def mail_view(mail: RawEmail) -> MailView:
    content = bytes(mail.content)
    facts = [
        ("Came by", f"{Door(mail.door).label} {mail.source}".strip()),
        ("Sender", mail.sender or ("none" if mail.sender is None else "<> (a report)")),
        ("Recipients", ", ".join(mail.recipients) or "none named"),
        ("Mailbox", mail.mailbox.address if mail.mailbox else ""),
        ("Size", f"{mail.size:,} bytes"),
        ("SHA-256", mail.sha256),
        ("Attempts", str(mail.attempts)),
        ("No automatic answer", mail.silence),
    ]
    return MailView(
        line=mail_lines([mail])[0],
        facts=[(name, value) for name, value in facts if value],
        error=mail.error,
        source=_readable(content[:SHOWN_SOURCE]),
        cut=len(content) > SHOWN_SOURCE,
        may_again=mail.state in AGAIN,
    )


def _readable(content: bytes) -> str:
    """Bytes as text that a page can hold: what is no UTF-8 is read as Latin-1, control characters become pictures."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    text = text.replace("\r\n", "\n")
    return "".join(_picture(letter) if ord(letter) < 32 or ord(letter) == 127 else letter for letter in text)


def _picture(control: str) -> str:
    if control in "\n\t":
        return control
    return "\u2421" if control == "\x7f" else chr(0x2400 + ord(control))


def _day(asked: Narrowing, day: DayOfDoor) -> DayLine:
    def url(state: str = "") -> str:
        return _url(asked, first=str(day.day), last=str(day.day), door=day.door, state=state)

    cells = [Cell(_figure(day.states.get(state, 0)), url(state), look) for state, look in STATE.items()]
    return DayLine(day.day, Door(day.door).label, day.received, url(), cells)


def _figure(number: int) -> str:
    return f"{number:,}" if number else ""


def _difference(found: Difference) -> DifferenceLine:
    if found.raw is not None:
        return DifferenceLine(f"This mail {found.words}.", reverse("desktop:mail", args=[found.raw]), "Look at it")
    url = reverse("desktop:case", args=[found.case]) if found.case else ""
    return DifferenceLine(f"Message {str(found.message)[-12:]}: {found.words}.", url, "Open the case")


def _url(asked: Narrowing, **other: str) -> str:
    """The ledger's address for another narrowing; `zone` is the reader's and never in it."""
    values = {**asked.as_json(), **other}
    values.pop("zone")
    return f"{reverse('desktop:mail_in')}?{urlencode({name: value for name, value in values.items() if value})}"
