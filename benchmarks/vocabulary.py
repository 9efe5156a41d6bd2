"""Words as people write them: five languages, a few very frequent words, and a tail that never ends (Zipf's law)."""

import json
import random
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

TAIL = 30_000  # made-up words of each language, behind its frequent ones
_SHIFT = 2.7  # Mandelbrot's: frequency ~ 1 / (rank + 2.7)
_DATA = json.loads(Path(__file__).with_name("vocabulary.json").read_text())
GIVEN: list[str] = _DATA["given"].split()
FAMILY: list[str] = _DATA["family"].split()


@dataclass(frozen=True)
class Language:
    code: str
    words: list[str]
    weights: list[float]  # cumulative, as random.choices wants them

    def text(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self.words, cum_weights=self.weights, k=count)


@cache
def languages() -> list[Language]:
    return [_language(code) for code in _DATA["frequent"]]


def any_language(chance: random.Random) -> Language:
    return chance.choices(languages(), weights=list(_DATA["share"].values()))[0]


@cache
def surnames() -> list[str]:
    """The well-known ones first, then thousands that are made of syllables."""
    chance = random.Random(7)
    made = [
        "".join(chance.choices(_language(code).words[200:], k=1)).capitalize() + chance.choice(("sson", "berg", "mann"))
        for code in ("sv", "de", "en")
        for _ in range(2_000)
    ]
    return list(dict.fromkeys([*FAMILY, *made]))


def sentence(words: list[str]) -> str:
    """Words with the capitals, stops and lines that a letter has."""
    lines: list[str] = []
    for start in range(0, len(words), 14):
        part = words[start : start + 14]
        lines.append(" ".join(part).capitalize() + (".\n\n" if start % 42 == 28 else "."))
    return " ".join(lines)


@cache
def _language(code: str) -> Language:
    chance = random.Random(code)
    words = dict.fromkeys(_DATA["frequent"][code].split())
    syllables, endings = (part.split() for part in _DATA["syllables"][code])
    while len(words) < TAIL:
        length = chance.choices((1, 2, 3, 4), weights=(2, 8, 6, 2))[0]
        words["".join(chance.choices(syllables, k=length)) + chance.choice(endings)] = None
    ranked = list(words)
    return Language(code, ranked, list(accumulate(1 / (rank + _SHIFT) for rank in range(1, len(ranked) + 1))))
