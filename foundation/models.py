from foundation.calendar.models import Calendar, OpenInterval, SpecialDay, SpecialInterval
from foundation.outbox.models import OutboxRow
from foundation.stream_position import StreamPosition

__all__ = ["Calendar", "OpenInterval", "OutboxRow", "SpecialDay", "SpecialInterval", "StreamPosition"]
