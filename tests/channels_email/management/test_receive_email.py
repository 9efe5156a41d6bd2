"""The command that a mail server's pipe or an administrator hands mails to."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from channels_email.models import RawEmail
from interactions.models import Case, Message
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def receive(support, capsys):
    def receive(*arguments: str) -> list[dict[str, object]]:
        out = io.StringIO()
        call_command("receive_email", *arguments, stdout=out)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    return receive


@pytest.fixture
def mails(tmp_path):
    folder = tmp_path / "mails"
    folder.mkdir()
    answer = letter("And?", in_reply_to="<1@post.example>", message_id="<2@post.example>")
    for name, content in {
        "1.eml": letter().as_bytes(),
        "2.eml": answer.as_bytes(),
        "3.eml": letter().as_bytes(),
        "4.eml": b"\xff\xfe\x00nothing that is a mail",
        "5.eml": letter("Away", auto_submitted="auto-replied", message_id="<5@post.example>").as_bytes(),
    }.items():
        (folder / name).write_bytes(content)
    return folder


def test_a_folder_of_mails_gives_one_line_each_in_order(receive, mails):
    lines = receive(str(mails))

    assert [line["result"] for line in lines] == ["created", "appended", "duplicate", "quarantined", "ignored"]
    case, message = Case.objects.get(), Message.objects.filter(direction="in").earliest("occurred_at", "id")
    assert lines[0]["case"] == lines[1]["case"] == lines[2]["case"] == str(case.pk)
    assert lines[0]["message"] == lines[2]["message"] == str(message.pk)
    assert lines[0]["interaction"] == str(message.interaction_id)
    assert lines[0]["customer"] == str(message.customer_id)
    assert lines[3]["message"] is None
    assert all(lines[number]["reason"] for number in (2, 3, 4))
    assert RawEmail.objects.count() == 5


def test_one_mail_comes_in_on_standard_input(receive, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(letter().as_bytes())))

    assert receive()[0]["result"] == "created"


def test_the_mailbox_may_be_named(receive, support, mails, returns):
    type(support).objects.create(address="returns@nordhem.example", queue=returns)

    receive("--mailbox", "Returns@nordhem.example", str(mails / "1.eml"))

    assert Case.objects.get().queue == returns


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--mailbox", "nobody@nordhem.example"], "There is no mailbox 'nobody@nordhem.example'; there are: support@"),
        (["/nowhere/at/all.eml"], "There is no file or folder /nowhere/at/all.eml."),
        (["--maibox", "x"], "unrecognized arguments: --maibox"),
    ],
)
def test_wrong_arguments_give_one_clear_line_and_take_nothing_in(receive, arguments, said):
    with pytest.raises(CommandError) as refused:
        receive(*arguments)

    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert not RawEmail.objects.exists()


def test_without_a_mailbox_it_says_what_to_do(db):
    with pytest.raises(CommandError, match="There is no mailbox in use yet"):
        call_command("receive_email")


@pytest.mark.parametrize(
    ("environment", "arguments", "code", "said"),
    [
        ({"DATABASE_URL": "postgres://nobody:x@127.0.0.1:1/none"}, [], os.EX_TEMPFAIL, "database is away"),
        ({}, ["--maibox=x"], 2, "unrecognized arguments"),
        ({"MAIL_MAX_BYTES": "much"}, [], os.EX_CONFIG, "MAIL_MAX_BYTES='much' cannot be used"),
        ({"SMTP_OUT_SECURITY": "ssl"}, [], os.EX_CONFIG, "say one of tls, starttls, none"),
        ({"SMTP_TLS_KEY": "/nowhere"}, [], 1, "SMTP_TLS_CERTIFICATE and SMTP_TLS_KEY belong together."),
    ],
)
def test_at_the_terminal_mistakes_and_a_database_away_are_told_without_a_traceback(environment, arguments, code, said):
    ended = subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", "receive_email", *arguments],
        input=letter().as_bytes(),
        capture_output=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )
    told = ended.stderr.decode()

    assert (ended.returncode, ended.stdout) == (code, b"")
    assert said in told
    assert "Traceback" not in told
