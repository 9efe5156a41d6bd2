"""`manage.py receive_email [--mailbox A] [FILE|DIR …]`: raw mails through the real pipeline, one JSON line each."""

from __future__ import annotations

import json
import os
import sys
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from channels_email.domain.process import Processed, note_failure, postpone, process
from channels_email.domain.take_in import Origin, take_in
from channels_email.enums import Door, RawState
from channels_email.models import Mailbox


class Command(BaseCommand):
    help = (
        "Take raw mails in: files, all files of a folder, or one mail on standard input. Prints one JSON line each. "
        "Exit 75 when the database is away: what has no line yet was not taken and is to be handed in again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.usage = SUPPRESS  # a mistake is told in one clear line
        parser.add_argument(
            "--mailbox", metavar="ADDRESS", help="the mailbox they came to; else their recipients say it"
        )
        parser.add_argument("paths", nargs="*", type=Path, metavar="FILE|DIR", help="without any, standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = list(_files(options["paths"]))
        try:
            mailbox = _mailbox(options["mailbox"])
            for source, content in _mails(paths):
                self.stdout.write(json.dumps(self._take(content, source, mailbox), ensure_ascii=False))
        except BrokenPipeError:
            sys.exit(os.EX_OK)
        except (OperationalError, InterfaceError) as error:
            raise CommandError(
                f"The database is away, nothing is lost, try again later: {' '.join(str(error).split())}",
                returncode=os.EX_TEMPFAIL,
            ) from error
        except OSError as error:
            raise CommandError(f"Try again later: {error}", returncode=os.EX_TEMPFAIL) from error

    def _take(self, content: bytes, source: str, mailbox: Mailbox | None) -> dict[str, object]:
        raw = take_in(content, Origin(door=Door.CLI, mailbox=mailbox, source=source), announce=False)
        try:
            processed = process(raw.pk)
        except OSError as error:
            postpone(raw.pk)
            note_failure(raw.pk, error)
            raise
        if processed is None:
            raise CommandError(f"{source} is being processed elsewhere.", returncode=os.EX_TEMPFAIL)
        return describe(processed)


def describe(processed: Processed) -> dict[str, object]:
    """The stable surface of what became of a mail."""
    raw, received = processed.raw, processed.received
    message = received.message if received else None
    case = message.case if message else raw.case
    return {
        "result": _result(processed),
        "reason": raw.reason,
        "case": str(case.pk) if case else None,
        "case_number": case.number if case else None,
        "interaction": str(message.interaction_id) if message else None,
        "message": str(message.pk) if message else None,
        "customer": str(message.customer_id) if message else None,
        "raw": str(raw.pk),
    }


def _result(processed: Processed) -> str:
    if processed.raw.state == RawState.SPAM:
        return RawState.IGNORED  # the reason says that it was marked as spam
    if processed.raw.state != RawState.MESSAGE:
        return processed.raw.state
    return "created" if processed.received is not None and processed.received.opened else "appended"


def _mailbox(address: str | None) -> Mailbox | None:
    if address is None:
        if not Mailbox.objects.active().exists():
            raise CommandError(
                "There is no mailbox in use yet; make one on the settings page.", returncode=os.EX_CONFIG
            )
        return None
    mailbox = Mailbox.objects.active().filter(address=address.strip().lower()).first()
    if mailbox is None:
        known = ", ".join(Mailbox.objects.active().values_list("address", flat=True)) or "none"
        raise CommandError(f"There is no mailbox {address!r}; there are: {known}.", returncode=os.EX_USAGE)
    return mailbox


def _files(paths: list[Path]) -> Iterator[Path]:
    """The files named, and those directly in the folders named, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
        elif path.is_file():
            yield path
        else:
            raise CommandError(f"There is no file or folder {path}.", returncode=os.EX_NOINPUT)


def _mails(paths: list[Path]) -> Iterator[tuple[str, bytes]]:
    if not paths:
        yield "standard input", sys.stdin.buffer.read()
    for path in paths:
        yield str(path), path.read_bytes()
