"""The files of a mail: names decoded and made safe, types sniffed, containers of other mailers opened."""

import hashlib
import logging
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from tnefparse import TNEF

from channels_email.domain.charsets import decode
from channels_email.domain.mime import Part
from channels_email.domain.parsed import ParsedAttachment
from channels_email.domain.rtf_compressed import decompress
from channels_email.domain.rtf_text import read_rtf

logging.getLogger("tnefparse").setLevel(logging.CRITICAL)  # a stranger's damaged file is no news to operators

MAX_NAME = 180  # characters: with its folder within the 255 bytes of a file system, also in UTF-8 of short scripts
_SEPARATORS = re.compile(r"[/\\\x00-\x1f\x7f<>:\"|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "application/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"<?xml", "application/xml"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
    (0, b"BEGIN:VCARD", "text/vcard"),
    (0, b"-----BEGIN PGP", "application/pgp"),
)
_HTML = re.compile(rb"\s*(?:<!doctype\s+html|<html|<script|<svg)", re.IGNORECASE)
_TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


def sniff(content: bytes) -> str:
    """What the first bytes say the content is, empty when they say nothing."""
    for offset, signature, content_type in _SIGNATURES:
        if content.startswith(signature, offset):
            return content_type
    found = _HTML.match(content[:1_000])
    return ("image/svg+xml" if b"svg" in found[0].lower() else "text/html") if found else ""


def safe_name(name: str) -> str:
    """The last part of a path without anything that a file system or a screen could misread; the extension survives
    shortening. Empty when nothing is left.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2] if _is_path(name) else name)
    name = _SEPARATORS.sub("_", name).strip(" .")
    name = re.sub(r"\s+", " ", name)
    if not name.strip("_"):
        return ""
    stem, dot, extension = name.rpartition(".")
    if len(name) > MAX_NAME and dot and len(extension) <= 10:
        return f"{stem[: MAX_NAME - len(extension) - 1]}.{extension}"
    return name[:MAX_NAME]


def attachment(content: bytes, *, name: str, content_type: str, inline: bool, content_id: str = "") -> ParsedAttachment:
    """A file out of its bytes."""
    return ParsedAttachment(
        filename=safe_name(name),
        content_type=content_type or sniff(content) or "application/octet-stream",
        sniffed_type=sniff(content),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        inline=inline,
        content_id=content_id,
    )


def from_part(part: Part, *, inline: bool | None = None) -> ParsedAttachment:
    """A part as a file. An image with a Content-ID is taken to be part of the text unless the mail calls it an
    attachment.
    """
    if inline is None:
        shown = part.disposition == "inline" or (not part.disposition and bool(part.content_id))
        inline = shown and part.main_type in {"image", "text"}
    name = part.filename
    if not name and part.head.has("content-location"):
        name = part.head.text("content-location").rpartition("/")[2].partition("?")[0]
        name = name if "." in name else ""
    return attachment(
        part.content, name=name, content_type=part.content_type, inline=inline, content_id=part.content_id
    )


def is_tnef(part: Part) -> bool:
    """An Outlook container (winmail.dat), by type or by its first bytes."""
    named = part.filename.lower() in {"winmail.dat", "win.dat"}
    return part.content_type in _TNEF_TYPES or (named and part.content.startswith(b"\x78\x9f\x3e\x22"))


@dataclass(frozen=True, slots=True)
class Container:
    """What is in an Outlook container. `complete`: all of its words were read."""

    text: str
    html: str
    files: tuple[ParsedAttachment, ...]
    complete: bool = True


def open_tnef(content: bytes) -> Container | None:
    """Open an Outlook container ([MS-OXTNEF]); None when it cannot be opened. Often its words are RTF alone."""
    try:
        box = TNEF(content, do_checksum=False)
        text, html = _as_text(box.body), _as_text(box.htmlbody)
        files = tuple(_tnef_files(box))
        rich = box.rtfbody
    except Exception:  # noqa: BLE001 - the reader raises whatever a damaged container makes it stumble over
        return None
    if text.strip() or html.strip() or not isinstance(rich, bytes):
        return Container(text, html, files)
    source, whole = decompress(rich)
    text, html, read = read_rtf(source)
    return Container(text, html, files, complete=whole and read)


def _tnef_files(box: TNEF) -> Iterator[ParsedAttachment]:
    for item in box.attachments:
        name = _as_text(item.long_filename() or item.name).strip("\x00 ")
        if isinstance(item.data, bytes) and item.data:
            yield attachment(item.data, name=name, content_type=sniff(item.data), inline=False)


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return decode(value)[0]
    return value if isinstance(value, str) else ""


def _is_path(name: str) -> bool:
    return "/" in name or bool(re.match(r"(?:[A-Za-z]:)?\\", name)) or name.count("\\") > 1
