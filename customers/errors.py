class AddressUnusable(ValueError):
    """The address cannot be one of that kind; the message says why."""


class IdentityTaken(ValueError):
    """The address already belongs to another customer, whose id is in `.customer`."""

    def __init__(self, message: str, customer: object) -> None:
        super().__init__(message)
        self.customer = customer


class CannotUndo(ValueError):
    """A change cannot be taken back any more; the message says why."""


class NoSuchCustomer(LookupError):
    """There is no such customer, or not for this person."""


class CannotMerge(ValueError):
    """Two customers cannot be made one; the message says why."""


class UnreadableList(ValueError):
    """A file is no list of customers that can be read; the message says what is wrong with it."""
