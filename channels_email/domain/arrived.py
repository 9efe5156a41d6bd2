from __future__ import annotations

from dataclasses import dataclass

from channels_email.domain.own_addresses import AddressBook, is_own
from channels_email.domain.parsed import Address, Kind, ParsedEmail
from interactions.channel import ThreadHint


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A mail as the filters see it: understood, with the case it seems to belong to.

    `return_path` is the envelope's sender where there was an envelope, else what the Return-Path field says; None
    when neither is known.
    """

    mail: ParsedEmail
    book: AddressBook
    thread: ThreadHint | None
    return_path: str | None

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
        return self.mail.kind != Kind.MESSAGE or (self.thread is not None and submitted.startswith("auto-"))

    def is_own(self, address: str) -> bool:
        return is_own(address, self.book.own)
