"""HTML from strangers made harmless: an allow-list for tags, attributes, addresses and style. Nothing in it runs, and
nothing loads by itself but what the mail brought with it.
"""

import re
from functools import lru_cache
from html import escape, unescape

import nh3

from channels_email.domain import html_rules
from channels_email.domain.html_lengths import is_sane, is_sane_size

MAX_HTML = 2_000_000  # characters; a mail written by hand has a hundredth of it
MAX_TAGS = 30_000
MAX_REFERENCES = 60_000  # `&`: each costs the parser more than a tag
MAX_DEPTH = 400
_SAFE_VALUE = re.compile(r"[\w\s#%.,()'\"+!/-]{1,300}")
_CALL = re.compile(r"([\w-]*)\s*\(")
_PICTURE = re.compile(r"data:image/(?:png|gif|jpe?g|webp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)
_IMAGE = re.compile(r'<img((?:\s+[\w:-]+="[^"]*")*)\s*/?>')
_SOURCE = re.compile(r'\ssrc="([^"]*)"')
_REMOTE = re.compile(r'\sdata-remote-src="([^"]*)"')
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ANY_TAG = re.compile(r"<[^<>]*>")
_VOID = frozenset(
    [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ]
)  # fmt: skip


def sanitise(html: str) -> str | None:
    """Clean HTML, None where it is longer than `MAX_HTML` or built to be slow: then only `bare_text` can be shown.

    An image from the web keeps its address in `data-remote-src`, so that it loads only when somebody asks
    (`show_images`); an image of the mail itself keeps `src="cid:…"`.
    """
    if len(html) > MAX_HTML or html.count("&") > MAX_REFERENCES or _too_deep(html):
        return None
    clean = nh3.clean(
        html.replace("\x00", ""),
        tags=set(html_rules.TAGS),
        clean_content_tags={
            "script",
            "style",
            "title",
            "noscript",
            "template",
            "iframe",
            "object",
            "svg",
            "math",
        },
        attributes=html_rules.ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return _IMAGE.sub(_withhold, clean)


def show_images(clean: str, by_content_id: dict[str, str], *, remote: bool) -> str:
    """Sanitised HTML ready to be shown: `cid:` images at the addresses of `by_content_id` (without brackets), those of
    the web only when `remote`.
    """

    def show(found: re.Match[str]) -> str:
        tag = found[0]
        source = _SOURCE.search(tag)
        if source and source[1].startswith("cid:"):
            address = by_content_id.get(source[1][4:], "")
            return _SOURCE.sub(lambda _: f' src="{escape(address)}"' if address else "", tag)
        return _REMOTE.sub(r' src="\1"', tag) if remote else tag

    return _IMAGE.sub(show, clean)


def bare_text(html: str) -> str:
    """Text without tags, in linear time whatever the input."""
    return unescape(_ANY_TAG.sub(" ", html[: 5 * MAX_HTML]))


def _too_deep(html: str) -> bool:
    """Counts open elements without parsing: the parser's work grows with the square of what is left open."""
    if html.count("<") > MAX_TAGS:
        return True
    depth = 0
    for closing, name in _TAG.findall(html):
        if closing:
            depth = max(0, depth - 1)
        elif name.lower() not in _VOID and name.lower() not in _SELF_CLOSING:
            depth += 1
            if depth > MAX_DEPTH:
                return True
    return False


_SELF_CLOSING = frozenset(
    [
        "p",
        "li",
        "td",
        "tr",
        "th",
        "dd",
        "dt",
        "option",
        "tbody",
        "thead",
        "tfoot",
    ]
)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return _style(value) or None
    if name in {"class", "id"}:
        kept = " ".join(filter(None, map(html_rules.quote_mark, value.split())))
        return kept or None
    if name == "name" and tag == "div":
        return value if value in html_rules.NAMED_MARKS else None
    if name in {"src", "href"}:
        return _link(tag, value)
    if name in {"width", "height"} and not is_sane_size(value):
        return None
    return value[:300]


def _link(tag: str, value: str) -> str | None:
    scheme = value.strip().partition(":")[0].lower()
    if tag == "img":
        if scheme == "data":
            return value if _PICTURE.fullmatch(value) else None
        return value.strip() if scheme in {"http", "https", "cid"} else None
    return value.strip() if scheme in {"http", "https", "mailto", "tel"} else None


@lru_cache(maxsize=2_000)
def _style(text: str) -> str:
    """The declarations that only change how text looks; `display` can hide, nothing can move or load, or
    make anything larger than a screen.
    """
    kept = []
    for declaration in text[:2_000].split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "mso-hide" and value == "all":
            name, value = "display", "none"
        if name not in html_rules.STYLE or not _SAFE_VALUE.fullmatch(value):
            continue
        if any(call.lower() not in {"rgb", "rgba", "hsl", "hsla"} for call in _CALL.findall(value)):
            continue
        if name.startswith(("margin", "text-indent", "letter-spacing")) and "-" in value:
            continue
        if not is_sane(name, value):
            continue
        kept.append(f"{name}:{value}")
    return ";".join(kept)


def _withhold(found: re.Match[str]) -> str:
    source = _SOURCE.search(found[0])
    if source and source[1][:4].lower() == "http":
        return _SOURCE.sub(r' data-remote-src="\1"', found[0])
    return found[0]
