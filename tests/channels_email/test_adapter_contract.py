from __future__ import annotations

import pytest

from interactions.models import Case
from tests.channels_email.letters import letter
from tests.contracts.channel import ChannelContract

pytestmark = pytest.mark.django_db


class MailServer:
    """A real SMTP server that fails on request."""

    def __init__(self, sink) -> None:
        self.sink = sink

    def taken(self) -> int:
        return len(self.sink.received)

    def names(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.sink.mails()]

    def refuse_for_good(self) -> None:
        self.sink.answers["RCPT"] = "550 5.1.1 No such user"

    def refuse_for_now(self) -> None:
        self.sink.answers["RCPT"] = "450 4.2.1 Mailbox busy"

    def vanish_before_taking(self) -> None:
        self.sink.hang_up_at = "RCPT"

    def vanish_after_taking(self) -> None:
        self.sink.hang_up_at = "DATA"

    def recover(self) -> None:
        self.sink.answers.clear()
        self.sink.hang_up_at = ""


class TestEmailChannel(ChannelContract):
    @pytest.fixture
    def name(self) -> str:
        return "email"

    @pytest.fixture
    def reachable(self) -> str:
        return "carla@post.example"

    @pytest.fixture
    def unreachable(self) -> str:
        return "carla at home"

    @pytest.fixture
    def case(self, arrives) -> Case:
        return arrives(letter()).raw.case

    @pytest.fixture
    def world(self, sink) -> MailServer:
        return MailServer(sink)
