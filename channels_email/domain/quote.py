"""What is new in a reply: without quoted history and signature, answers between quoted lines kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from channels_email.domain.attribution import (
    attributions,
    header_block_end,
    is_forward_marker,
    is_label,
    is_original_marker,
    reply_above_markers,
)
from channels_email.domain.signature import split_signature

MAX_SPLIT = 40_000  # the rest is one long line
MAX_LINES = 3_000  # lines beyond are own words unless they are marked: no history begins that late
_QUOTED = re.compile(r"[ \t]{0,3}(?:>|＞|\| )")
_LONG_RULER = re.compile(r"_{20,}\s*$")
_MARK_BEGINS = frozenset(" \t>＞|")
_BROKEN_ADDRESS = re.compile(r">[^>]{0,40}[:：]\s*$")
_FEW_QUOTED = 3  # without a line that announces it, fewer marked lines are the writer's own way of writing
_RULER = re.compile(r"[ \t]*[-_=*–—‐]{3,}[ \t]*$")


@dataclass(frozen=True, slots=True)
class Reply:
    """`text` is what is new, `signature` what the writer's program or the writer put under it. `forwarded`: the mail
    passes another one on, which then is part of `text`. `history`: something quoted was left out.
    """

    text: str
    signature: str
    forwarded: bool
    history: bool


def read_reply(text: str, *, forwarded: bool = False, from_html: bool = False) -> Reply:
    """Split the plain text of a mail. `forwarded`: the subject says that the mail was passed on, so a header block
    within it leads to the news and not to history. `from_html`: each `>` stands for a mark of the mail program.
    Linear in the length of the text.
    """
    lines = [line.rstrip() for line in text.split("\n", MAX_SPLIT)]
    scan = _Scan(lines, forwarded=forwarded, from_html=from_html)
    scan.run()
    if scan.passed_on is not None:
        note = scan.own_lines()
        return Reply("\n".join(note).strip("\n"), "", forwarded=True, history=False)
    return scan.reply()


def _opens_address(line: str) -> bool:
    """Whether it ends like "… <ana@example.com", whose `>` was wrapped into the next line."""
    tail = line[-200:]
    return not _QUOTED.match(line[:10]) and "<" in tail and ">" not in tail[tail.rfind("<") :]


class _Scan:
    """One pass over the lines, collecting stretches of own words."""

    def __init__(self, lines: list[str], *, forwarded: bool, from_html: bool) -> None:
        self.lines = lines
        self.forwarded = forwarded
        self.from_html = from_html
        self.quoted = [
            line[:1] in _MARK_BEGINS and bool(_QUOTED.match(line[:10])) and not is_original_marker(line)
            for line in lines
        ]
        for at in range(1, len(lines)):
            if self.quoted[at] and _BROKEN_ADDRESS.match(lines[at][:60]) and _opens_address(lines[at - 1]):
                self.quoted[at] = False
        self.attributions = attributions(lines[:MAX_LINES], self.quoted)
        self.reply_above = reply_above_markers("\n".join(lines))
        self.stretches: list[list[str]] = [[]]
        self.last_before_history = False
        self.passed_on: int | None = None
        self.seen_attribution = False

    def run(self) -> None:
        at = 0
        while at < len(self.lines):
            if self.quoted[at]:
                if at and not self.quoted[at - 1]:
                    self._drop_ruler(_LONG_RULER)
                self._break()
                at += 1
            elif at >= MAX_LINES:
                self.stretches[-1].append(self.lines[at])
                at += 1
            elif self._is_remnant(at):
                at += 1
            elif self._passes_on(at):
                self.passed_on = at
                self.stretches[-1].extend(self.lines[at:])
                return
            elif (end := self._lead(at)) is not None:
                self._drop_ruler()
                self.seen_attribution = True
                if not self._quote_follows(end) and (end == len(self.lines) or self._has_words()):
                    self.last_before_history = True
                    return
                self._break()
                at = end
            else:
                self.stretches[-1].append(self.lines[at])
                at += 1

    def own_lines(self) -> list[str]:
        return [line for stretch in self.stretches for line in stretch]

    def reply(self) -> Reply:
        stretches = [stretch for stretch in self.stretches if any(line.strip() for line in stretch)]
        history = self.seen_attribution or any(self.quoted)
        if not self.seen_attribution and not self.from_html and sum(self.quoted) < _FEW_QUOTED:
            stretches, history = [self.lines], False
        if not stretches:
            everything = "" if self.seen_attribution else "\n".join(self.lines).strip("\n")
            return Reply(everything, "", forwarded=False, history=history)
        own: list[str] = []
        signatures: list[str] = []
        for number, stretch in enumerate(stretches):
            edge = number in {0, len(stretches) - 1}
            words, signature = split_signature(stretch, alone=len(stretches) == 1) if edge else (stretch, [])
            if words:
                own.append("\n".join(words).strip("\n"))
            signatures.extend(signature)
        text = "\n\n".join(own) or "\n".join(stretches[0]).strip("\n")
        return Reply(text, "\n".join(signatures).strip("\n"), forwarded=False, history=history)

    def _is_remnant(self, at: int) -> bool:
        """A quoted line that was wrapped on its way: its end lost the sign, the next line has it again."""
        if not 0 < at < len(self.lines) - 1 or not (self.quoted[at - 1] and self.quoted[at + 1]):
            return False
        above, line = self.lines[at - 1], self.lines[at].strip()
        return (
            len(above) >= 65
            and 0 < len(line) < 75
            and line[0].islower()
            and (above[-1:].isalnum() or above[-1:] == ",")
        )

    def _passes_on(self, at: int) -> bool:
        if self.seen_attribution:
            return False
        if is_forward_marker(self.lines[at]):
            return True
        return self.forwarded and is_label(self.lines[at]) and header_block_end(self.lines, at) is not None

    def _lead(self, at: int) -> int | None:
        """The line after what leads to history and begins at `at`."""
        line = self.lines[at]
        if at in self.attributions:
            return self.attributions[at]
        if self.reply_above and any(phrase in line[:400].lower() for phrase in self.reply_above):
            return len(self.lines)
        if is_original_marker(line):
            below = next((n for n in range(at + 1, min(at + 4, len(self.lines))) if self.lines[n].strip()), at + 1)
            block = header_block_end(self.lines, below) if below < len(self.lines) else None
            return block or self.attributions.get(below) or at + 1
        return header_block_end(self.lines, at) if is_label(line) else None

    def _quote_follows(self, end: int) -> bool:
        following = next((n for n in range(end, min(end + 8, len(self.lines))) if self.lines[n].strip()), None)
        return following is not None and self.quoted[following]

    def _has_words(self) -> bool:
        return any(line.strip() for stretch in self.stretches for line in stretch)

    def _drop_ruler(self, ruler: re.Pattern[str] = _RULER) -> None:
        """The line that a program draws over its header block is not the writer's."""
        stretch: Sequence[str] = self.stretches[-1]
        end = len(stretch)
        while end and not stretch[end - 1].strip():
            end -= 1
        if end and ruler.match(stretch[end - 1][:200]):
            end -= 1
        self.stretches[-1] = list(stretch[:end])

    def _break(self) -> None:
        if self.stretches[-1]:
            self.stretches.append([])
