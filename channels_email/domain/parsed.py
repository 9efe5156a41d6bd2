"""What a mail says, once understood: frozen, free of the wire format, nothing in it is trusted."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from interactions.enums import Protection


class Kind(StrEnum):
    """MESSAGE: a person or a program wrote to us. AUTO_REPLY: a responder answered. BOUNCE: a report on mail we sent
    (failed, delayed, complained of). LOOP: our own mail has come back.
    """

    MESSAGE = "message"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Address:
    """`address` is the addr-spec as written; empty when the field held only a name."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """One file of a mail.

    `filename` is safe to show and to save (no folder, no control character), empty when the mail named none;
    `content_type` is what the mail declares, `sniffed_type` what the first bytes say (empty when they say nothing);
    `content_id` comes without angle brackets. `inline`: meant to be seen within the body.
    """

    filename: str
    content_type: str
    sniffed_type: str
    content: bytes = field(repr=False)
    sha256: str
    inline: bool
    content_id: str

    @property
    def size(self) -> int:
        """In bytes, decoded."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """What a mail invites to, in one line each. `starts` and `ends` in ISO 8601: moments with their offset, days alone
    (`ends` is the last one), or wall time of `zone`, a name that nothing explains. `method` is iTIP's, empty for any
    other.
    """

    title: str
    starts: str
    ends: str = ""
    place: str = ""
    organiser: str = ""
    method: str = ""
    repeats: bool = False
    zone: str = ""


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """`status` is an enhanced status code (RFC 3463), empty when the report has none. `permanent`: do not try again."""

    address: str
    status: str
    permanent: bool
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """`original_message_id` (without brackets) and `original_subject` are those of the mail reported on, where it was
    quoted. `feedback`: a feedback report (RFC 5965); with `complaint` the recipient called our mail spam. `delayed`:
    still being tried.
    """

    recipients: tuple[FailedRecipient, ...]
    original_message_id: str = ""
    original_subject: str = ""
    complaint: bool = False
    feedback: bool = False
    delayed: bool = False


@dataclass(frozen=True, slots=True)
class ParsedEmail:
    """Everything `parse` understood. Message-IDs come without angle brackets. `text` is the whole body, `reply_text`
    only what is new in it; `html` is sanitised and empty when the mail had none. `return_path` is None when the field
    is missing and empty for the null sender `<>`. `delivered_to` are the envelope recipients that servers noted.
    `worded`: nothing but its words makes it an automatic answer. `headers` are all fields of the mail, decoded, names
    in lower case, in their order.
    """

    authors: tuple[Address, ...]
    sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    date: datetime | None
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str
    html: str
    reply_text: str
    signature: str
    forwarded: bool
    attachments: tuple[ParsedAttachment, ...]
    protection: Protection
    event: CalendarEvent | None
    kind: Kind
    worded: bool
    bounce: Bounce | None
    automatic: bool
    list_id: str
    priority: str
    return_path: str | None
    delivered_to: tuple[str, ...]
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    defects: tuple[str, ...]

    @property
    def author(self) -> Address | None:
        """The first address of From; of Sender when From is missing."""
        return self.authors[0] if self.authors else self.sender

    def header(self, name: str) -> str:
        """The first field of that name, decoded; empty when there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), "")

    def header_values(self, name: str) -> tuple[str, ...]:
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key == wanted)
