"""What an acknowledgement says. Pure: from facts to sentences, and nothing is said that the facts do not bear."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from channels_email.domain import spoken_time
from channels_email.enums import Situation
from foundation.calendar.business_time import BusinessTime, NeverOpen

MAX_SUBJECT = 80
NOTICEABLE = timedelta(minutes=15)
_LINK = re.compile(r"\S*(?:://|www\.)\S*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`hours` are those of the queue; `ways` are ready lines. `given_name` is empty unless we are sure of it.

    `computed`: `expected_by` was reckoned from the mails ahead; otherwise it is the target that the queue states.
    `usual_seconds` of business time is how long an answer takes as a rule, None when that is not known yet; it decides
    where `longer_than_usual` is left open.
    """

    greeting: str
    given_name: str
    brand: str
    sign_off: str
    subject: str
    case_number: int
    ways: tuple[str, ...]
    received_at: datetime
    now: datetime
    hours: BusinessTime
    expected_by: datetime | None
    computed: bool
    nobody_present: bool = False
    usual_seconds: float | None = None
    longer_than_usual: bool | None = None


@dataclass(frozen=True)
class Wording:
    subject: str
    paragraphs: tuple[str, ...]
    ways: tuple[str, ...]
    closing: str
    situation: Situation

    def as_html(self) -> str:
        before = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.paragraphs)
        ways = "".join(f"<li>{escape(way)}</li>" for way in self.ways)
        listed = f"<p>If it cannot wait, you also reach us here:</p><ul>{ways}</ul>" if ways else ""
        return f"{before}{listed}<p>{escape(self.closing)}</p>"


def word(facts: Facts) -> Wording:
    subject = speakable(facts.subject)
    about = f" about “{subject}”" if subject else ""
    number = f"its number with us is #{facts.case_number}"
    situation = situation_of(facts)
    return Wording(
        subject=subject or "Your message",
        paragraphs=(
            f"{facts.greeting} {facts.given_name}".strip() + ",",
            f"thank you for writing to {facts.brand}. We have received your message{about}; {number}.",
            " ".join(
                sentence for sentence in (_state(facts, situation), _delay(facts), expectation(facts)) if sentence
            ),
            "To add something, just answer this e-mail.",
        ),
        ways=facts.ways,
        closing=facts.sign_off if facts.brand in facts.sign_off else f"{facts.sign_off}, {facts.brand}",
        situation=situation,
    )


def situation_of(facts: Facts) -> Situation:
    if not facts.hours.is_open(facts.now):
        return Situation.HOLIDAY if _closed_for(facts) else Situation.CLOSED
    if facts.nobody_present:
        return Situation.NOBODY
    return Situation.BUSY if _takes_longer(facts) else Situation.NORMAL


def expectation(facts: Facts) -> str:
    """By when they will have an answer: a promise where it was computed, an aim where it is only stated."""
    if facts.expected_by is None:
        return "We will answer as soon as we can."
    when = spoken_time.promise(facts.expected_by, facts.now, facts.hours)
    because = spoken_time.closed_because(spoken_time.closed_between(facts.now, facts.expected_by, facts.hours))
    sentence = f"You can expect our answer {when}" if facts.computed else f"We aim to answer {when}"
    return f"{sentence}, {because}." if because else f"{sentence}."


def speakable(subject: str) -> str:
    """A stranger's subject as it may be repeated: one short line without links, signs of control or of direction."""
    visible = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in subject[:400])
    line = " ".join(_LINK.sub("…", visible).split())
    line = re.sub(r"^(?:(?:re|fwd?|aw|wg|sv|vs|antw|tr)\s*:\s*)+", "", line, flags=re.IGNORECASE)
    return line if len(line) <= MAX_SUBJECT else line[: MAX_SUBJECT - 1].rstrip() + "…"


def _state(facts: Facts, situation: Situation) -> str:
    if situation == Situation.NOBODY:
        return "Right now none of us is available."
    if situation not in {Situation.HOLIDAY, Situation.CLOSED}:
        return ""
    why = f"We are closed today ({_closed_for(facts)})" if situation == Situation.HOLIDAY else "We are closed right now"
    try:
        opens = facts.hours.next_open(facts.now)
    except NeverOpen:
        return f"{why}."
    return f"{why} and open again {spoken_time.opening(opens, facts.now, facts.hours)}."


def _delay(facts: Facts) -> str:
    if facts.nobody_present or not _takes_longer(facts):
        return ""
    return "Many people are writing to us at the moment, so it takes longer than usual."


def _takes_longer(facts: Facts) -> bool:
    if facts.longer_than_usual is not None:
        return facts.longer_than_usual
    if not facts.computed or facts.expected_by is None or not facts.usual_seconds:
        return False
    wait = facts.hours.measure(facts.received_at, facts.expected_by)
    usual = timedelta(seconds=facts.usual_seconds)
    return wait > usual * 1.5 and wait - usual >= NOTICEABLE


def _closed_for(facts: Facts) -> str:
    today = facts.hours.todays_hours(facts.now)
    return today.name if not today.intervals else ""
