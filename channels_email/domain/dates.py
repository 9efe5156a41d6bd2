"""The Date of a mail, as lenient as the mailers that wrote it."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_COMMENT = re.compile(r"\([^()]{0,100}\)")
_CLOCK_DOTS = re.compile(r"\b(\d{1,2})\.(\d{2})\.(\d{2})\b")


def read_date(text: str) -> datetime | None:
    """The moment with the offset that the mail gives (UTC where it gives none), None where there is no date in it."""
    text = _COMMENT.sub(" ", text[:200]).strip()
    if not text:
        return None
    for attempt in (text, _CLOCK_DOTS.sub(r"\1:\2:\3", text), text.replace("-", " ", 2)):
        if (moment := _rfc5322(attempt)) is not None:
            return moment
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _rfc5322(text: str) -> datetime | None:
    try:
        fields = parsedate_tz(text)
        if fields is None:
            return None
        year, month, day, hour, minute, second, *_ = fields
        offset = timedelta(seconds=fields[9] or 0)
        zone = timezone(offset) if abs(offset) < timedelta(hours=24) else UTC
        if not 1900 <= year <= 9998:  # a wrong century would sort above everything
            return None
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
