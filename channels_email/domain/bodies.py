"""What a mail says and what came with it, out of its tree of parts."""

import re
from dataclasses import dataclass, field

from channels_email.domain.attachments import attachment as file_of
from channels_email.domain.attachments import from_part, is_tnef, open_tnef
from channels_email.domain.calendar_event import read_event
from channels_email.domain.calendar_text import invitation
from channels_email.domain.charsets import decode
from channels_email.domain.flowed import unflow
from channels_email.domain.html_text import html_to_text
from channels_email.domain.mime import SIGNED_TYPES, Part
from channels_email.domain.parsed import CalendarEvent, ParsedAttachment
from channels_email.domain.sanitise import MAX_HTML, bare_text, sanitise
from channels_email.domain.transfer import cut_encoded_files

_DECLARED_IN_HTML = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EMPTY_HTML = re.compile(r"(?:\s|&nbsp;|<[^<>]*>)*")
_TEXT_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html",
                         "text/watch-html"})  # fmt: skip
_EXTRA_FORMS = frozenset({"text/x-amp-html", "text/watch-html"})  # for a few programs; the same again
_HTML_UNDECLARED = re.compile(rb"\s*<(?:!doctype html|html)\b", re.IGNORECASE)
_REPORT_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status", "message/feedback-report",
                           "message/disposition-notification", "text/rfc822-headers", "message/partial"})  # fmt: skip


@dataclass(slots=True)
class Body:
    """`text` is everything readable in order. `plain` and `html` are the two forms of the mail's own words, without
    attached mails; `html` is sanitised, `html_text` what it says where
    that is known already. `event`: the first that it invites to.
    """

    text: str = ""
    plain: str = ""
    html: str = ""
    html_text: str = ""
    attachments: list[ParsedAttachment] = field(default_factory=list)
    event: CalendarEvent | None = None
    defects: dict[str, None] = field(default_factory=dict)


