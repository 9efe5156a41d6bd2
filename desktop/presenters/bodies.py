"""How a message's words are shown: as text, as our own cleaned HTML, or in a frame of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe

from channels_email.domain.fold import fold_quotes
from channels_email.domain.pgp_text import without_armour
from channels_email.domain.sanitise import show_images
from desktop.presenters.invitations import without_invitation
from foundation import markup
from interactions.enums import Direction
from interactions.models import Attachment, Message

# HTML that says no more than its text does is shown as text: it reads better, follows the theme and costs no frame.
_MORE_THAN_TEXT = re.compile(
    r"<(?:img|table|ul|ol|h[1-4]|b|strong|a|font)\b|(?:color|background|border)[^\"]*:", re.IGNORECASE
)
_COLOURED = re.compile(r"\b(?:color|background(?:-color)?|bgcolor)\s*[:=]", re.IGNORECASE)
_REMOTE = "data-remote-src="
_ADDRESS = re.compile(r"https?://|www\.|@|\.(?:com|edu|gov|int|mil|net|org)\b", re.IGNORECASE)  # all that urlize knows
_NOTHING = SafeString("")


@dataclass(frozen=True)
class Body:
    """One of `text`, `rich` and `frame_url` is what is shown; `quoted` is the folded rest of a text,
    `quoted_words` what unfolds it.
    """

    text: SafeString = _NOTHING
    quoted: SafeString = _NOTHING
    quoted_words: str = ""
    rich: SafeString = _NOTHING
    frame_url: str = ""
    frame_follows: bool = False
    pictures_url: str = ""


def body_of(message: Message, files: Sequence[Attachment]) -> Body:
    if message.direction != Direction.INBOUND:
        if message.html:
            return Body(rich=own_html(message.html, files))
        return Body(text=linked(message.text or message.reply_text))
    if message.html and _MORE_THAN_TEXT.search(message.html):
        url = reverse("desktop:message_body", args=[message.pk])
        remote = _REMOTE in message.html
        return Body(
            frame_url=url,
            frame_follows=is_plain(message.html),
            pictures_url=f"{url}?pictures=1" if remote else "",
        )
    whole = without_armour(message.text)
    new = message.reply_text or whole
    rest = quoted_part(whole, new)
    return Body(
        text=linked(without_invitation(message, new)),
        quoted=linked(rest),
        quoted_words="Show the signature" if _letters(rest) == _letters(message.signature) else "Show what it quotes",
    )


def is_plain(html: str) -> bool:
    """Whether the mail has no colours and pictures of its own, so that it may take on those of the page."""
    return not _COLOURED.search(html) and "<img" not in html


def linked(text: str) -> SafeString:
    """Escaped text with its web and mail addresses as links."""
    return SafeString("".join(_linked_line(line) for line in text.strip("\n").splitlines(keepends=True)))


def _linked_line(line: str) -> str:
    """Most lines hold nothing that could be an address; looking at each of their words costs more than all the rest."""
    if not _ADDRESS.search(line):
        return escape(line)
    return urlize(line, nofollow=True, autoescape=True).replace("<a ", '<a target="_blank" ')


def quoted_part(whole: str, new: str) -> str:
    """What of the whole text is not new: the quoted history and the signature below it."""
    whole, new = whole.strip(), new.strip()
    if whole == new:
        return ""
    if whole.startswith(new):
        return whole[len(new) :].strip("\n")
    return whole


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def own_html(html: str, files: Sequence[Attachment]) -> SafeString:
    """HTML that an agent wrote, cleaned again; its pictures are those of the message, no other is loaded."""
    cleaned = markup.clean(html)

    def show(found: re.Match[str]) -> str:
        source = re.search(r'src="cid:([^"]*)"', found[0])
        file = next((file for file in files if source and file.content_id == source[1]), None)
        return f'<img src="{picture_url(file)}" alt="{escape(file.filename)}">' if file else ""

    pictured = re.sub(r"<img\b[^>]*>", show, cleaned)
    return mark_safe(pictured.replace("<a ", '<a target="_blank" '))  # noqa: S308 - cleaned in this function


def framed_html(message: Message, files: Sequence[Attachment], *, pictures: bool) -> SafeString:
    """A stranger's HTML, sanitised when it was stored; pictures from the web only when asked for."""
    addresses = {file.content_id.strip("<>"): picture_url(file) for file in files if file.content_id}
    shown = show_images(fold_quotes(message.html, message.reply_text, message.signature), addresses, remote=pictures)
    return mark_safe(shown)  # noqa: S308 - sanitised on the way in, and shown in a frame that can run nothing


def picture_url(file: Attachment) -> str:
    return f"{reverse('desktop:attachment', args=[file.pk])}?inline=1"


_OWN_PICTURE = re.compile(r'src="[^"]*/attachments/([0-9a-f-]{36})/[^"]*"')


def to_content_ids(html: str) -> str:
    """The composer's HTML with its pictures named as the message will carry them."""
    return _OWN_PICTURE.sub(lambda found: f'src="cid:{UUID(found[1])}@inline"', html)


def to_addresses(html: str) -> str:
    """The other way round, for the composer."""
    return re.sub(
        r'src="cid:([0-9a-f-]{36})@inline"',
        lambda found: f'src="{reverse("desktop:attachment", args=[UUID(found[1])])}?inline=1"',
        html,
    )
