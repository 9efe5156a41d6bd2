"""Text of sanitised HTML, laid out as the plain text of a mail: quoted mail with `>`, a signature behind `-- `."""

import re
from html import unescape

# Well-formed by construction: the sanitiser wrote it, quotes within attributes are escaped.
TOKEN = re.compile(r'<(/?)([a-z0-9]+)((?:\s+[\w:-]+="[^"]*")*)\s*/?>|([^<]+)|<')
_SPACE = re.compile(r"[ \t\r\n\f]+")
MARKS = re.compile(r'\s(?:class|id|name)="([^"]*)"')
BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "figcaption",
        "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre",
        "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "caption",
    ]
)  # fmt: skip
_SPACED = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "dl",
        "blockquote",
        "pre",
        "table",
    ]
)
VOID = frozenset({"br", "hr", "img", "wbr", "col"})
_QUOTES = frozenset(
    [
        "AppleOriginalContents", "bloop_original_html", "freshdesk_quote", "gmail_attr", "gmail_quote",
        "gmail_quote_attribution", "gmail_quote_container", "history_container", "hs_reply", "isReplyContent",
        "mail-editor-reference-message-container", "mail_quote", "messageReplySection", "quote",
        "mailcontent_history", "moz-cite-prefix", "ms-outlook-mobile-reference-message", "ntes-mailmaster-quote",
        "OLK_SRC_BODY_SECTION", "protonmail_quote", "reply-intro", "tutanota_quote", "yahoo_quoted", "zm_quoted",
        "zmail_extra",
    ]
)  # fmt: skip
_REST_IS_QUOTED = frozenset({"divRplyFwdMsg", "appendonsend", "stopSpelling", "OutlookMessageHeader", "replySplit"})
_SIGNATURES = frozenset(
    [
        "AppleMailSignature", "bloop_sign", "composer_signature", "edo-signature", "front-signature",
        "gmail_signature", "lineBreakAtBeginningOfSignature", "mb_sig", "messageSignatureSection",
        "moz-signature", "ms-outlook-mobile-signature", "ntes-pcmac-signature", "protonmail_signature_block",
        "Signature", "yahoo-signature", "ydp-yahoo-signature", "Zm-_Id_-Sgn",
    ]
)  # fmt: skip
_RULED = re.compile(
    r"border-top:\s?(?:[\w.#]+ ){0,2}solid|border-(?:style|top-style):\s?solid none none|border-top-style"
)
_BOLD_LABEL = re.compile(r"<(?:b|strong)\b[^>]{0,200}>(?:<[^>]{0,200}>)*[^<]{1,40}[:：]")
_FORWARD = re.compile(r"(?:\s|<[^<>]*>|&nbsp;){0,200}(?:-{2,}|‐{2,}|Begin forwarded|_{5,})")


def html_to_text(clean: str, *, mark_quotes: bool = True) -> str:
    """Lines of `clean` (the result of `sanitise`). Without `mark_quotes` only `blockquote` is shown as quoted; a
    forwarded mail is read so. White space is collapsed as browsers do; what is hidden by style is left out.
    """
    page = Page(mark_quotes=mark_quotes)
    for found in TOKEN.finditer(clean):
        closing, tag, attributes, text = found[1], found[2], found[3], found[4]
        if tag is None:
            page.write(unescape(text or "<"))
        elif closing:
            page.leave(tag)
        else:
            page.enter(tag, attributes, clean, found.end())
    return page.text()


