"""The parts of a mail (RFC 2045, 2046), within limits that a hostile mail cannot stretch: never raises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels_email.domain.headers import Head, read_head
from channels_email.domain.opaque import signed_content
from channels_email.domain.parameters import read_parameters
from channels_email.domain.transfer import decoded

MAX_DEPTH = 30
SIGNED_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
MAX_PARTS = 10_000
MAX_WITHIN = 4
"""Mails within mails are opened as long as they are together no larger than so many times the whole, or than:"""
FREELY_WITHIN = 4_000_000  # bytes
_BOUNDARY_GUESS = re.compile(
    rb"^--([^\s-][^\r\n]{0,200}?|-[^\r\n]{1,200}?)[ \t]*\r?\n(?:Content-|\r?\n)", re.MULTILINE | re.IGNORECASE
)
_TYPE = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One node. `content` is decoded from transfer, empty for a multipart. `declared`: the mail names a content type.
    A message/rfc822 has its bytes as content and the mail within as its only child; so has a signed S/MIME container.
    """

    head: Head = field(repr=False)
    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    content_id: str
    content: bytes = field(repr=False)
    children: tuple["Part", ...]
    declared: bool = True

    @property
    def main_type(self) -> str:
        return self.content_type.partition("/")[0]

    @property
    def charset(self) -> str:
        return self.parameters.get("charset", "")

    def leaves(self) -> Iterator["Part"]:
        """Every part that is no multipart, in order, not going into attached mails."""
        if self.main_type == "multipart" and self.children:
            for child in self.children:
                yield from child.leaves()
        else:
            yield self


