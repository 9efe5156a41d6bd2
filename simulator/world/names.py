"""People with names from many languages, each with an address of its own."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.world.sources import read

_LATIN = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "đ": "d", "ı": "i", "'": "", "’": ""}
)


@dataclass(frozen=True)
class Person:
    """Somebody who may write to the retailer. `given` is '' where a letter does not call by it."""

    name: str
    given: str
    address: str
    language: str
    country: str
    time_zone: str
    phone: str


def people(rng: random.Random, taken: set[str] | None = None) -> Iterator[Person]:
    """Invents people without end, in the languages' shares; no two with one address, none with one of `taken`."""
    seen = set(taken or ())
    languages = list(read("names"))
    shares = [read("names")[language]["share"] for language in languages]
    numbers: dict[str, int] = {}
    while True:
        language = rng.choices(languages, shares)[0]
        person = _person(rng, language, seen, numbers)
        seen.add(person.address)
        yield person


def mail_domains() -> frozenset[str]:
    """The domains in which the invented people have their mailboxes."""
    return frozenset(domain for language in read("names").values() for domain in language["domains"])


def _person(rng: random.Random, language: str, seen: set[str], numbers: dict[str, int]) -> Person:
    of = read("names")[language]
    given, given_latin = _split(rng.choice(of["given"]))
    family, family_latin = _split(rng.choice(of["family"]))
    family_first = bool(of.get("family_first"))
    address = _address(rng, given_latin, family_latin, rng.choice(of["domains"]), seen)
    return Person(
        name=f"{family} {given}" if family_first else f"{given} {family}",
        given="" if family_first else given,
        address=address,
        language=language,
        country=of["country"],
        time_zone=of["time_zone"],
        phone=_phone(of["phone"], numbers) if rng.random() < 0.4 else "",
    )


def _split(entry: str) -> tuple[str, str]:
    """A name as written, and in the letters of an e-mail address."""
    written, _, latin = entry.partition("=")
    plain = unicodedata.normalize("NFKD", (latin or written).translate(_LATIN)).encode("ascii", "ignore").decode()
    return written, re.sub(r"[^a-z]+", "", plain.lower())


def _address(rng: random.Random, given: str, family: str, domain: str, seen: set[str]) -> str:
    patterns = [
        f"{given}.{family}",
        f"{given[:1]}.{family}",
        f"{given}{family}",
        f"{family}.{given}",
        f"{given}_{family}",
    ]
    local = rng.choice(patterns)
    address = f"{local}@{domain}"
    while address in seen:
        address = f"{local}{rng.randrange(1940, 2010)}@{domain}"
    return address


def _phone(pattern: str, numbers: dict[str, int]) -> str:
    """The next number of the range, '' when the range is used up."""
    digits = re.search(r":0(\d)d", pattern)
    number = numbers[pattern] = numbers.get(pattern, -1) + 1
    return pattern.format(number) if digits and number < 10 ** int(digits.group(1)) else ""
