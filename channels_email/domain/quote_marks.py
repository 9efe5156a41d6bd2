"""Which lines of a mail carry a mark of quoting (`>`, `|`) that a mail program set."""

import re
from collections.abc import Sequence

from channels_email.domain.attribution import wrote
from channels_email.domain.header_block import is_label, is_original_marker

_QUOTED = re.compile(r"[ \t]{0,3}(?:>|＞|\| )")
_BEGINS = frozenset(" \t>＞|")
_BROKEN_ADDRESS = re.compile(r">[^>]{0,40}[:：]\s*$")


def marked_lines(lines: Sequence[str]) -> list[bool]:
    """For each line whether it is quoted. A row of a table (`| a | b |`) is not, nor the `>` of an address that was
    wrapped into its line.
    """
    marked = [
        line[:1] in _BEGINS
        and bool(_QUOTED.match(line[:10]))
        and not (line.lstrip()[:1] == "|" and line.count("|") > 1)
        and not (line[:3] == ">>>" and is_original_marker(line))
        for line in lines
    ]
    for at in range(1, len(lines)):
        if marked[at] and _BROKEN_ADDRESS.match(lines[at][:60]) and _opens_address(lines[at - 1]):
            marked[at] = False
    return marked


def unannounced(lines: Sequence[str], marked: Sequence[bool], *, answers: bool) -> bool:
    """Whether the marked lines of a mail without "On … wrote:" are quoted mail all the same, and not the writer's own
    way of showing a command or a list. In an answer one line is enough, unless the writer leads to it with a colon.
    """
    firsts = [at for at, is_marked in enumerate(marked) if is_marked and (not at or not marked[at - 1])]
    if firsts and all(not line.strip("> \t") for line, is_marked in zip(lines, marked, strict=True) if is_marked):
        return True
    count = sum(marked)
    if any(is_label(content := lines[at].lstrip("> \t")) or wrote(content) for at in firsts[:50]):
        return True
    if all(lines[at].startswith((">>> ", "  ", "\t")) for at in firsts):
        return False  # lines typed into a console
    if not answers:
        return count >= 3
    led = sum(1 for at in firsts if _word_above(lines, at).endswith((":", "：")))
    return count > 0 and led * 2 < len(firsts)


def _word_above(lines: Sequence[str], at: int) -> str:
    return next((line.rstrip() for line in reversed(lines[max(0, at - 3) : at]) if line.strip()), "")


def _opens_address(line: str) -> bool:
    """Whether it ends like "… <ana@example.com", whose `>` was wrapped into the next line."""
    tail = line[-200:]
    return not _QUOTED.match(line[:10]) and "<" in tail and ">" not in tail[tail.rfind("<") :]
