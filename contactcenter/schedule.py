"""What happens by the clock: one line each, `app.domain.verb` as name, the task, seconds between. Times are not exact.

A task here only wakes what then looks at its own rows, so a missed or doubled beat changes nothing.
"""

from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "interactions.deliver.release_due": {
        "task": "interactions.release_due_deliveries",
        "schedule": 2.0,
        "options": {"queue": "live", "expires": 10},  # never behind a flood of mails that come in
    },
    "routing.sweep.sweep": {"task": "routing.sweep", "schedule": 3.0, "options": {"queue": "live", "expires": 10}},
    "interactions.sla_clocks.ring": {
        "task": "routing.ring_clocks",
        "schedule": 5.0,
        "options": {"queue": "live", "expires": 10},
    },
    "agents.silence.set_silent_away": {
        "task": "agents.set_silent_away",
        "schedule": 20.0,
        "options": {"queue": "live", "expires": 20},
    },
    "routing.pace.refresh_paces": {
        "task": "routing.refresh_pace",
        "schedule": 15.0,
        "options": {"queue": "bulk", "expires": 60},
    },
    "channels_email.sweep.sweep_mails": {
        "task": "channels_email.sweep_mails",
        "schedule": 15.0,
        "options": {"queue": "mail", "expires": 30},
    },
    "channels_email.acknowledge.acknowledge_overdue": {
        "task": "channels_email.acknowledge_overdue",
        "schedule": 5.0,
        "options": {"queue": "mail", "expires": 10},
    },
    "foundation.stream_position.clear": {
        "task": "foundation.clear_streams",
        "schedule": 86_400.0,
        "options": {"queue": "bulk", "expires": 3600},
    },
}
