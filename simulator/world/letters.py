"""What customers write to the retailer and what it answers: letters put together from the sources' sentences."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from simulator.world.sources import read

WRITTEN_IN_FULL = ("en", "de", "sv", "fr", "es")  # the languages in which the retailer answers
SHORT_TOPICS = ("where_is_it", "product_question", "damaged", "missing_parts", "return_refund")


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str


@dataclass(frozen=True)
class Affair:
    """What a conversation is about: the topic, and the facts that fill the gaps of its sentences."""

    topic: str
    language: str
    name: str
    given: str
    phone: str
    product: str
    colour: str
    order: str
    invoice: str
    part: str
    amount: str
    city: str
    street: str
    count: int
    when: date

    def slots(self, language: str) -> Mapping[str, object]:
        """The gaps' fillings in the writer's language."""
        series = self.product if language == "en" else self.product.split(" ", 1)[0]
        return {
            "name": self.name,
            "first": self.given or self.name,
            "full": self.name,
            "phone": self.phone,
            "product": series,
            "colour": self.colour,
            "order": self.order,
            "invoice": self.invoice,
            "part": self.part,
            "amount": self.amount,
            "city": self.city,
            "street": self.street,
            "count": self.count,
            "date": _written_date(self.when, language),
            "weekday": _weekday(self.when + timedelta(days=5), language),
        }


def begin(rng: random.Random, topic: str, language: str, name: str, given: str, phone: str, on: date) -> Affair:
    """A new affair of this person, some days after what it is about. A topic unknown in the language is in English."""
    catalogue = read("catalogue")
    return Affair(
        topic=topic,
        language=language if topic in _topics_of(language) else "en",
        name=name,
        given=given,
        phone=phone,
        product=rng.choice(catalogue["products"]),
        colour=rng.choice(catalogue["colours"]),
        order=f"T{rng.randrange(410_000, 989_999)}",
        invoice=f"{on.year}-{rng.randrange(10_000, 99_999)}",
        part=f"{rng.randrange(100, 999)}.{rng.randrange(100, 999)}",
        amount=f"{rng.choice([19, 39, 49, 79, 129, 249, 399, 649, 899])},{rng.choice(['00', '90', '95'])} €",
        city=rng.choice(catalogue["cities"]),
        street=f"{rng.choice(catalogue['streets'])} {rng.randrange(1, 88)}",
        count=rng.randrange(2, 40),
        when=on - timedelta(days=rng.randrange(2, 24)),
    )


def first_letter(rng: random.Random, affair: Affair) -> Letter:
    """What the customer writes first."""
    voice = _voice(affair.language)
    if affair.language in WRITTEN_IN_FULL:
        topic = voice["topic"][affair.topic]
        subject, body = rng.choice(topic["subjects"]), " ".join(rng.choice(part) for part in topic["says"])
    else:
        subject, *sentences = voice[affair.topic]
        body = "\n\n".join(sentences)
    greeting, closing = rng.choice(voice["greetings"]), rng.choice(voice["closings"])
    slots = affair.slots(affair.language)
    body = body.format_map(slots)
    if rng.random() < 0.25 and affair.language in WRITTEN_IN_FULL:
        body = re.sub(r"(?<=[.?!]) (?=\w)", "\n\n", body, count=1)
    return Letter(subject.format_map(slots), _paragraphs(greeting, body, closing.format_map(slots)))


def follow_up(rng: random.Random, affair: Affair, *, satisfied: bool) -> str:
    """What the customer writes after the answer: thanks, or another question."""
    voice = _voice(affair.language)
    slots = affair.slots(affair.language)
    words = rng.choice(voice["thanks" if satisfied else "asks_again"])
    closing = "" if satisfied and rng.random() < 0.6 else rng.choice(voice["closings"]).format_map(slots)
    return _paragraphs(words.format_map(slots), closing)


def answer(rng: random.Random, affair: Affair, *, again: bool = False) -> str:
    """What an agent answers: in the customer's language where the retailer speaks it, else in English."""
    language = affair.language if affair.language in WRITTEN_IN_FULL else "en"
    voice = _voice(language)
    topic = voice["topic"].get(affair.topic) or voice["topic"]["where_is_it"]
    if again:
        body = rng.choice(voice["again_answers"])
    else:
        opening = rng.choice(voice["answer_openings"])
        body = " ".join(part for part in (opening, *(rng.choice(part) for part in topic["answers"])) if part)
    text = _paragraphs(rng.choice(voice["answer_greetings"]), body, rng.choice(voice["answer_closings"]))
    return text.format_map(affair.slots(language))


def read_affair(rng: random.Random, text: str, language: str, name: str, given: str, on: date) -> Affair:
    """What a letter is about, as a colleague reads it: the topic by its words, the numbers it names."""
    guess = begin(rng, topic_of(text), language, name, given, "", on)
    order, part = re.search(r"\bT\d{6}\b", text), re.search(r"\b\d{3}\.\d{3}\b", text)
    product = next((name for name in read("catalogue")["products"] if name.split(" ", 1)[0] in text), guess.product)
    return replace(
        guess,
        product=product,
        order=order.group() if order else guess.order,
        part=part.group() if part else guess.part,
    )


def topic_of(text: str) -> str:
    """The topic most of whose words stand in the text; where there are none, a question about an order."""
    lower = text.lower()
    hits = {name: sum(word in lower for word in topic["words"]) for name, topic in read("topics").items()}
    best = max(hits, key=lambda name: hits[name])
    return best if hits[best] else "where_is_it"


def is_thanks(text: str) -> bool:
    """Whether a short letter only says thanks, so that nothing is left to answer."""
    start = text.strip().lower()[:60]
    return any(
        start.startswith(words.lower()[:14]) for language in _languages() for words in _voice(language)["thanks"]
    )


def attribution(language: str) -> str:
    """The line that a mail program puts above what it quotes, with {date} and {who}."""
    return str(_voice(language)["attribution"])


def outlook_labels(language: str) -> list[str]:
    """What one widespread mail program calls From, Sent, To and Subject above what it quotes."""
    return list(_voice(language).get("outlook") or _voice("en")["outlook"])


@cache
def _languages() -> tuple[str, ...]:
    return (*WRITTEN_IN_FULL, *read("letters/short"))


@cache
def _voice(language: str) -> dict[str, Any]:
    if language in WRITTEN_IN_FULL:
        return read(f"letters/{language}")
    return dict(read("letters/short")[language])


@cache
def _topics_of(language: str) -> frozenset[str]:
    if language in WRITTEN_IN_FULL:
        return frozenset(_voice(language)["topic"])
    return frozenset(SHORT_TOPICS) if language in _languages() else frozenset()


def _written_date(day: date, language: str) -> str:
    return day.strftime(read("letters/calendar")["dates"].get(language, "%Y-%m-%d"))


def _weekday(day: date, language: str) -> str:
    names = read("letters/calendar")["weekdays"]
    return str(names.get(language, names["en"])[day.weekday()])


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())
