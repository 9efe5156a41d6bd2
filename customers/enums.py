from django.db.models import TextChoices


class IdentityKind(TextChoices):
    EMAIL = "email", "E-mail address"
    PHONE = "phone", "Phone number"
    ACCOUNT = "account", "Account number"
    VISITOR = "visitor", "Chat visitor"
    HANDLE = "handle", "Messenger handle"


class NameSource(TextChoices):
    """Where a customer's name came from, which says whether one may greet by it."""

    UNKNOWN = "unknown", "Not known"
    HEADER = "header", "From a message's sender"
    CONFIRMED = "confirmed", "Confirmed by an agent or the customer"


class Purpose(TextChoices):
    SERVICE = "service", "About their own requests and orders"
    SURVEY = "survey", "Surveys"
    MARKETING = "marketing", "News and offers"


class Side(TextChoices):
    """Of two merged records, whose value a field shows from then on."""

    KEEP = "keep", "As the remaining record has it"
    TAKE = "take", "As the merged record has it"
    BOTH = "both", "Both, one below the other"


class UnitKind(TextChoices):
    LOCATION = "location", "Location"
    DIVISION = "division", "Division"
