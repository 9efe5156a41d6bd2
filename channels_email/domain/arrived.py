from __future__ import annotations

from dataclasses import dataclass

from channels_email.domain.own_addresses import AddressBook, is_own
from channels_email.domain.parsed import Address, Kind, ParsedEmail
from interactions.channel import ThreadHint


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A mail as the filters see it: understood, with the case it seems to belong to.

    `return_path` is the envelope's sender where there was an envelope, else what the Return-Path field says; None
    when neither is known. `turned_away` is what is blocked of the sender, `as_colleague`: it writes in the name of one.
    """

    mail: ParsedEmail
    book: AddressBook
    thread: ThreadHint | None
    return_path: str | None
    turned_away: str = ""
    as_colleague: bool = False

    @property
    def sender(self) -> Address | None:
        """Who wrote it: the author; the foreign Reply-To of a form on a web site that writes in our own name; and
        where no field names anybody, the envelope's sender.
        """
        author = self.mail.author
        if author is not None and author.address and not self.is_own(author.address):
            return author
        others = [reply_to for reply_to in self.mail.reply_to if reply_to.address and not self.is_own(reply_to.address)]
        if others:
            return others[0]
        if (author is None or not author.address) and self.return_path:
            return Address(name=author.name if author else "", address=self.return_path)
        return author

    @property
    def is_automatic_reply(self) -> bool:
        """A program answered in a case. What only looks automatic (a list that customers write through, a form of a
        shop) may hold a customer's request and is worked on like any other mail; it is just not acknowledged.
        """
        submitted = self.mail.header("auto-submitted").strip().lower()
        if self.may_be_a_person:
            return False
        return self.mail.kind != Kind.MESSAGE or (self.thread is not None and submitted.startswith("auto-"))

    @property
    def may_be_a_person(self) -> bool:
        """Its words alone are a responder's, and no proof ties it to a mail of ours: read by people, to be safe."""
        return self.mail.worded and self.mail.kind == Kind.AUTO_REPLY and not (self.thread and self.thread.proven)

    def is_own(self, address: str) -> bool:
        return is_own(address, self.book.own)