class _Walk:
    """What one walk over a mail counts: parts read so far, how much may still be opened, and what was wrong."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.parts = 0
        self.left = max(MAX_WITHIN * len(raw), FREELY_WITHIN)
        self.defects: dict[str, None] = {}

    def note(self, *defects: str) -> None:
        if len(self.defects) < 100:
            self.defects.update(dict.fromkeys(defects))

    def into(self, content: bytes) -> "_Walk":
        """The walk over what stands within, which counts on."""
        inner = _Walk(content)
        inner.parts, inner.left = self.parts, self.left - len(content)
        return inner

    def out_of(self, inner: "_Walk") -> None:
        self.parts, self.left = inner.parts, inner.left
        self.note(*inner.defects)


def read_parts(raw: bytes) -> tuple[Part, tuple[str, ...]]:
    """The tree of parts and what was wrong with it, in words."""
    walk = _Walk(raw)
    root = _read(walk, 0, len(raw), depth=0, default="text/plain")
    return root, tuple(walk.defects)


def _read(walk: _Walk, start: int, end: int, *, depth: int, default: str) -> Part:
    walk.parts += 1
    head = read_head(walk.raw, start, end)
    walk.note(*head.defects)
    content_type, parameters = read_parameters(head.raw("content-type"))
    declared = bool(_TYPE.fullmatch(content_type))
    if content_type and not declared:
        walk.note(f"content type {content_type[:60]!r} makes no sense")
        content_type = "text/html" if content_type == "html" else "text/plain" if content_type == "text" else ""
    content_type = content_type if declared else content_type or default
    disposition, wishes = read_parameters(head.raw("content-disposition"))
    filename = wishes.get("filename") or parameters.get("name") or wishes.get("name") or ""
    content, children, content_type = _body(walk, head, content_type, parameters, end, depth)
    return Part(
        head=head,
        content_type=content_type,
        parameters=parameters,
        disposition=disposition if disposition in {"inline", "attachment", "form-data", "signature"} else "",
        filename=filename,
        content_id=head.text("content-id").strip("<> "),
        content=content,
        children=children,
        declared=declared,
    )


def _body(
    walk: _Walk, head: Head, content_type: str, parameters: dict[str, str], end: int, depth: int
) -> tuple[bytes, tuple[Part, ...], str]:
    """Content, children and the content type that the body really has."""
    encoding = head.text("content-transfer-encoding")
    if content_type.startswith("multipart/"):
        if encoding.strip().lower() in {"base64", "quoted-printable"} and walk.raw.find(b"\n--", head.body_at, end) < 0:
            content, _ = decoded(walk.raw[head.body_at : end], encoding)
            return _embedded(walk, content, depth, content_type, parameters)
        children = _multipart(walk, head, content_type, parameters, end, depth)
        if children:
            return b"", children, content_type
        walk.note("a multipart without any part was read as text")
        content_type = "text/plain"
    content, remark = decoded(walk.raw[head.body_at : end], encoding)
    if remark:
        walk.note(remark)
    within = content if content_type in {"message/rfc822", "message/global"} else None
    if content_type in SIGNED_TYPES:
        within = signed_content(content)
    if within and (depth >= MAX_DEPTH or len(within) > walk.left):
        walk.note("a mail within a mail within a mail was not opened")
    elif within and within.strip():
        inner = walk.into(within)
        child = _read(inner, 0, len(within), depth=depth + 1, default="text/plain")
        walk.out_of(inner)
        return content, (child,), content_type
    return content, (), content_type


def _embedded(
    walk: _Walk, content: bytes, depth: int, content_type: str, parameters: dict[str, str]
) -> tuple[bytes, tuple[Part, ...], str]:
    """A multipart that was encoded as a whole, which no standard allows."""
    walk.note("a multipart was encoded as a whole")
    inner = walk.into(content)
    children = _multipart(inner, Head((), 0, ()), content_type, parameters, len(content), depth)
    walk.out_of(inner)
    return (b"", children, content_type) if children else (content, (), "text/plain")


def _multipart(
    walk: _Walk, head: Head, content_type: str, parameters: dict[str, str], end: int, depth: int
) -> tuple[Part, ...]:
    if depth >= MAX_DEPTH:
        walk.note(f"parts nested deeper than {MAX_DEPTH} were not opened")
        return ()
    boundary = parameters.get("boundary", "").encode("utf-8", "replace")
    spans = list(_spans(walk, boundary, head.body_at, end)) if boundary else []
    if not spans:
        guessed = _BOUNDARY_GUESS.search(walk.raw, head.body_at, min(end, head.body_at + 20_000))
        if guessed and guessed[1] != boundary:
            walk.note("the boundary between parts is not the one declared")
            spans = list(_spans(walk, guessed[1], head.body_at, end))
    default = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
    children = []
    for start, stop in spans:
        if walk.parts >= MAX_PARTS:
            walk.note(f"only the first {MAX_PARTS:,} parts were read")
            break
        children.append(_read(walk, start, stop, depth=depth + 1, default=default))
    return tuple(children)


def _spans(walk: _Walk, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each part between two delimiter lines starts and ends, its last line end left to the delimiter."""
    raw, marker = walk.raw, b"--" + boundary.rstrip()
    opened = -1
    at = raw.find(marker, start, end)
    while at >= 0:
        after = at + len(marker)
        rest = raw[after : min(after + 100, end)].split(b"\n", 1)[0].strip()
        starts_line = at == start or raw[at - 1 : at] == b"\n"
        if starts_line and rest in {b"", b"--"}:
            if opened >= 0:
                yield opened, _before_line_end(raw, opened, at)
            newline = raw.find(b"\n", after, end)
            opened = end if newline < 0 else newline + 1
            if rest == b"--":
                return
        at = raw.find(marker, after, end)
    if 0 <= opened < end:
        walk.note("the last part is cut off")
        yield opened, end


def _before_line_end(raw: bytes, opened: int, at: int) -> int:
    if at > opened and raw[at - 1 : at] == b"\n":
        at -= 1
        if at > opened and raw[at - 1 : at] == b"\r":
            at -= 1
    return at
