from uuid import UUID


class NotAllowed(Exception):
    """The person may not do this to this object. Shown as if the object did not exist."""


class CannotReply(ValueError):
    """The answer cannot be written as asked; the message says what is missing."""


class Overtaken(CannotReply):
    """Something was said in the case that the writer has not seen. `message` is its id."""

    def __init__(self, message: UUID) -> None:
        super().__init__("Somebody wrote in this case meanwhile; read it first.")
        self.message = message


class DraftConflict(ValueError):
    """The draft was changed elsewhere since it was read."""


class DeliveryFailure(Exception):
    """A channel did not deliver. `answer` is what the other side said, or what went wrong on the way to it."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class PermanentFailure(DeliveryFailure):
    """Refused for good; trying again cannot help."""


class TransientFailure(DeliveryFailure):
    """Not now; the other side certainly has not taken the message."""


class OutcomeUnknown(DeliveryFailure):
    """Cut off when the other side may already have taken the message; sending again could double it."""
