"""Lines that a program on the way has glued or torn: own words before "On … wrote:", an address on lines of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from channels_email.domain.attribution import EMAIL, MAX_LINE, wrote

# Words with a capital letter that programs begin such a line with; within a sentence they are written small.
_LEAD = re.compile(r"(?<=[^\s-])(?:\s*-{2,}\s*|[ \t]+)(?=(?:On|Am|Le|El|Il|Op|Em|Den|Dne|W dniu)[ \t]+[\w(])")
_TORN_ADDRESS = re.compile(r"[ \t]*\n(?:[ \t]*\n)?<[ \t]*\n?mailto:([^\n<>]{0,100}<[^\n<>]{1,100}>|[^\n<>]{1,100})\n?>")


def mend(text: str) -> str:
    """With an address that stands on lines of its own again in the line it belongs to."""
    return _TORN_ADDRESS.sub(r" <mailto:\1>", text) if "mailto:" in text else text


def apart(lines: Sequence[str]) -> Iterator[str]:
    """The lines, with own words and the "On … wrote:" behind them on a line each."""
    for line in lines:
        glued = _glued(line) if 20 < len(line) <= MAX_LINE and "@" in line else None
        if glued is None:
            yield line
        else:
            yield line[: glued.start()]
            yield line[glued.end() :]


def _glued(line: str) -> re.Match[str] | None:
    """Where the own words end; None unless the name or address of who wrote stands behind the date."""
    return next(
        (
            found
            for found in _LEAD.finditer(line)
            if EMAIL.search(line, found.end())
            and not EMAIL.search(line[: found.start()])
            and wrote(line[found.end() :])
        ),
        None,
    )
