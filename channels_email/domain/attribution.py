"""The lines that mail programs put over quoted mail: "On … wrote:", in the words of many languages.

Every question looks at a few lines of limited length, so a whole mail is read in linear time.
"""

import re
from collections.abc import Sequence

from channels_email.domain import quote_words as words

MAX_LINE = 400  # characters of a line that are looked at
AROUND = " \t*_|>-–—‐=~#\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069\ufeff\xa0"
EMAIL = re.compile(r"[\w.+%$'*/=?^`{|}~-]{1,80}@[\w.-]{1,80}")
MAX_LOOKS = 400  # lines looked at closely: no mail has more lines that end like an attribution
_LONGEST = 500  # characters of all its lines together
_SHORTEST_RUN = 45
_LONGEST_NAMED = 240
_WINDOW = 4  # lines over which such a line may have been wrapped
_ENDS = (":", "：", "；", ";")
_TIME = re.compile(r"(?<![\d./-])\d{1,2}\s?[.:hH時时시]\s?\d{2}(?![./-]?\d)")
_DATE = re.compile(
    r"\d{1,2}[.:h]\d{2}|\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}|\b(?:19|20|25)\d{2}\b|\d{1,2}\s?(?:年|月|日|년|월|일)|"
    r"(?:\b\d{1,2}(?:st|nd|rd|th)?\.? (?:de )?[^\W\d]{3,9}\b|\b[^\W\d]{3,9}\.? \d{1,2}\b)"
)
_IN_BRACKETS = re.compile(
    r"[<(\[\u202a]\s*(?:mailto:)?\s?[^\s<>()]{1,80}@[^\s<>()]{1,80}\s?[>)\]]?|[\"”»’'] ?<? ?[^\s<>]{1,80}@"
)
_NAMED_ABOVE = re.compile(r"[^@:]{0,80}<[^@<>\s]{1,80}@[^<>\s]{1,80}>?[^@]{0,70}(?<![.!?])")
_BY = re.compile(r"\b(?:by|от|від|von|de|da|di|fra|från|van|par|por|od|ze strany)\s[^@]{0,60}@")
_YEAR = re.compile(r"(?<!\d)(?:19|20|25)\d{2}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2}|[年년]")
_LABELLED = re.compile(r"[^\W\d]{2,}\s?[:：]")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_SENTENCE = re.compile(r"[!?]|[a-zà-ÿ]{3}\. ?[A-Z]")


def pattern(phrases: Sequence[str], before: str = r"(?<!\w)", after: str = r"(?!\w)") -> re.Pattern[str]:
    """One of the phrases as whole words; scripts without blanks between words have no word ends."""
    spaced = [phrase for phrase in phrases if not _without_blanks(phrase)]
    joined = "|".join(re.escape(phrase) for phrase in sorted(spaced, key=len, reverse=True))
    glued = "|".join(re.escape(phrase) for phrase in sorted(set(phrases) - set(spaced), key=len, reverse=True))
    return re.compile(rf"{before}(?:{joined}){after}" + (rf"|(?:{glued})" if glued else ""))


def _without_blanks(phrase: str) -> bool:
    return any("\u0e00" <= sign <= "\u0e7f" or "\u3040" <= sign <= "\uffef" for sign in phrase)


_WROTE = pattern(words.WROTE)
_WROTE_COLON = re.compile(rf"(?:{_WROTE.pattern})\s?[:：](?=\s+\S)")
_BEGINS = re.compile(
    r"\W*(?:\d|"
    + pattern([*words.BEGINS, *words.WEEKDAYS_AND_MONTHS], before="").pattern
    + "|(?:"
    + "|".join(words.BEGINS_GLUED)
    + "))"
)
_QUOTING = pattern(words.QUOTING, before=r"^\W*")
_YOU_WROTE = pattern(words.YOU_WROTE)
_DATE_WORDS = frozenset(words.WEEKDAYS_AND_MONTHS) | frozenset(words.BEGINS)


def attributions(lines: Sequence[str], quoted: Sequence[bool]) -> dict[int, int]:
    """Where each "On … wrote:" begins, and the line after its last."""
    found: dict[int, int] = {}
    looks = 0
    for at, line in enumerate(lines):
        if quoted[at] or line[:1] == "|" or not (tail := line[-MAX_LINE:].rstrip(AROUND)):
            continue
        runs_on = len(line) > _SHORTEST_RUN and _runs_on(line)
        if runs_on or _could_end(tail):
            looks += 1
            if looks > MAX_LOOKS:
                break
            start = at if runs_on else _start(lines, quoted, at)
            if start is not None:
                found[start] = at + 1
    return found


def wrote(line: str) -> bool:
    """Whether a single line is such an attribution."""
    joined = line[:MAX_LINE].strip(AROUND)
    return bool(joined) and _could_end(joined) and _is_dated(joined, leads_quote=True)


def _runs_on(line: str) -> bool:
    """Whether the quoted mail goes on behind "On … wrote:" on the same line: Yahoo on telephones, lost line ends."""
    if "@" not in line[:MAX_LINE]:
        return False
    found = _WROTE_COLON.search(line[:MAX_LINE].lower())
    before = line[: found.end()].strip(AROUND) if found else ""
    return bool(before) and _DATE.search(before) is not None and _BEGINS.match(before.lower()) is not None


def _could_end(tail: str) -> bool:
    if tail.endswith(_ENDS):
        return True
    return "@" in tail[-100:] or bool(_WROTE.search(tail[-60:].lower()))


