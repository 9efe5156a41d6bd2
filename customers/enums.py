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
    IMPORTED = "imported", "From an imported list"
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


class ImportState(TextChoices):
    """How far a list of customers has come."""

    UPLOADED = "uploaded", "Uploaded"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked"
    IMPORTING = "importing", "Being imported"
    DONE = "done", "Imported"
    FAILED = "failed", "The file is no longer there"


class RowOutcome(TextChoices):
    """What a row of a list becomes, or would become."""

    NEW = "new", "New customer"
    UPDATED = "updated", "Customer updated"
    SAME = "same", "Nothing new"
    DUPLICATE = "duplicate", "Double in the file"
    ERROR = "error", "Not taken"


class Column(TextChoices):
    """What a column of a list means."""

    IGNORED = "", "Leave out"
    NAME = "name", "Name"
    GIVEN_NAME = "given_name", "Given name"
    FAMILY_NAME = "family_name", "Family name"
    EMAIL = "email", "E-mail address"
    PHONE = "phone", "Phone number"
    ACCOUNT = "account", "Account number"
    LANGUAGE = "language", "Language code"
    TIME_ZONE = "time_zone", "Time zone"
    ORGANISATION = "organisation", "Company"
    REMARKS = "remarks", "Remarks"
