"""A time in business hours, written as people write it: "30 min", "4 h", "1 h 30", "2 d"."""

from __future__ import annotations

import re
from typing import Any

from django import forms

DAY = 8 * 60  # minutes; what a service level calls a day
LONGEST = 250 * DAY
_PIECE = re.compile(r"(\d{1,6}(?:[.,]\d{1,2})?)\s*(days?|d|hours?|h|minutes?|min|m)?\s*", re.IGNORECASE)
_UNIT = {"d": DAY, "h": 60, "m": 1}


class MinutesField(forms.CharField):
    """Cleans to whole minutes of business time, or None when empty; a day has eight hours."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 30)
        super().__init__(**{"required": False, **options})

    def clean(self, value: Any) -> int | None:
        written = super().clean(value).strip()
        return _minutes(written) if written else None

    def prepare_value(self, value: Any) -> Any:
        return in_words(value) if isinstance(value, int) else value


def in_words(minutes: int) -> str:
    """As it may be written: "1 d 2 h 30 min"."""
    days, rest = divmod(minutes, DAY)
    hours, left = divmod(rest, 60)
    pieces = [f"{days} d" if days else "", f"{hours} h" if hours else "", f"{left} min" if left else ""]
    return " ".join(piece for piece in pieces if piece)


def _minutes(written: str) -> int:
    total, at, unit = 0.0, 0, "h"
    while at < len(written):
        piece = _PIECE.match(written, at)
        if piece is None:
            raise forms.ValidationError("Write a time such as 30 min, 4 h, 1 h 30 or 2 d.")
        # A number without a unit is of the next smaller one: "1 h 30"; alone it is minutes.
        unit = (piece[2] or ("m" if at == 0 or unit == "h" else "h"))[0].lower()
        total += float(piece[1].replace(",", ".")) * _UNIT[unit]
        at = piece.end()
    if not 1 <= total <= LONGEST:
        raise forms.ValidationError(f"Between one minute and {LONGEST // DAY} days.")
    return round(total)
