"""What a mail provider posts: its form or JSON, read whole and losslessly, and the mails that are in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from anymail.signals import AnymailInboundEvent
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict  # noqa: TID251 - this way in speaks HTTP
from django.utils.datastructures import MultiValueDict

from channels_email.domain.take_in import Origin
from channels_email.enums import Door

RAW_FIELDS = ("body-mime", "email")  # Mailgun's and SendGrid's names for the mail as it came
ROOM = 2  # what a mail may grow to in Base64 and JSON


class TooLarge(ValueError):
    """More than a mail that we take can be."""


@dataclass(frozen=True)
class Posted:
    """A mail in a provider's request."""

    content: bytes
    origin: Origin


def read(request: HttpRequest) -> dict[str, bytes]:
    """Reads the body once, whatever its size up to the largest mail, and hands it to the request.

    Gives a form's fields as the bytes they are: a mail in one of them need not be text. Raises TooLarge.
    """
    limit = ROOM * settings.MAIL_MAX_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        raise TooLarge
    body = request.read(limit + 1)
    if len(body) > limit:
        raise TooLarge
    fields = dict(_fields(request.content_type or "", request.META.get("CONTENT_TYPE", ""), body))
    # As the framework itself leaves a request whose body was read: its own reader would refuse more than 2.5 MB.
    request._body = body  # type: ignore[attr-defined]  # noqa: SLF001
    form, files = QueryDict(mutable=True), MultiValueDict[str, Any]()
    for name, (content, filename, content_type) in fields.items():
        if filename is None:
            form[name] = content.decode("utf-8", "replace")
        else:
            files[name] = SimpleUploadedFile(filename, content, content_type)
    request._post, request._files = form, files  # type: ignore[attr-defined]  # noqa: SLF001
    return {name: content for name, (content, filename, _) in fields.items() if filename is None}


def posted_mails(
    provider: str, fields: dict[str, bytes], body: bytes, events: Sequence[AnymailInboundEvent]
) -> Iterator[Posted]:
    """The mails of the request; the mail as it came wherever the provider sends it."""
    as_it_came = next((fields[name] for name in RAW_FIELDS if fields.get(name)), None)
    for number, event in enumerate(events):
        message = event.message
        content = as_it_came if as_it_came is not None else _raw(event) or message.as_bytes()
        recipients = _recipients(fields) or [message.envelope_recipient or ""]
        sender = message.envelope_sender
        yield Posted(
            content,
            Origin(
                door=Door.WEBHOOK,
                source=provider,
                sender=sender.strip("<>") if isinstance(sender, str) else None,
                recipients=[address for address in recipients if address],
                receipt=receipt(provider, body, number, fields.get("token", b"")),
            ),
        )


def unreadable(provider: str, body: bytes) -> Posted:
    """A request in which no mail can be found, to be kept as it came."""
    return Posted(body, Origin(door=Door.WEBHOOK, source=provider, receipt=receipt(provider, body)))


def receipt(provider: str, body: bytes, number: int = 0, token: bytes = b"") -> str:
    """What tells a request that is sent twice, by its provider or by somebody who overheard it; `number` is the mail's
    place in it. Mailgun signs a token and not the mail, so that the token is what may come but once.
    """
    if provider == "mailgun" and token:
        body = token
    return f"{provider}:{hashlib.sha256(body).hexdigest()[:56]}:{number}"[:80]


def _raw(event: AnymailInboundEvent) -> bytes:
    """The mail as it came where it stands in the provider's JSON: Mandrill's and MailerSend's ways. b'' elsewhere."""
    told = event.esp_event
    for where, name in (("msg", "raw_msg"), ("data", "raw")):
        inside = told.get(where) if isinstance(told, dict) else None
        if isinstance(inside, dict) and isinstance(inside.get(name), str):
            return str(inside[name]).encode("utf-8", "surrogatepass")
    return b""


def _recipients(fields: dict[str, bytes]) -> list[str]:
    if "recipient" in fields:  # Mailgun
        return [address.strip() for address in fields["recipient"].decode("utf-8", "replace").split(",")]
    try:
        envelope = json.loads(fields.get("envelope", b"{}"))  # SendGrid
    except ValueError:
        return []
    to = envelope.get("to") if isinstance(envelope, dict) else None
    return [str(address) for address in to] if isinstance(to, list) else []


def _fields(kind: str, content_type: str, body: bytes) -> Iterator[tuple[str, tuple[bytes, str | None, str]]]:
    if kind == "application/x-www-form-urlencoded":
        for name, value in parse_qsl(body, keep_blank_values=True, max_num_fields=1000):
            yield name.decode("utf-8", "replace"), (value, None, "")
    elif kind == "multipart/form-data":
        whole: Message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
        for part in whole.get_payload() if whole.is_multipart() else []:
            name = part.get_param("name", header="content-disposition")
            if isinstance(part, Message) and isinstance(name, str):
                content = part.get_payload(decode=True)
                yield (
                    name,
                    (content if isinstance(content, bytes) else b"", part.get_filename(), part.get_content_type()),
                )
