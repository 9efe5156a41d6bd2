"""The few things every template writes: an icon, a moment, a figure that keeps itself true."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, lru_cache

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from foundation import clock

register = template.Library()


@cache
def _sheet() -> str:
    return static("icons.svg")


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, extra: str = "", label: str = "") -> SafeString:
    """A symbol of static/icons.svg. Without `label` it only repeats the words beside it and is hidden from readers."""
    sheet = _sheet()
    if label:
        return format_html(
            '<svg class="icon {}" role="img" aria-label="{}"><title>{}</title><use href="{}#{}"></use></svg>',
            *(extra, label, label, sheet, name),
        )
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', extra, sheet, name)


@register.simple_tag
def moment(at: datetime | None, kind: str = "ago") -> SafeString | str:
    """A <time> that a behaviour keeps true; the exact moment in the reader's zone is its title.

    `kind`: ago ("12 m"), for (since then), left (until then), due ("12 m left", "3 m late"), day, exact,
    when ("at 14:03", "yesterday at 14:03", "on 3 Nov at 14:03").
    """
    if at is None:
        return ""
    local = timezone.localtime(at)
    exact = f"{local:%a} {local.day} {local:%b %Y, %H:%M}"
    words = _words(local, kind)
    live = kind if kind in _LIVE else ""
    return SafeString(f'<time datetime="{at.isoformat()}" title="{exact}" data-clock="{live}">{words}</time>')


_LIVE = {"ago", "for", "left", "due", "seconds"}


def _words(local: datetime, kind: str) -> str:
    return _WORDS.get(kind, _length)(local, clock.now())


def _ago(local: datetime, now: datetime) -> str:
    past = now - local
    if past < timedelta(minutes=1):
        return "now"
    return brief(past) if past < timedelta(days=7) else _date(local)


def _due(local: datetime, now: datetime) -> str:
    return f"{brief(local - now)} left" if local >= now else f"{brief(now - local)} late"


def _length(local: datetime, now: datetime) -> str:
    return brief(abs(now - local))


_WORDS: dict[str, Callable[[datetime, datetime], str]] = {
    "exact": lambda local, _: f"{local:%H:%M}",
    "day": lambda local, _: day_words(local),
    "when": lambda local, _: _when(local),
    "ago": _ago,
    "due": _due,
    "seconds": lambda local, now: str(max(0, round((local - now).total_seconds()))),
}


def brief(length: timedelta) -> str:
    """A length of time in two figures at most: 45 s, 12 m, 3 h 5 m, 4 d."""
    seconds = max(0, round(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} m"
    if seconds < 86_400:
        minutes = seconds % 3600 // 60
        return f"{seconds // 3600} h {minutes} m" if seconds < 36_000 and minutes else f"{seconds // 3600} h"
    return f"{seconds // 86_400} d"


def day_words(local: datetime) -> str:
    today = timezone.localtime(clock.now()).date()
    if local.date() == today:
        return "Today"
    if local.date() == today - timedelta(days=1):
        return "Yesterday"
    return f"{local:%A} {_date(local)}"


def _when(local: datetime) -> str:
    day = day_words(local)
    before = {"Today": "", "Yesterday": "yesterday "}.get(day, f"on {_date(local)} ")
    return f"{before}at {local:%H:%M}"


def _date(local: datetime) -> str:
    this_year = local.year == timezone.localtime(clock.now()).year
    return f"{local.day} {local:%b}" if this_year else f"{local.day} {local:%b %Y}"


@register.filter
def as_input(field: BoundField) -> SafeString:
    """The field's widget in the house's look; says itself which text describes it and whether it is wrong."""
    kind = getattr(field.field.widget, "input_type", "")
    attributes = {} if kind in {"checkbox", "radio"} else {"class": "input"}
    return field.as_widget(attrs=attributes)


@register.filter
def split_words(words: str) -> list[str]:
    return words.split()


@register.filter
def initial_of(form: BaseForm, name: str) -> object:
    """What a form's field begins with, '' for nothing: to hand a narrowing on to another form."""
    return form.initial.get(name) or ""


@register.filter
def brief_words(length: timedelta) -> str:
    """A length of time as a sentence says it: 15 minutes, 2 hours."""
    minutes = max(1, round(length.total_seconds() / 60))
    if minutes < 90:
        return f"{minutes} minute{'s' if minutes != 1 else ''}"
    return f"{round(minutes / 60)} hours"
