"""What can be wrong with a mail."""


class Unreadable(Exception):
    """The bytes are no mail at all: empty, or binary without a single header field. Its text says which, for people."""
