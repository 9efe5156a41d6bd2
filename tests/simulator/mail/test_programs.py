from datetime import UTC, datetime

import pytest

from channels_email.domain.parse import parse
from simulator.mail import programs
from simulator.mail.draft import Answered, Draft, File

ANSWERED = Answered(
    name="Ana Lindgren",
    address="support@nordhem.example",
    to="zoe@home.example",
    subject="Re: My order",
    text="Hello Zoë,\n\nit comes on Friday.\n\nAna Lindgren",
    at=datetime(2026, 3, 10, 9, 0, tzinfo=UTC),
    message_id="2@nordhem.example",
    references=("1@home.example",),
)


def draft(language: str = "en", **facts) -> Draft:
    facts.setdefault("text", "Thank you!\n\nWhich floor do they carry it to?")
    return Draft(
        name="Zoë Ångström",
        address="zoe@home.example",
        to="support+x@nordhem.example",
        subject="Re: My order",
        language=language,
        at=datetime(2026, 3, 10, 10, 0, tzinfo=UTC),
        message_id="3@home.example",
        **facts,
    )


@pytest.mark.parametrize("program", dict.fromkeys(programs.PROGRAMS), ids=lambda program: program.__name__)
@pytest.mark.parametrize("language", ["en", "de", "sv", "fr", "es", "it", "nl", "pl", "el", "uk", "ja", "zh", "ar"])
def test_what_is_new_can_be_told_from_what_is_quoted(monkeypatch, program, language):
    monkeypatch.setattr(programs, "PROGRAMS", (program,))
    mail = parse(programs.compose(draft(language, answered=ANSWERED)))
    assert mail.reply_text.split() == draft().text.split()
    assert mail.in_reply_to == ("2@nordhem.example",)
    assert mail.references == ("1@home.example", "2@nordhem.example")


def test_a_name_in_any_script_and_a_file_arrive_whole():
    mail = parse(
        programs.compose(draft(text="写真です。", files=(File("図.png", "image/png", b"\x89PNG\r\n\x1a\nx"),)))
    )
    assert (mail.author.name, mail.author.address) == ("Zoë Ångström", "zoe@home.example")
    assert mail.reply_text.splitlines()[0] == "写真です。"
    assert [(file.filename, file.sniffed_type) for file in mail.attachments] == [("図.png", "image/png")]


def test_everybody_stays_with_one_program():
    assert programs.program_of("Zoe@home.example") is programs.program_of("zoe@home.example")
    used = {programs.program_of(f"{number}@home.example") for number in range(200)}
    assert used == set(programs.PROGRAMS)
