"""What happens by the clock: one line each, `app.domain.verb` as name, the task, seconds between. Times are not exact.

A task here only wakes what then looks at its own rows, so a missed or doubled beat changes nothing.
"""

from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "interactions.deliver.release_due": {
        "task": "interactions.release_due_deliveries",
        "schedule": 2.0,
        "options": {"queue": "mail", "expires": 10},
    },
}