def _start(lines: Sequence[str], quoted: Sequence[bool], at: int) -> int | None:
    """The line on which the attribution that ends on line `at` begins, None when it is none."""
    following = next((n for n in range(at + 1, min(at + 6, len(lines))) if lines[n].strip()), len(lines))
    leads_quote = following < len(lines) and quoted[following]
    windows = _windows(lines, quoted, at)
    for start, joined in windows:
        first = lines[start][:MAX_LINE].strip(AROUND)
        if start < at and not (_BEGINS.match(first.lower()) and _DATE.search(first)):
            continue
        if _is_dated(joined, leads_quote=leads_quote):
            return _further_up(lines, quoted, start)
    windows = [(start, joined) for start, joined in windows[:3] if len(joined) < _LONGEST_NAMED]
    led = [one for one in windows if "@" in one[1] and (one[0] == at or _names_writer(lines[one[0]]))]
    for start, joined in led or windows[:1]:
        if _is_named(joined, leads_quote=leads_quote):
            return start
    return None


def _names_writer(line: str) -> bool:
    return _NAMED_ABOVE.fullmatch(line[:MAX_LINE].strip(AROUND)) is not None


def _windows(lines: Sequence[str], quoted: Sequence[bool], at: int) -> list[tuple[int, str]]:
    """The line at `at`, then with one more line above it each, up to an empty, quoted or long one."""
    found: list[tuple[int, str]] = []
    joined = ""
    for start in range(at, max(-1, at - _WINDOW), -1):
        line = lines[start][:MAX_LINE].strip(AROUND)
        if not line or quoted[start] or len(lines[start]) > MAX_LINE:
            break
        joined = f"{line} {joined}" if joined else line
        if len(joined) > _LONGEST:
            break
        found.append((start, joined))
    return found


def _further_up(lines: Sequence[str], quoted: Sequence[bool], start: int) -> int:
    """A date broken over lines: "On Nov 21, 2014," above "at 10:18, Ana wrote:", or a name above its date."""
    above = lines[start - 1][:MAX_LINE].strip(AROUND) if start else ""
    if above and not quoted[start - 1] and _NAMED_ABOVE.fullmatch(above) and "@" not in lines[start]:
        return start - 1
    broken = above.endswith((",", "،")) or lines[start].strip()[:1].islower()
    if above and broken and not quoted[start - 1] and len(above) < 60 and _BEGINS.match(above.lower()):
        return start - 1 if _DATE.search(above) else start
    return start


def _is_dated(joined: str, *, leads_quote: bool) -> bool:
    """It begins with a date or a word before dates."""
    low = joined.lower()
    if not _BEGINS.match(low):
        return False
    dated, mailed = bool(_DATE.search(low)), bool(EMAIL.search(low))
    verb = _WROTE.search(low)
    if not _ends(low):  # "2012/4/7 Ana <ana@shop.example>" over quoted lines: Gmail before 2013
        if verb and low.startswith("am ") and _TIME.search(low) and len(low) < 120:
            return low[-1].isalnum() or low[-1] == ">"  # "Am … um … schrieb Ana": GMX, and people who tidy up
        return leads_quote and low[0].isdigit() and dated and mailed and len(EMAIL.sub("", low)) < 60
    if verb:
        timed = _TIME.search(low) is not None and _few_other_words(joined, at_most=3)
        return mailed or leads_quote or (dated and (timed or _is_whole_date(joined)))
    named = leads_quote or _IN_BRACKETS.search(low) is not None or _BY.search(low) is not None
    return dated and mailed and named and len(joined) < 200 and not _SENTENCE.search(joined)


def _is_whole_date(joined: str) -> bool:
    """Whether the line has a date with a year, a month or a weekday in it and is no sentence besides."""
    whole = _YEAR.search(joined) or any(word in _DATE_WORDS for word in re.findall(r"[^\W\d]{3,}", joined.lower()))
    return bool(whole) and _few_other_words(joined, at_most=0)


def _is_named(joined: str, *, leads_quote: bool) -> bool:
    """It begins with the name or address of who wrote, or with a word for quoting."""
    low = joined.lower()
    mail, verb, ends = EMAIL.search(low), _WROTE.search(low), _ends(low)
    dated, timed = bool(_DATE.search(low)), bool(_TIME.search(low))
    if not ends:
        first = mail is not None and (leads_quote or bool(_TIME.search(low, mail.end())))
        return first and dated and timed and not _LABELLED.search(low) and _little_else(joined)
    if _QUOTING.match(low) or (_YOU_WROTE.search(low) and dated):
        return bool(mail or dated or leads_quote)
    if verb:
        if mail or (leads_quote and len(joined) < 100):
            return True
        return dated and timed and _few_other_words(joined, at_most=0)
    if mail and leads_quote and ends and len(joined) < 100 and _IN_BRACKETS.search(low):
        return not _SENTENCE.search(joined) and _few_other_words(joined)
    placed = leads_quote or _IN_BRACKETS.search(low) is not None or _BY.search(low) is not None
    return bool(mail and dated and placed) and not _SENTENCE.search(joined) and _few_other_words(joined)


def _few_other_words(joined: str, *, at_most: int = 2) -> bool:
    """Whether hardly any word in it belongs to a sentence: names are capital, the rest are dates and verbs."""
    rest = _WROTE.sub(" ", EMAIL.sub(" ", joined))
    return _other_words(rest) <= at_most


def _little_else(joined: str) -> bool:
    """Whether it holds nothing but a name, an address and a date."""
    rest = EMAIL.sub(" ", joined)
    return len(rest) < 90 and not _other_words(rest)


def _other_words(rest: str) -> int:
    plain = (word for word in _LONG_WORD.findall(rest) if word == word.lower() != word.upper())
    return sum(1 for word in plain if word not in _DATE_WORDS)


def _ends(low: str) -> bool:
    return low.endswith((*_ENDS, *words.WROTE))
