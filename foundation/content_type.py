"""What content is, from its first bytes. Only types that can be told for sure; HTML and SVG are plain text here.

Signatures: the WHATWG MIME Sniffing Standard, section 6, and the formats' own specifications.
"""

SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"OggS\x00", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-elf"),
)
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
BRANDS = {b"avif": "image/avif", b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif"}
OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
UNKNOWN = "application/octet-stream"
BINARY = bytes(code for code in range(32) if code not in b"\t\n\x0c\r\x1b")


def sniff(head: bytes) -> str:
    """The content type of what begins with `head` (some thousand bytes are enough)."""
    for signature, content_type in SIGNATURES:
        if head.startswith(signature):
            return content_type
    if head[:4] == b"RIFF":
        return RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"PK\x03\x04":
        return _zipped(head)
    if head and (head.startswith((b"\xff\xfe", b"\xfe\xff")) or head.translate(None, BINARY) == head):
        return "text/plain"
    return UNKNOWN


def _zipped(head: bytes) -> str:
    if head[30:38] == b"mimetype":  # OpenDocument and EPUB name themselves in their first entry
        length = int.from_bytes(head[18:22], "little")
        name = head[38 : 38 + length]
        if name.startswith(b"application/") and name.isascii() and length < 100:
            return name.decode()
    return next((content_type for part, content_type in OFFICE if part in head), "application/zip")
