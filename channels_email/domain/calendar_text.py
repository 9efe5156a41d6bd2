"""What an invitation says (iCalendar, RFC 5545), for mails that hold nothing else."""

import re

MAX_LENGTH = 200_000  # characters that are looked at
_SHOWN = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "ORGANIZER", "STATUS", "DESCRIPTION")
_LABELS = {"DTSTART": "Start", "DTEND": "End", "LOCATION": "Where", "ORGANIZER": "Organiser", "STATUS": "Status"}
FIELD = re.compile(r"([A-Z-]{1,40})((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)")
_WHEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
NAMED = re.compile(r";CN=\"?([^;:\"]+)")
ESCAPED = re.compile(r"\\([nN,;\\])")


def invitation(source: str) -> str:
    """The first event in a few lines: what, when, where, who and the description; empty when there is none."""
    unfolded = re.sub(r"\r?\n[ \t]", "", source[:MAX_LENGTH])
    inside = unfolded.partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0].partition("BEGIN:VALARM")[0]
    fields: dict[str, tuple[str, str]] = {}
    for line in inside.splitlines():
        if found := FIELD.match(line):
            fields.setdefault(found[1], (found[2], found[3]))
    said = [_line(name, *fields[name]) for name in _SHOWN if name in fields and fields[name][1].strip()]
    return "\n".join(said)


def _line(name: str, parameters: str, value: str) -> str:
    text = ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
    if name in {"DTSTART", "DTEND"} and (when := _WHEN.match(text)):
        zone = "UTC" if when[6] else (re.search(r"TZID=\"?([^;:\"]+)", parameters) or ["", ""])[1]
        text = f"{when[1]}-{when[2]}-{when[3]}" + (f" {when[4]}:{when[5]} {zone}".rstrip() if when[4] else "")
    elif name == "ORGANIZER":
        address = text.removeprefix("mailto:").removeprefix("MAILTO:")
        text = f"{named[1]} <{address}>" if (named := NAMED.search(parameters)) else address
    elif name == "STATUS":
        text = text.capitalize()
    return f"{_LABELS[name]}: {text}" if name in _LABELS else f"\n{text}" if name == "DESCRIPTION" else text
