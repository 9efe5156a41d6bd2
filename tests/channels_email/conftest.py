"""Carla's mails, and how they arrive."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest

from channels_email.domain.process import Processed, process
from channels_email.domain.take_in import Origin, take_in
from channels_email.enums import Door
from channels_email.models import Mailbox
from tests.channels_email.dovecot import dovecot
from tests.channels_email.servers import event_loop_thread, sink, smtp_port

__all__ = ["dovecot", "event_loop_thread", "sink", "smtp_port"]


@pytest.fixture(autouse=True)
def files_of_the_scene(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def support(orders) -> Mailbox:
    return Mailbox.objects.create(address="support@nordhem.example", queue=orders)


@pytest.fixture
def arrives(support) -> Callable[..., Processed]:
    """`arrives(letter())`: the mail comes in and is processed."""

    def arrive(mail: EmailMessage | bytes, **origin: object) -> Processed:
        content = mail if isinstance(mail, bytes) else mail.as_bytes()
        raw = take_in(content, Origin(door=Door.SMTP, **origin), announce=False)
        processed = process(raw.pk)
        assert processed is not None
        return processed

    return arrive
