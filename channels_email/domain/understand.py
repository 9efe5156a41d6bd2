"""What becomes of mails that could be read: placed, filtered, threaded and handed to their cases, a portion at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from channels_email.domain.acknowledge import plan_acknowledgements
from channels_email.domain.arrived import Arrived
from channels_email.domain.bounced import note_report
from channels_email.domain.filters import first_reason
from channels_email.domain.fingerprint import fingerprint
from channels_email.domain.inbound import as_inbound, discard_files, with_files
from channels_email.domain.message_ids import remember_all, stored_form
from channels_email.domain.own_addresses import AddressBook, NoMailbox, Place, read_address_book
from channels_email.domain.parsed import ParsedEmail
from channels_email.domain.silence import silence
from channels_email.domain.spam import held, spam_mark
from channels_email.domain.standing import with_standing
from channels_email.domain.thread import answered_ids, clues, find_threads
from channels_email.domain.trials import note_returned
from channels_email.enums import RawState
from channels_email.models import RawEmail, SpamMail
from customers.errors import AddressUnusable
from interactions.channel import InboundMessage, ThreadHint
from interactions.domain.receive import Received, already_received, receive_all
from interactions.enums import ChannelName

_NOT_OURS = "report on a mail that is none of ours"


@dataclass(frozen=True)
class Letter:
    """A raw mail and what it says."""

    raw: RawEmail
    mail: ParsedEmail


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a mail, for the ledger; `received` where the case has it, `spam` where it is held as such."""

    state: RawState
    reason: str = ""
    error: str = ""
    silence: str = ""
    case: UUID | None = None
    received: Received | None = None
    inbound: InboundMessage | None = None
    spam: SpamMail | None = None


def understand(letters: Sequence[Letter]) -> list[Outcome]:
    """The outcome of each, in a transaction of the caller's; when it raises nothing may remain of any of them.

    What is wrong with one mail alone (no sender, no mailbox for it) is its own outcome. Anything else raises.
    """
    book = read_address_book()
    outcomes: list[Outcome] = []
    try:
        for wave in _waves(letters):
            outcomes += _Wave(wave, book).settle()
    except BaseException:
        discard(outcomes)
        raise
    return outcomes


def discard(outcomes: Sequence[Outcome]) -> None:
    """Removes the files of mails whose transaction is undone."""
    discard_files(outcome.inbound for outcome in outcomes if outcome.inbound is not None)


def _waves(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Parts that are settled one after the other: a mail that answers another one of the portion finds it stored."""
    wave: list[Letter] = []
    written: set[str] = set()
    for letter in letters:
        if written & {stored_form(message_id) for message_id in answered_ids(letter.mail)}:
            yield wave
            wave, written = [], set()
        wave.append(letter)
        if letter.mail.message_id:
            written.add(stored_form(letter.mail.message_id))
    if wave:
        yield wave


@dataclass
class _Ready:
    """A mail on its way into a case."""

    place: int
    arrived: Arrived
    inbound: InboundMessage
    silence: str


class _Wave:
    def __init__(self, letters: Sequence[Letter], book: AddressBook) -> None:
        self.letters, self.book = letters, book
        self.outcomes: dict[int, Outcome] = {}
        self.ready: list[_Ready] = []

    def settle(self) -> list[Outcome]:
        note_returned(each.mail.message_id for each in self.letters)
        asked = [clues(each.mail, each.raw.recipients, _author(each.mail)) for each in self.letters]
        arrived = [self._arrived(each, thread) for each, thread in zip(self.letters, find_threads(asked), strict=True)]
        for place, each in enumerate(with_standing(arrived)):
            self._judge(place, each)
        try:
            self._store_files()
            self._hand_over()
        except BaseException:
            discard_files(ready.inbound for ready in self.ready)
            raise
        return [self.outcomes[place] for place in range(len(self.letters))]

    def _arrived(self, letter: Letter, thread: ThreadHint | None) -> Arrived:
        raw, mail = letter.raw, letter.mail
        return_path = raw.sender if raw.sender is not None else mail.return_path
        return Arrived(mail=mail, book=self.book, thread=thread, return_path=return_path)

    def _judge(self, place: int, arrived: Arrived) -> None:
        raw, mail, thread = self.letters[place].raw, arrived.mail, arrived.thread
        reason = first_reason(arrived)
        if reason:
            noted = note_report(mail, raw.recipients, raw.received_at)
            case = noted or (thread.case if thread and (thread.proven or mail.bounce is None) else None)
            reason = reason if case or mail.bounce is None else _NOT_OURS
            self.outcomes[place] = Outcome(state=RawState.IGNORED, reason=reason, case=case)
            return
        try:
            where = _place(raw, mail, self.book)
            mark = "" if raw.let_through else spam_mark(mail, where.mailbox)
            inbound = as_inbound(arrived, where, raw.received_at, external_id=fingerprint(mail))
        except (AddressUnusable, NoMailbox) as error:
            self.outcomes[place] = Outcome(state=RawState.QUARANTINED, reason=str(error)[:200])
        else:
            if mark:
                self.outcomes[place] = Outcome(state=RawState.SPAM, reason=mark, spam=held(raw, inbound))
                return
            self.ready.append(_Ready(place, arrived, inbound, silence(arrived)))

    def _store_files(self) -> None:
        """Before anything is locked. Those of a mail that is here already are here, too."""
        with_some = [ready for ready in self.ready if ready.arrived.mail.attachments]
        if not with_some:
            return
        here = already_received(ChannelName.EMAIL, [ready.inbound.external_id for ready in with_some])
        fresh = [ready for ready in with_some if ready.inbound.external_id not in here]
        stored = with_files([(ready.inbound, ready.arrived.mail.attachments) for ready in fresh])
        for ready, inbound in zip(fresh, stored, strict=True):
            ready.inbound = inbound

    def _hand_over(self) -> None:
        received = receive_all([ready.inbound for ready in self.ready])
        fresh = [(ready, got) for ready, got in zip(self.ready, received, strict=True) if not got.duplicate]
        remember_all([(got.message, ready.arrived.mail.message_id) for ready, got in fresh], ours=False)
        plan_acknowledgements(got.message for ready, got in fresh if got.opened and not ready.silence)
        for ready, got in zip(self.ready, received, strict=True):
            self.outcomes[ready.place] = _outcome(ready, got)
        discard_files(ready.inbound for ready, got in zip(self.ready, received, strict=True) if got.duplicate)


def _outcome(ready: _Ready, received: Received) -> Outcome:
    return Outcome(
        state=RawState.DUPLICATE if received.duplicate else RawState.MESSAGE,
        reason="the same mail was received before" if received.duplicate else "",
        silence=ready.silence,
        case=received.message.case_id,
        received=received,
        inbound=None if received.duplicate else ready.inbound,
    )


def _author(mail: ParsedEmail) -> str:
    return mail.author.address if mail.author else ""


def _place(raw: RawEmail, mail: ParsedEmail, book: AddressBook) -> Place:
    """The envelope says best whom a mail is for, then the fields that servers and authors wrote."""
    named = [*raw.recipients, *mail.delivered_to, *(box.address for box in (*mail.to, *mail.cc))]
    mailbox = book.mailboxes.get(raw.mailbox_id) if raw.mailbox_id else None
    if mailbox is not None:
        own = [place for address in named if (place := book.place_of(address)) and place.mailbox == mailbox]
        return own[0] if own else Place(mailbox, mailbox.queue_id)
    place = book.find(named) or book.first
    if place is None:
        raise NoMailbox("There is no mailbox in use that this mail could belong to.")
    return place
