"""What can be wrong with a mail."""


class Unreadable(Exception):  # noqa: N818 - the house's word for it
    """The bytes are no mail at all: empty, or binary without a single header field. Its text says which, for people."""
