"""What is new in a reply: without quoted history and signature, answers between quoted lines kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from channels_email.domain.attribution import attributions
from channels_email.domain.header_block import (
    below_original,
    header_block_end,
    is_forward_marker,
    is_label,
    is_original_marker,
    is_reply_above,
    mentions_reply_above,
    notes_block_end,
)
from channels_email.domain.quote_marks import marked_lines, unannounced
from channels_email.domain.shared_line import apart, mend
from channels_email.domain.signature import NOBODY, Writer, split_signature

MAX_SPLIT = 40_000  # the rest is one long line
MAX_SIGNATURE = 2_000  # characters
MAX_BLOCKS = 300  # lines looked at closely for a header block that begins there
MAX_LINK = 2_010
MAX_LINES = 3_000  # lines beyond are own words unless they are marked: no history begins that late
_LONG_RULER = re.compile(r"_{20,}\s*$")
_RULER = re.compile(r"[ \t]*[-_=*–—‐]{3,}(?:[^-_=*–—‐\n]{1,80}[-_=*–—‐]{3,})?[ \t]*$")
_LINK = re.compile(r"[(<]?https?://[^\s<>]{1,2000}[)>]?(?: ?>)?")
_OPEN_LINK = re.compile(r"[(<]https?://[^\s()<>]{1,2000}$")
_INVISIBLE = "\u200b\u2060\ufeff"


@dataclass(frozen=True, slots=True)
class Reply:
    """`text` is what is new, `signature` what the writer's program or the writer put under it. `forwarded`: the mail
    passes another one on, which then is part of `text`. `history`: something quoted was left out.
    """

    text: str
    signature: str
    forwarded: bool
    history: bool


def read_reply(
    text: str, *, forwarded: bool = False, answers: bool = False, from_html: bool = False, writer: Writer = NOBODY
) -> Reply:
    """Split the plain text of a mail. `forwarded`: the subject says that the mail was passed on, so a header block
    within it leads to the news and not to history. `answers`: its head says that it answers another mail. `from_html`:
    each `>` stands for a mark of the mail program. Linear in the length of the text.
    """
    if "\u200b" in text or "\ufeff" in text or "\u2060" in text:
        text = "\n".join(_without_invisible(line) for line in text.split("\n"))
    lines = list(apart([line.rstrip() for line in mend(text).split("\n", MAX_SPLIT)]))
    scan = _Scan(lines, text, forwarded=forwarded, answers=answers, from_html=from_html, writer=writer)
    scan.run()
    if scan.passed_on is not None:
        note = scan.own_lines()
        return Reply("\n".join(note).strip("\n"), "", forwarded=True, history=False)
    return scan.reply()


def _without_invisible(line: str) -> str:
    """The line without characters of no width at its ends."""
    line = line.lstrip(_INVISIBLE)
    end = line.rstrip()
    return end.rstrip(_INVISIBLE) + line[len(end) :] if end[-1:] and end[-1] in _INVISIBLE else line


def without_signature(reply: Reply, signature: str) -> Reply:
    """The same without the signature that the HTML of the mail marks as one, where its text ends with it."""
    wanted = _letters(signature)
    if len(wanted) < 3 or len(signature) > MAX_SIGNATURE or not _letters(reply.text).endswith(wanted):
        return reply
    lines = reply.text.split("\n")
    for at in range(len(lines) - 1, 0, -1):
        below = _letters("\n".join(lines[at:]))
        if below == wanted:
            text = "\n".join(lines[:at]).rstrip(" \n-_–—")
            return replace(reply, text=text, signature="\n".join(lines[at:]).strip()) if text.strip() else reply
        if len(below) > len(wanted):
            break
    return reply


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


class _Scan:
    """One pass over the lines, collecting stretches of own words."""

    def __init__(
        self, lines: list[str], text: str, *, forwarded: bool, answers: bool, from_html: bool, writer: Writer
    ) -> None:
        self.lines = lines
        self.forwarded = forwarded
        self.answers = answers
        self.from_html = from_html
        self.writer = writer
        self.quoted = marked_lines(lines)
        self.attributions = attributions(lines[:MAX_LINES], self.quoted)
        self.reply_above = mentions_reply_above(text)
        self.stretches: list[list[str]] = [[]]
        self.passed_on: int | None = None
        self.seen_attribution = False
        self.blocks_looked_at = 0

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
        if not self.seen_attribution and not self.from_html and any(self.quoted):
            history = unannounced(self.lines, self.quoted, answers=self.answers)
            stretches = stretches if history else [self.lines]
        if not stretches:
            everything = "" if self.seen_attribution else "\n".join(self.lines).strip("\n")
            return Reply(everything, "", forwarded=False, history=history)
        own: list[str] = []
        signatures: list[str] = []
        for number, stretch in enumerate(stretches):
            edge = number in {0, len(stretches) - 1}
            alone = len(stretches) == 1 and not history
            words, signature = (
                split_signature(stretch, keep_something=alone, writer=self.writer) if edge else (stretch, [])
            )
            if words:
                own.append("\n".join(words).strip("\n"))
            signatures.extend(signature)
        return Reply("\n\n".join(own), "\n".join(signatures).strip("\n"), forwarded=False, history=history)

    def _is_remnant(self, at: int) -> bool:
        """A quoted line that was wrapped on its way: its end lost the sign, the next line has it again."""
        if not 0 < at < len(self.lines) - 1 or not (self.quoted[at - 1] and self.quoted[at + 1]):
            return False
        above, line = self.lines[at - 1], self.lines[at].strip()
        if _LINK.fullmatch(line) or (" " not in line and line[-1:] in ")>" and _OPEN_LINK.search(above[-MAX_LINK:])):
            return True
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
        return self.forwarded and self._block_end(at) is not None

    def _lead(self, at: int) -> int | None:
        """The line after what leads to history and begins at `at`."""
        line = self.lines[at]
        if at in self.attributions:
            return self.attributions[at]
        if self.reply_above and is_reply_above(line):
            return len(self.lines)
        if is_original_marker(line):
            below = next((n for n in range(at + 1, min(at + 4, len(self.lines))) if self.lines[n].strip()), at + 1)
            return self.attributions.get(below) or below_original(self.lines, at + 1)
        return self._block_end(at)

    def _block_end(self, at: int) -> int | None:
        if "@" in self.lines[at] and self.blocks_looked_at < MAX_BLOCKS:
            self.blocks_looked_at += 1
            if (end := notes_block_end(self.lines, at)) is not None:
                return end
        if not is_label(self.lines[at]) or self.blocks_looked_at >= MAX_BLOCKS:
            return None
        self.blocks_looked_at += 1
        return header_block_end(self.lines, at)

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
