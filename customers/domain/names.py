"""Names: what a sender calls itself, and whether one may greet by it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NOT_A_PERSON = re.compile(
    r"\b(?:team|support|service|sales|office|info|admin|shop|store|gmbh|ltd|inc|llc|corp|company|ab|oy|as|bv|sarl|"
    r"noreply|no-reply|mailer|daemon|newsletter|billing|accounts?|customer|department|dept|reception|group|club|via)\b",
    re.IGNORECASE,
)
# Scripts written family name first and without a space between the names.
_FAMILY_FIRST = re.compile(r"[぀-ヿ㐀-鿿가-힯]")


@dataclass(frozen=True)
class PersonName:
    """A plausible name of a person: the whole, and what to call them ('' where the order of names is not clear)."""

    full: str
    given: str


def person_name(shown: str, address: str = "") -> PersonName | None:
    """The person's name in a display name such as `"Ångström, Zoë (Sales)"`, or None when it is not surely one."""
    name = unicodedata.normalize("NFC", shown)
    name = re.sub(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]", " ", name[:200])
    name = " ".join(name.strip(" \t\"'<>,;").split())
    if not name or "@" in name or name.lower() == address.partition("@")[0].lower():
        return None
    if any(unicodedata.category(c)[0] not in "LMZ" and c not in "-'’.,·" for c in name) or _NOT_A_PERSON.search(name):
        return None
    if name.count(",") == 1:
        family, given = (part.strip() for part in name.split(","))
        name = f"{given} {family}".strip()
    words = name.split()
    if _FAMILY_FIRST.search(name):
        return PersonName(full=name, given="") if len(name) <= 20 else None
    if not 2 <= len(words) <= 5 or any(len(word.strip(".")) == 0 for word in words):
        return None
    if name.isupper() or name.islower():
        name = " ".join("-".join(part[:1].upper() + part[1:].lower() for part in word.split("-")) for word in words)
        words = name.split()
    given = words[0] if len(words[0].strip(".")) > 1 else ""
    return PersonName(full=name, given=given)
