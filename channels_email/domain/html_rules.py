"""What strangers' HTML may hold."""

import re

# Marks that mail programs put on quoted mail and signatures: kept, because reply extraction and folding read them.
QUOTE_MARKS = frozenset(
    [
        "appendonsend", "AppleMailSignature", "AppleOriginalContents", "bloop_original_html", "bloop_sign",
        "composer_signature", "divRplyFwdMsg", "edo-signature", "freshdesk_quote", "front-signature", "gmail_attr",
        "gmail_quote", "gmail_quote_attribution", "gmail_quote_container", "gmail_signature", "gmail_signature_prefix",
        "history_container", "hs_reply", "isReplyContent", "js-helper-quote", "lineBreakAtBeginningOfSignature",
        "mail-editor-reference-message-container", "mail_quote", "mailcontent_history", "mb_sig", "moz-cite-prefix",
        "moz-email-headers-table", "moz-forward-container", "moz-signature", "ms-outlook-mobile-body-separator-line",
        "ms-outlook-mobile-reference-message", "ms-outlook-mobile-signature", "ntes-mailmaster-quote",
        "ntes-pcmac-signature", "OLK_SRC_BODY_SECTION", "OutlookMessageHeader", "protonmail_quote",
        "protonmail_signature_block", "reply-intro", "replySplit", "Signature", "stopSpelling", "tutanota_quote",
        "yahoo-signature", "yahoo_quoted", "ydp-yahoo-signature", "zd-quote", "Zm-_Id_-Sgn", "zm_quoted", "zmail_extra",
    ]
)  # fmt: skip
NAMED_MARKS = frozenset({"messageReplySection", "messageSignatureSection", "quote"})  # the same as names of a `div`
_PREFIX = re.compile(r"(?:x_|yiv\d+|m_-?\d+)+")
_YAHOO = re.compile(r"ydp\w{0,40}signature")


def quote_mark(word: str) -> str:
    """The mark that a class or id stands for, empty for any other: some programs number theirs, others put a prefix
    before those of the mail that they answer or forward.
    """
    bare = _PREFIX.sub("", word, count=1)
    if bare in QUOTE_MARKS:
        return bare
    return "yahoo-signature" if _YAHOO.fullmatch(bare) else ""


TAGS = frozenset(
    [
        "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
        "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
        "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img",
        "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike",
        "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u",
        "ul", "var", "wbr",
    ]
)  # fmt: skip
# Properties that only change how text looks; `display` can hide, nothing can move or load.
STYLE = frozenset(
    [
        "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style",
        "border-bottom-width", "border-collapse", "border-color", "border-left", "border-left-color",
        "border-left-style", "border-left-width", "border-radius", "border-right", "border-right-color",
        "border-right-style", "border-right-width", "border-spacing", "border-style", "border-top", "border-top-color",
        "border-top-style", "border-top-width", "border-width", "color", "direction", "display", "font",
        "font-family", "font-size", "font-style", "font-variant", "font-weight", "height", "letter-spacing",
        "line-height", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top",
        "max-width", "min-width", "overflow-wrap", "padding", "padding-bottom", "padding-left", "padding-right",
        "padding-top", "text-align", "text-decoration", "text-indent", "text-transform", "unicode-bidi",
        "vertical-align", "white-space", "width", "word-break", "word-wrap",
    ]
)  # fmt: skip
_SIZED = {"width", "height", "align", "valign", "bgcolor"}
ATTRIBUTES = {
    "*": {"style", "class", "id", "dir", "lang", "title"},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "face", "size"},
    "table": _SIZED | {"border", "cellpadding", "cellspacing"},
    "td": _SIZED | {"colspan", "rowspan"},
    "th": _SIZED | {"colspan", "rowspan", "scope"},
    "tr": _SIZED,
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "blockquote": {"type"},
    "div": {"align", "name"},
    "p": {"align"},
    "hr": {"width", "size", "noshade"},
}
