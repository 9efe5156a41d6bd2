"""How the program speaks to whoever runs it: one line per fact, with the request or piece of work it belongs to.

Facts are names, keys, counts and kinds of errors, never what customers wrote and never secrets.
"""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRET = {"authorization", "cookie", "credentials", "password", "secret", "signature", "token"}
CONTENT = {"address", "body", "content", "email", "html", "payload", "phone", "subject", "text"}
LEFT_OUT = "[left out]"


def configure(level: str, *, as_json: bool) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING, so that libraries' lines look the same. JSON for machines."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        leave_out,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    rendering: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
            )
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "facts": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
                "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder(), leave_out],
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "facts"}},
        "root": {"handlers": ["console"], "level": level},
        # Libraries that tell each step of their routine, strangers' addresses among it.
        "loggers": {name: {"level": logging.WARNING} for name in ("axes", "mail.log", "urllib3")},
    }


def leave_out(_logger: WrappedLogger, _method: str, facts: EventDict) -> EventDict:
    """Take out secrets and customers' content that got into a line by mistake."""
    for name in facts:
        if SECRET.intersection(name.lower().split("_")) or name.lower() in CONTENT:
            facts[name] = LEFT_OUT
    return facts
