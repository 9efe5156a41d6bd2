"""What is said in the log, and what is not."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.test import Client

from foundation.logging import configure


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The log as a machine reads it."""
    written = io.StringIO()
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logging.config.dictConfig(configure("INFO", as_json=True))
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
    yield written
    configure(settings.LOG_LEVEL, as_json=False)
    root.handlers[:] = before
    root.setLevel(level)


def test_lines_of_ours_and_of_libraries_carry_the_work_they_belong_to(lines: io.StringIO):
    with structlog.contextvars.bound_contextvars(work=17):
        structlog.get_logger("ours").info("mail stored", size=3)
        logging.getLogger("theirs").warning("slow %s", "query")
    ours, theirs = map(json.loads, lines.getvalue().splitlines())
    assert (ours["event"], ours["size"], ours["work"], ours["level"]) == ("mail stored", 3, 17, "info")
    assert (theirs["event"], theirs["work"], theirs["logger"]) == ("slow query", 17, "theirs")


def test_secrets_and_content_that_get_into_a_line_are_left_out(lines: io.StringIO):
    structlog.get_logger("ours").warning("odd", api_token="t0ps3cret", body="Dear shop", password="hunter22", size=3)
    logging.getLogger("theirs").warning("odd", extra={"authorization": "Basic hunter22", "subject": "Dear shop"})
    assert '"size": 3' in lines.getvalue()
    for secret in ("t0ps3cret", "hunter22", "Dear shop"):
        assert secret not in lines.getvalue()


def test_lines_below_the_level_are_not_written(lines: io.StringIO):
    structlog.get_logger("ours").debug("detail")
    assert lines.getvalue() == ""


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "kept"), [("proxy-id-12345", True), ("x\ty", False), ("a" * 65, False), ("", False)])
def test_a_request_has_an_id_and_a_sensible_one_from_the_proxy_is_kept(client: Client, given: str, kept: bool):
    answered = client.get("/healthz", headers={"x-request-id": given} if given else {}).headers["X-Request-ID"]
    assert (answered == given) is kept
    assert len(answered) >= 8
