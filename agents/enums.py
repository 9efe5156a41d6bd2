from django.db.models import TextChoices


class Permission(TextChoices):
    """What a role may allow. A role is a set of these; nothing else grants anything."""

    WORK_CASES = "cases.work", "Work on the cases of one's own queues"
    SUPERVISE_TEAMS = "teams.supervise", "See and steer the cases of the supervised teams"
    SEE_ALL_CASES = "cases.all", "See the cases of every queue"
    EDIT_CUSTOMERS = "customers.edit", "Correct customer records"
    MERGE_CUSTOMERS = "customers.merge", "Say that two customers are one person, and take it back"
    BLOCK_SENDERS = "senders.block", "Block and unblock senders"
    WRITE_KNOWLEDGE = "knowledge.write", "Write and correct articles"
    ADMINISTER = "settings.administer", "Change settings, queues, mailboxes and agents"


class PresenceStatus(TextChoices):
    AVAILABLE = "available", "Available"
    AWAY = "away", "Away"
    OFFLINE = "offline", "Offline"


class PresenceReason(TextChoices):
    NONE = "", "—"
    BREAK = "break", "Break"
    LUNCH = "lunch", "Lunch"
    MEETING = "meeting", "Meeting"
    TRAINING = "training", "Training"
    ADMINISTRATION = "administration", "Paperwork"
    NOT_RESPONDING = "not_responding", "Did not answer an offer"
    CONNECTION_LOST = "connection_lost", "Connection lost"


class Theme(TextChoices):
    SYSTEM = "", "As the system"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class Density(TextChoices):
    COMFORTABLE = "comfortable", "Comfortable"
    COMPACT = "compact", "Compact"
