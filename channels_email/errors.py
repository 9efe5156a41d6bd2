"""What can be wrong with a mail."""


class Unreadable(Exception):
    """The bytes are no mail at all: empty, or binary without a single header field. Its text says which, for people."""


class SettingsUnfit(ValueError):
    """A mailbox's settings that cannot work: what is wrong, and what to do about it."""

    def __init__(self, words: str, what_to_do: str) -> None:
        super().__init__(words)
        self.what_to_do = what_to_do