class Page:
    """Lines written so far and the elements that are open; `depth`: how deep in quoted mail the next word stands."""

    def __init__(self, *, mark_quotes: bool) -> None:
        self.mark_quotes = mark_quotes
        self.lines: list[str] = []
        self.line: list[str] = []
        self.depth = 0
        self.hidden = 0
        self.preformatted = 0
        self.lists: list[int | None] = []
        self.open: list[tuple[str, int, int]] = []  # tag, what it added to the quote depth, whether it hides
        self.signature_comes = False
        self.blank_comes = False

    def enter(self, tag: str, attributes: str, clean: str, at: int) -> None:
        if tag == "br":
            self.end_line(force=True)
            if attributes and self.mark_quotes and not self.depth and "OfSignature" in attributes:
                self.signature_comes = True
            return
        if tag in BLOCKS:
            self.end_line()
            self.blank_comes = self.blank_comes or tag in _SPACED
        quoted, hides = 0, 0
        if attributes or tag == "blockquote":
            quoted, hides = self._meaning(tag, attributes, clean, at)
        if tag == "hr":
            self.write("_" * 32)
            self.end_line()
        if tag in VOID:
            return
        self._lay_out(tag)
        if quoted:
            self.end_line()
        self.depth += quoted
        self.hidden += hides
        self.open.append((tag, quoted, hides))

    def _lay_out(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._bullet()
        elif tag == "pre":
            self.preformatted += 1
        elif tag in {"td", "th"} and self.line:
            self.line.append("  ")

    def leave(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end_line()
            self.blank_comes = self.blank_comes or tag in _SPACED
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        elif tag == "pre":
            self.preformatted = max(0, self.preformatted - 1)
        while self.open:
            name, quoted, hides = self.open.pop()
            if quoted:
                self.end_line()
            self.depth -= quoted
            self.hidden -= hides
            if name == tag:
                break
        if tag == "blockquote" and self.depth == 1:
            self._answers_come()

    def _answers_come(self) -> None:
        """Within what a program marks as quoted, its own words and the quotation come first; what stands below the
        quotation somebody wrote between its lines.
        """
        for number in range(len(self.open) - 1, -1, -1):
            name, quoted, hides = self.open[number]
            if quoted:
                if name != "blockquote":
                    self.end_line()
                    self.open[number] = (name, 0, hides)
                    self.depth -= quoted
                return

    def write(self, text: str) -> None:
        if self.hidden:
            return
        if self.preformatted:
            first, *others = text.split("\n")
            self.line.append(first)
            for other in others:
                self.end_line(force=True)
                self.line.append(other)
            return
        text = _SPACE.sub(" ", text)
        if self.signature_comes and text.strip(" \xa0"):
            self._delimit_signature()
        if not self.line or self.line[-1].endswith(" "):
            text = text.lstrip(" ")
        if text:
            self.line.append(text)

    def end_line(self, *, force: bool = False) -> None:
        """Close the line; an empty one is written only when `force` (a line break of its own)."""
        line = "".join(self.line).replace("\xa0", " ").rstrip()
        self.line.clear()
        if not line and not force:
            return
        prefix = ">" * self.depth + (" " if self.depth and line else "")
        if self.blank_comes and self.lines and self.lines[-1].strip("> "):
            self.lines.append(prefix.rstrip() if self.lines[-1].startswith(">") else "")
        self.blank_comes = False
        self.lines.append(prefix + line)

    def text(self) -> str:
        self.end_line()
        kept: list[str] = []
        blanks = 0
        for line in self.lines:
            blanks = 0 if line.strip("> ") else blanks + 1
            if blanks <= 2:
                kept.append(line)
        return "\n".join(kept).strip("\n")

    def _bullet(self) -> None:
        if self.lists and self.lists[-1] is not None:
            self.lists[-1] += 1
            self.line.append(f"{self.lists[-1]}. ")
        else:
            self.line.append("- ")

    def _delimit_signature(self) -> None:
        self.signature_comes = False
        if self.line or not self.mark_quotes:
            return
        last = next((line for line in reversed(self.lines) if line.strip()), "")
        if last.strip() not in {"--", "-- "}:
            self.lines.append("-- ")

    def _meaning(self, tag: str, attributes: str, clean: str, at: int) -> tuple[int, int]:
        """How much deeper quoted the element's text is, and whether it is hidden."""
        hides = int("display:none" in attributes)
        if tag == "blockquote":
            indented = "border:none" in attributes or "border-left:none" in attributes
            return int(not indented or 'type="cite"' in attributes), hides
        found = MARKS.findall(attributes) if tag != "a" else []
        marks = frozenset(word for names in found for word in names.split())
        if not self.mark_quotes:
            return 0, hides
        if not marks and tag == "div" and not self.depth and self.lines and _is_header_block(attributes, clean, at):
            marks = _REST_IS_QUOTED
        if marks & _REST_IS_QUOTED and not self.depth:
            self.end_line()
            self.depth += 1
            return 0, hides
        if marks & _SIGNATURES and not self.depth:
            self.signature_comes = True
        if marks & _QUOTES and not self.depth:
            return int(_FORWARD.match(clean, at) is None), hides
        return 0, hides


def _is_header_block(attributes: str, clean: str, at: int) -> bool:
    """Whether a ruled box begins with three bold labels or more, as Outlook puts it over a mail in any language."""
    if not _RULED.search(attributes):
        return False
    first = _BOLD_LABEL.search(clean, at, at + 400)
    return first is not None and len(_BOLD_LABEL.findall(clean, at, at + 2_500)) >= 3
