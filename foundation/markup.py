"""HTML that people of the house write: cleaned to what a letter needs, and turned into plain text."""

from __future__ import annotations

import re
from html import escape

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

_TAGS = {
    *("p", "br", "b", "strong", "i", "em", "u", "s", "a", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "img"),
    *("h1", "h2", "h3", "h4", "div", "span", "table", "thead", "tbody", "tr", "td", "th"),
}
_BLOCKS = {"p", "div", "ul", "ol", "blockquote", "pre", "table", "tr", "h1", "h2", "h3", "h4", "hr"}


def clean(html: str) -> str:
    """`html` with the tags and attributes of a letter only; links to web, mail and phone, pictures by `cid:`."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "img": {"src", "alt", "width", "height"}, "td": {"colspan", "rowspan"}},
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer",
    )


def from_text(text: str) -> str:
    """Plain text as HTML paragraphs."""
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip("\n"))
    return "".join("<p>{}</p>".format(escape(part).replace("\n", "<br>")) for part in paragraphs if part)


def as_text(html: str) -> str:
    """Cleaned HTML as plain text: blank lines between paragraphs, marks before list items, links with their address."""
    lines: list[str] = [""]
    body = LexborHTMLParser(html).body
    if body is not None:
        _walk(body, lines)
    text = "\n".join(" ".join(line.split()) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _walk(root: LexborNode, lines: list[str]) -> None:
    """Appends to `lines` without recursion, so that deep nesting costs time but no stack."""
    stack: list[tuple[LexborNode, bool]] = [(root, True)]
    while stack:
        node, entering = stack.pop()
        if node.tag == "-text":
            lines[-1] += re.sub(r"\s+", " ", node.text_content or "")
        elif not entering:
            _leave(node, lines)
        else:
            _enter(node, lines)
            stack.append((node, False))
            child = node.last_child
            while child is not None:
                stack.append((child, True))
                child = child.prev


def _enter(node: LexborNode, lines: list[str]) -> None:
    if node.tag == "br":
        lines.append("")
    elif node.tag == "li":
        lines.append(f"{_item_mark(node)} ")
    elif node.tag in {"td", "th"} and lines[-1].strip():
        lines[-1] += " | "
    elif node.tag in _BLOCKS and lines[-1].strip():
        lines.append("")


def _leave(node: LexborNode, lines: list[str]) -> None:
    if node.tag == "a" and (href := (node.attributes or {}).get("href")) and href not in lines[-1]:
        lines[-1] += f" <{href}>"
    if node.tag in _BLOCKS:
        lines += [""] if node.tag in {"tr", "div"} else ["", ""]


def _item_mark(node: LexborNode) -> str:
    parent = node.parent
    if parent is None or parent.tag != "ol":
        return "-"
    position, before = 1, node.prev
    while before is not None:
        position += before.tag == "li"
        before = before.prev
    return f"{position}."
