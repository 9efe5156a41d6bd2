"""`manage.py parse_email [FILE …]`: what a mail says, as JSON. Needs no database and stores nothing."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from channels_email.domain.headers import Head
from channels_email.domain.message_ids import read_own
from channels_email.domain.parse import parse
from channels_email.domain.parsed import Address, ParsedAttachment, ParsedEmail
from channels_email.errors import Unreadable

EX_DATAERR = 65


class Command(BaseCommand):
    help = "Print one JSON object a line for each raw mail: files, or one mail on standard input."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="*", metavar="FILE", help="a raw mail (RFC 5322); without any, standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        paths = [Path(name) for name in options["files"]]
        for path in paths:
            if not path.is_file():
                raise CommandError(f"{path}: no such file")
        mails = (_content(path) for path in paths) if paths else iter([sys.stdin.buffer.read()])
        failed = False
        for mail in mails:
            line = describe(mail) if isinstance(mail, bytes) else {"error": mail}
            failed = failed or "error" in line
            self._write(json.dumps(line, ensure_ascii=False))
        if failed:
            sys.exit(EX_DATAERR)

    def _write(self, line: str) -> None:
        """UTF-8 whatever the terminal's locale is."""
        buffer = getattr(self.stdout._out, "buffer", None)  # noqa: SLF001 - Django's wrapper hides the bytes below it
        if buffer is None:
            self.stdout.write(line)
        else:
            buffer.write(line.encode("utf-8", "replace") + b"\n")
            buffer.flush()


def describe(raw: bytes) -> dict[str, object]:
    """The stable surface of a parsed mail, or `{"error": text}`."""
    try:
        return _as_json(parse(raw, is_ours=_is_ours))
    except Unreadable as refused:
        return {"error": str(refused)}
    except Exception as failure:  # noqa: BLE001 - promised: never a traceback, whatever the bytes
        return {"error": f"not understood: {type(failure).__name__}"}


def _is_ours(head: Head) -> bool:
    return read_own(head.text("message-id")) is not None


def _content(path: Path) -> bytes | str:
    try:
        return path.read_bytes()
    except OSError as failure:
        return f"{path}: {failure.strerror}"


def _as_json(mail: ParsedEmail) -> dict[str, object]:
    authors = [_address(box) for box in mail.authors]
    return {
        "from": authors[0] if len(authors) == 1 else authors or None,
        "to": [_address(box) for box in mail.to],
        "cc": [_address(box) for box in mail.cc],
        "reply_to": [_address(box) for box in mail.reply_to],
        "subject": mail.subject,
        "date": mail.date.isoformat() if mail.date else None,
        "message_id": mail.message_id,
        "text": mail.text,
        "html": mail.html,
        "reply_text": mail.reply_text,
        "signature": mail.signature,
        "attachments": [_attachment(one) for one in mail.attachments],
        "kind": mail.kind.value,
        "bounce": {
            "recipients": [
                {"address": one.address, "status": one.status, "permanent": one.permanent}
                for one in mail.bounce.recipients
            ]
        }
        if mail.bounce
        else None,
        "defects": list(mail.defects),
    }


def _address(box: Address) -> dict[str, str]:
    return {"name": box.name, "address": box.address}


def _attachment(one: ParsedAttachment) -> dict[str, object]:
    return {
        "filename": one.filename,
        "content_type": one.content_type,
        "size": one.size,
        "sha256": one.sha256,
        "inline": one.inline,
        "content_id": one.content_id,
    }
