from foundation.calendar.models import Calendar, OpenInterval, SpecialDay, SpecialInterval
from foundation.heartbeat import Heartbeat
from foundation.outbox.models import OutboxRow
from foundation.stream_position import StreamPosition

__all__ = ["Calendar", "Heartbeat", "OpenInterval", "OutboxRow", "SpecialDay", "SpecialInterval", "StreamPosition"]
