from django.db.models import TextChoices


class OfferOutcome(TextChoices):
    OPEN = "open", "Before the agent"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    EXPIRED = "expired", "Not answered in time"
    WITHDRAWN = "withdrawn", "Withdrawn"


RECEIVED = (OfferOutcome.OPEN, OfferOutcome.ACCEPTED)
REFUSED = (OfferOutcome.DECLINED, OfferOutcome.EXPIRED)
