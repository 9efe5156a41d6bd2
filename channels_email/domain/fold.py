"""Where the HTML of a mail quotes: those stretches put under folds, with everything that is new left in sight."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape

from channels_email.domain.attribution import attributions
from channels_email.domain.header_block import header_block_end
from channels_email.domain.html_text import BLOCKS, MARKS, TOKEN, VOID, Page

MAX_DEPTH = 600  # elements; what is nested deeper is shown as it is
MAX_MISSING = 200  # lines; where more of what is new stand nowhere, the two forms of the mail are not one text
_OPENING = '<details class="quoted"><summary>Show what it quotes</summary>'
_CLOSING = "</details>"
# Who wrote when: alone it is no quotation.
_INTRODUCTIONS = frozenset({"gmail_attr", "gmail_quote_attribution", "moz-cite-prefix", "reply-intro"})
_LEAVES = frozenset({"img", "hr"})
# Elements whose children have fixed names: a fold can stand within these children only.
_FRAMES = frozenset({"table", "thead", "tbody", "tfoot", "tr", "colgroup", "ul", "ol", "dl"})
_PHRASING = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})  # a fold would end these
_WORD = re.compile(r"\w+")
_ITEM = re.compile(r"\s*(?:-|\d{1,6}\.)\s+")


@dataclass(slots=True)
class _Node:
    """An element or a stretch of text between two places of the source; `text` is what it says, for text alone."""

    tag: str
    start: int
    introduces: bool = False
    end: int = 0
    text: str = ""
    children: list[_Node] = field(default_factory=list)
    new: bool = False  # holds something that is not quoted
    quoted: bool = False
    weighs: bool = False  # quotes more than who wrote when


@dataclass(frozen=True, slots=True)
class _Fold:
    start: int
    end: int


def fold_quotes(clean: str, new: str, signature: str = "") -> str:
    """`clean` (a result of `sanitise`) with each stretch of quoted mail in a closed `details`. `new` is what of the
    mail is new and `signature` what stands under it, as text: a stretch that holds a line of `new` which stands nowhere
    else is not folded. Where a program marks nothing, what follows them is, if fields or "On … wrote" begin it.
    """
    root, words = _read(clean)
    if root is None:
        return clean
    if not root.quoted and (place := _history_at(words, new, signature)) is not None:
        root, words = _read(clean, place)
    folds = _without_news(list(_folds(root)), words, new) if root is not None else []
    pieces: list[str] = []
    at = 0
    for fold in folds:
        pieces += [clean[at : fold.start], _OPENING, clean[fold.start : fold.end], _CLOSING]
        at = fold.end
    return "".join([*pieces, clean[at:]])


def _read(clean: str, history: int | None = None) -> tuple[_Node | None, list[tuple[int, str]]]:
    """The tree with what is quoted in it, and the visible words by their places; no tree where it is too deep. From
    the place `history` on everything is quoted.
    """
    page = Page(mark_quotes=True)
    root = _Node("", 0, end=len(clean))
    open_nodes = [root]
    words: list[tuple[int, str]] = []
    for found in TOKEN.finditer(clean):
        if history is not None and found.start() >= history:
            page.depth, history = page.depth + 1, None
        closing, tag, attributes, text = found[1], found[2], found[3], found[4]
        if tag is None:
            text = unescape(text or "<")
            if not page.hidden:
                words.append((found.start(), text))
            _add_leaf(open_nodes, page, found, text, seen=bool(text.strip()))
            page.write(text)
            continue
        if tag in BLOCKS or tag in {"br", "td", "th"}:
            words.append((found.start(), "\n"))
        if closing:
            page.leave(tag)
            _close(open_nodes, tag, found)
            continue
        page.enter(tag, attributes, clean, found.end())
        if tag in VOID:
            _add_leaf(open_nodes, page, found, "", seen=tag in _LEAVES)
        elif len(open_nodes) > MAX_DEPTH:
            return None, words
        else:
            marks = {word for names in MARKS.findall(attributes) for word in names.split()}
            introduces = open_nodes[-1].introduces or bool(marks & _INTRODUCTIONS)
            node = _Node(tag, found.start(), introduces, end=len(clean))
            open_nodes[-1].children.append(node)
            open_nodes.append(node)
    while len(open_nodes) > 1:
        _settle(open_nodes)
    return root, words


def _add_leaf(open_nodes: list[_Node], page: Page, found: re.Match[str], text: str, *, seen: bool) -> None:
    above = open_nodes[-1]
    leaf = _Node("", found.start(), end=found.end(), text=text)
    if seen and not page.hidden:
        leaf.quoted = page.depth > 0
        leaf.new = not leaf.quoted
        leaf.weighs = leaf.quoted and not above.introduces
    above.children.append(leaf)
    _tell(above, leaf)


def _close(open_nodes: list[_Node], tag: str, found: re.Match[str]) -> None:
    while len(open_nodes) > 1:
        name = open_nodes[-1].tag
        open_nodes[-1].end = found.end() if name == tag else found.start()
        _settle(open_nodes)
        if name == tag:
            return


def _settle(open_nodes: list[_Node]) -> None:
    node = open_nodes.pop()
    _tell(open_nodes[-1], node)


def _tell(above: _Node, node: _Node) -> None:
    above.new |= node.new
    above.quoted |= node.quoted
    above.weighs |= node.weighs


def _folds(node: _Node) -> Iterator[_Fold]:
    """In the order of the source: runs of neighbours that only quote, mixed elements looked into."""
    if not node.quoted or node.tag in _PHRASING:
        return
    run: list[_Node] = []
    for child in node.children:
        if child.quoted and not child.new and node.tag not in _FRAMES:
            run.append(child)
        elif child.quoted or child.new:
            yield from _fold(run)
            run = []
            yield from _folds(child)
        elif run:
            run.append(child)
    yield from _fold(run)


def _fold(run: Sequence[_Node]) -> Iterator[_Fold]:
    if any(node.weighs for node in run):
        last = next(node for node in reversed(run) if node.quoted)
        yield _Fold(run[0].start, last.end)


def _without_news(folds: list[_Fold], words: Sequence[tuple[int, str]], new: str) -> list[_Fold]:
    """Those that hide no line of `new`; none where that cannot be told."""
    inside: list[list[str]] = [[] for _ in folds]
    outside: list[str] = []
    number = 0
    for at, text in words:
        while number < len(folds) and at >= folds[number].end:
            number += 1
        held = number < len(folds) and at >= folds[number].start
        (inside[number] if held else outside).append(text)
    visible = _plain("".join(outside))
    hidden = [_plain("".join(texts)) for texts in inside]
    at, missing = 0, []
    for line in new.splitlines():
        wanted = _plain(_ITEM.sub("", line, count=1))
        if not wanted.strip():
            continue
        found = visible.find(wanted, at)
        if found < 0:
            missing.append(wanted)
            if len(missing) > MAX_MISSING:
                return []
        else:
            at = found + len(wanted) - 1
    return [
        fold for fold, held_words in zip(folds, hidden, strict=True) if not any(line in held_words for line in missing)
    ]


def _history_at(words: Sequence[tuple[int, str]], new: str, signature: str) -> int | None:
    """Where the history begins that no program marked: right behind what is new and the signature, with a block of
    fields or who wrote when. None where the mail does not begin with exactly these words.
    """
    own = [word for text in (new, signature) for line in text.splitlines() for word in _WORD.findall(line.lower())]
    own = [word for word in own if word.strip("_")]
    read = 0
    for number, (_, text) in enumerate(words):
        told = [word for word in _WORD.findall(text.lower()) if word.strip("_")]
        if not told:
            continue
        if read == len(own):
            return words[number][0] if own and _leads_to_history(words[number:]) else None
        if own[read : read + len(told)] != told:
            return None
        read += len(told)
    return None


def _leads_to_history(words: Sequence[tuple[int, str]]) -> bool:
    lines = [line.strip() for line in "".join(text for _, text in words[:200]).splitlines() if line.strip()][:40]
    begins = attributions(lines, [False] * len(lines))
    return any(at in begins or header_block_end(lines, at) is not None for at in range(min(2, len(lines))))


def _plain(text: str) -> str:
    """Its words alone, each between two spaces."""
    return f" {' '.join(_WORD.findall(text.lower()))} "
