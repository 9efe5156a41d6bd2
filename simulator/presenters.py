"""Customers' mailboxes, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from channels_email.domain.sanitise import show_images
from simulator.enums import Folder
from simulator.mail.boxes import read
from simulator.models import DemoMail

SHOWN = 60


@dataclass(frozen=True)
class MailboxLine:
    owner: str
    latest: DemoMail
    unread: int

    @property
    def url(self) -> str:
        return reverse("mailbox", args=[self.owner])


@dataclass(frozen=True)
class FileLine:
    name: str
    size: int
    url: str


@dataclass(frozen=True)
class OpenMail:
    """A mail as its reader sees it: HTML in a frame of its own, else the text."""

    mail: DemoMail
    text: str
    frame_url: str
    files: tuple[FileLine, ...]
    date: datetime
    automatic: bool

    @property
    def can_be_answered(self) -> bool:
        return self.mail.folder == Folder.INBOX


def mailbox_lines(query: str = "") -> list[MailboxLine]:
    """The mailboxes in which something happened last, with their latest mail. Two queries for any number."""
    mails = DemoMail.objects.filter(owner__icontains=query) if query else DemoMail.objects.all()
    latest = mails.order_by("owner", "-received_at", "-id").distinct("owner").values("pk")
    lines = list(DemoMail.objects.filter(pk__in=latest).defer("raw").order_by("-received_at", "-id")[:SHOWN])
    unread = dict(
        DemoMail.objects.filter(owner__in=[mail.owner for mail in lines], folder=Folder.INBOX, seen_at=None)
        .order_by()
        .values_list("owner")
        .annotate(number=Count("pk"))
    )
    return [MailboxLine(mail.owner, mail, unread.get(mail.owner, 0)) for mail in lines]


def mail_lines(owner: str) -> QuerySet[DemoMail]:
    """The latest mails of a mailbox, without their content."""
    return DemoMail.objects.of(owner).defer("raw")[:SHOWN]


def open_mail(mail: DemoMail) -> OpenMail:
    parsed = read(bytes(mail.raw))
    if parsed is None:
        return OpenMail(mail, "This mail cannot be read.", "", (), mail.received_at, automatic=False)
    files = tuple(
        FileLine(file.filename or "file", file.size, reverse("mail_file", args=[mail.owner, mail.pk, number]))
        for number, file in enumerate(parsed.attachments)
        if not file.inline
    )
    frame_url = reverse("mail_html", args=[mail.owner, mail.pk]) if parsed.html else ""
    return OpenMail(mail, parsed.text, frame_url, files, parsed.date or mail.received_at, automatic=parsed.automatic)


def framed_html(mail: DemoMail) -> SafeString:
    """The sanitised HTML with the pictures it brought along; nothing of the web is loaded."""
    parsed = read(bytes(mail.raw))
    if parsed is None:
        return SafeString("")
    pictures = {
        file.content_id: reverse("mail_file", args=[mail.owner, mail.pk, number])
        for number, file in enumerate(parsed.attachments)
        if file.content_id
    }
    return mark_safe(show_images(parsed.html, pictures, remote=False))  # noqa: S308 - sanitised by the parser