class _Reader:
    """Collects while walking: pieces of text in order, of HTML, files."""

    def __init__(self, *, mark_quotes: bool, html_left: int = MAX_HTML, within: bool = False) -> None:
        """`html_left`: so many characters of HTML may still be read as such. `within`: an attached mail is read, which
        has those attached to it in itself.
        """
        self.mark_quotes, self.html_left, self.within = mark_quotes, html_left, within
        self.texts: list[str] = []
        self.plains: list[str] = []
        self.htmls: list[str] = []
        self.invitations: list[str] = []
        self.shadowed = 0  # within forms of a text that is shown in another one
        self.body = Body()

    def read(self, part: Part) -> None:
        if part.main_type == "multipart" and part.children:
            if part.content_type == "multipart/alternative":
                self._alternative(part)
            else:
                for child in part.children:
                    self.read(child)
        elif part.content_type in SIGNED_TYPES and part.children:
            self.body.attachments.append(from_part(part, inline=False))
            self.read(part.children[0])
        elif part.children:
            self._attached_mail(part)
        elif is_tnef(part):
            self._tnef(part)
        elif part.content_type in _TEXT_TYPES and part.disposition != "attachment":
            self._text(part)
        elif self.within and part.content_type in {"message/rfc822", "message/global"}:
            pass  # too deep to be opened; it stands in the file of the mail around it
        elif part.content.strip() or part.filename:
            self._file(part)

    def _alternative(self, part: Part) -> None:
        """Of several forms of one text the plain one is the text and the richest one the HTML; other forms that hold
        words nowhere else (a calendar invitation) are files.
        """
        plains = [child for child in part.children if child.content_type == "text/plain" and child.content.strip()]
        others = [child for child in part.children if child.content_type != "text/plain"]
        richer = [child for child in others if child.content_type not in _EXTRA_FORMS] or others
        said: list[str] = []
        for plain in plains:
            said.extend(self._plain(plain, shown=False))
        before, told = len(self.texts), any(piece.strip() for piece in said)
        self.shadowed += told
        for child in richer:
            self.read(child)
        self.shadowed -= told
        if told:
            del self.texts[before:]
            self.texts.extend(said)
        self.plains.extend(said)

    def _text(self, part: Part) -> None:
        if part.content_type == "text/plain" and not part.declared and _HTML_UNDECLARED.match(part.content[:100]):
            self._html(self._decoded(part))
        elif part.content_type == "text/plain":
            self.plains.extend(self._plain(part, shown=True))
        elif part.content_type in {"text/html", *_EXTRA_FORMS}:
            self._html(self._decoded(part))
        else:
            self.texts.append(bare_text(self._decoded(part)))
            self.plains.append(self.texts[-1])
        if part.filename:
            self.body.attachments.append(from_part(part, inline=True))

    def _plain(self, part: Part, *, shown: bool) -> list[str]:
        content, files = cut_encoded_files(part.content) if b"begin" in part.content else (part.content, ())
        for name, file in files:
            self.body.attachments.append(file_of(file, name=name, content_type="", inline=False))
        text = self._decoded(part, content)
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
        if shown:
            self.texts.append(text)
        return [text]

    def _html(self, source: str) -> None:
        self.html_left -= len(source)
        clean = sanitise(source) if self.html_left >= 0 else None
        if clean is None:
            self._note("the HTML is too large or too deep and was read as bare text")
            self.texts.append(bare_text(source))
            self.plains.append(self.texts[-1])
            return
        if not self.shadowed:
            self.texts.append(html_to_text(clean, mark_quotes=self.mark_quotes))
            self.body.html_text = "" if self.htmls else self.texts[-1]
        if not _EMPTY_HTML.fullmatch(clean[:2_000]) or len(clean) > 2_000 or "<img" in clean:
            self.htmls.append(clean)

    def _attached_mail(self, part: Part) -> None:
        """A mail within the mail is a file; its words belong to the text below a header block, its files to ours."""
        if not self.within:
            self.body.attachments.append(from_part(part, inline=False))
        inner = part.children[0]
        reader = _Reader(mark_quotes=self.mark_quotes, html_left=self.html_left, within=True)
        reader.read(inner)
        self.html_left = reader.html_left
        self.body.defects.update(reader.body.defects)
        self.body.attachments.extend(reader.body.attachments)
        shown = [f"{label}: {inner.head.text(label.lower())}" for label in ("From", "Date", "To", "Subject")
                 if inner.head.has(label.lower())]  # fmt: skip
        words = "\n\n".join(piece.strip("\n") for piece in reader.texts if piece.strip())
        self.texts.append("\n".join(shown) + "\n\n" + words)

    def _tnef(self, part: Part) -> None:
        opened = open_tnef(part.content)
        if opened is None:
            self._note("an Outlook container could not be opened")
            self._file(part)
            return
        text, html, files = opened.text, opened.html, opened.files
        if not any(piece.strip() for piece in self.plains + self.htmls):
            if html.strip():
                self._html(html)
            elif text.strip():
                self.texts.append(text)
                self.plains.append(text)
        self.body.attachments.extend(files)
        if not opened.complete:
            self._note("the text of an Outlook container is damaged or too long and was read in part")
        if not opened.complete or (not files and not text.strip() and not html.strip()):
            self._file(part)

    def _file(self, part: Part) -> None:
        if part.content_type in _REPORT_TYPES and not part.filename:
            self.texts.append(self._decoded(part))
        elif part.content_type == "text/calendar":
            calendar = self._decoded(part)
            self.invitations.append(invitation(calendar))
            self.body.event = self.body.event or read_event(calendar)
        if part.content_type not in {"application/applefile", "message/delivery-status"} or part.filename:
            self.body.attachments.append(from_part(part))

    def _decoded(self, part: Part, content: bytes | None = None) -> str:
        content = part.content if content is None else content
        charset = part.charset
        if part.content_type == "text/html" and not charset and (found := _DECLARED_IN_HTML.search(content[:2_000])):
            charset = found[1].decode("ascii")
        text, remark = decode(content, charset)
        if remark:
            self._note(remark)
        if "\x00" in text:
            self._note("NUL bytes were removed")
        return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"))

    def _note(self, defect: str) -> None:
        self.body.defects[defect] = None


def read_body(root: Part, *, mark_quotes: bool = True) -> Body:
    """Read all words and files of a mail. `mark_quotes`: HTML marked as quoted by the mail program is shown with `>`
    (not for forwarded mail, where it is the news).
    """
    reader = _Reader(mark_quotes=mark_quotes)
    if root.main_type == "message" and root.children:
        reader.read(root.children[0])
        reader.body.attachments.insert(0, from_part(root, inline=False))
    else:
        reader.read(root)
    body = reader.body
    if not any(piece.strip() for piece in reader.texts):
        reader.texts.extend(reader.invitations)
        reader.plains.extend(reader.invitations)
    body.text = _together(reader.texts)
    body.plain = _together(reader.plains)
    body.html = "\n".join(reader.htmls)
    if len(reader.htmls) > 1:
        body.html_text = ""
    return body


def words_of_html(body: Body, *, mark_quotes: bool = True) -> str:
    """What the HTML of a mail says; `mark_quotes` as it was read."""
    return body.html_text or html_to_text(body.html, mark_quotes=mark_quotes) if body.html else ""


def _together(pieces: list[str]) -> str:
    return "\n\n".join(piece.strip("\n") for piece in pieces if piece.strip())
