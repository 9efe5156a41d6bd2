"""What is new in mails of many programs and languages: whole mails, and the lines that programs put over an answer."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import yaml

from channels_email.domain.parse import parse
from channels_email.domain.quote import read_reply
from channels_email.domain.sent_from import is_device_line
from channels_email.domain.signature import Writer

SAMPLES = Path(__file__).parents[2] / "samples/email"
NEW = "Hi,\n\nyes, that works for me. Please send it on Monday.\n\nThanks\nCarla"
OLD = (
    "Dear Carla,\n\nyour order 4711 can leave the warehouse on Monday or Tuesday.\nWhich day suits you better?\n\n"
    "Kind regards\nBen Carter\nNordhem"
)
ONLY_ABOVE = ("zendesk", "helpscout marker", "jira")  # their line stands over all that is quoted


def sample(name: str) -> dict:
    return yaml.safe_load((SAMPLES / f"{name}.yaml").read_text("utf-8"))


def flat(text: str) -> str:
    return " ".join(text.split())


def marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def unmarked(lead: str) -> str:
    own = lead.startswith(">") and not lead.startswith(">>>")
    return "\n".join(line.lstrip("> ") for line in lead.split("\n")) if own else lead


SHAPES = {
    "over marked lines": lambda lead: f"{NEW}\n\n{lead}\n\n{marked(OLD)}\n",
    "right below the words": lambda lead: f"{NEW}\n{lead}\n{marked(OLD)}\n",
    "over unmarked lines": lambda lead: f"{NEW}\n\n{unmarked(lead)}\n\n{OLD}\n",
    "marked like the rest": lambda lead: f"{NEW}\n\n{marked(unmarked(lead))}\n>\n{marked(OLD)}\n",
    "below a signature": lambda lead: (
        f"{NEW}\n\n-- \nCarla Lima\nLima & Co, +46 8 123 45 67\n\n{lead}\n\n{marked(OLD)}\n"
    ),
    "below a telephone's line": lambda lead: f"{NEW}\n\nSent from my iPhone\n\n{lead}\n\n{marked(OLD)}\n",
    "over the answer": lambda lead: f"{lead}\n{marked(OLD)}\n\n{NEW}\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_lines_over_quoted_mail_are_known_wherever_they_stand(shape: str) -> None:
    wrong = {
        name: got
        for name, lead in sample("attributions").items()
        if not (shape == "over the answer" and name in ONLY_ABOVE)
        if flat(got := read_reply(SHAPES[shape](lead)).text) != flat(NEW)
    }
    assert wrong == {}


def test_answers_between_the_lines_are_kept_below_every_such_line() -> None:
    wrong = {
        name: got
        for name, lead in sample("attributions").items()
        if name not in ONLY_ABOVE
        if flat(got := read_reply(f"{lead}\n\n> Which day?\n\nMonday.\n\n> Which colour?\n\nBlue.\n").text)
        != "Monday. Blue."
    }
    assert wrong == {}


def test_what_is_new_in_whole_mails() -> None:
    wrong = {}
    for name, case in sample("answers").items():
        got = read_reply(case["text"], answers=case.get("answers", False)).text
        if flat(got) != flat(case["reply"]):
            wrong[name] = got
    assert wrong == {}


def test_the_lines_of_telephones_and_programs_are_signatures() -> None:
    wrong = {}
    for name, line in sample("device_lines").items():
        for below in ("", "\n\nOn 12 May 2026, at 09:14, Nordhem <support@nordhem.example> wrote:\n\n> Is it?\n"):
            reply = read_reply(f"OK, that is fine.\nCarla\n\n{line}{below}")
            if reply.text != "OK, that is fine.\nCarla" or not reply.signature:
                wrong[name] = reply.text
    assert wrong == {}


@pytest.mark.parametrize(
    "line",
    [
        "Sent from the wrong address, sorry.",
        "Sent from my desk, is much easier then my mobile phone.",
        "Gesendet mit DHL am Montag",
        "I sent it from my phone yesterday, did you get it?",
        "Wysłane z Warszawy w poniedziałek, numer paczki 123",
        "来自上海的订单还没有收到",
    ],
)
def test_a_sentence_about_sending_is_no_signature(line: str) -> None:
    assert not is_device_line(line)


def mails_in_html() -> Iterator[tuple[str, bytes, str]]:
    for name, case in sample("html_answers").items():
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "Carla Lima <c@mail.example>", "s@shop.example", case["subject"]
        if case["subject"].startswith("Re"):
            mail["In-Reply-To"] = "<x@shop.example>"
        if "plain" in case:
            mail.set_content(case["plain"])
            mail.add_alternative(case["html"], subtype="html")
        else:
            mail.set_content(case["html"], subtype="html")
        yield name, mail.as_bytes(), case["reply"]


def test_what_is_new_in_html() -> None:
    wrong = {name: got for name, raw, reply in mails_in_html() if flat(got := parse(raw).reply_text) != flat(reply)}
    assert wrong == {}


def test_the_writers_name_over_contact_details_begins_the_signature() -> None:
    text = "Two lamps, please.\n\nNoor van der Meer\nMeer BV\n+31 20 123 4567\n"
    assert read_reply(text, writer=Writer("Noor van der Meer", "noor@meer.example")).text == "Two lamps, please."
    asked_for = "Please send them to:\n\nNoor van der Meer\nPrinsengracht 1\n+31 20 123 4567\n"
    assert read_reply(asked_for, writer=Writer("Noor van der Meer", "")).text == asked_for.strip()


def test_a_quoted_line_without_announcement_is_history_only_in_an_answer() -> None:
    text = "> Which size?\nForty.\n"
    assert read_reply(text, answers=True).text == "Forty."
    assert read_reply(text).text == text.strip()
    console = "It says:\n> lamp --on\nand nothing happens.\n"
    assert read_reply(console, answers=True).text == console.strip()


def test_nothing_but_a_telephones_line_over_history_is_nothing_new() -> None:
    lead = "On 12 May 2026, at 09:14, Nordhem <support@nordhem.example> wrote:"
    reply = read_reply(f"Sent from my iPhone\n\n{lead}\n\n> Is it?\n")
    assert (reply.text, reply.signature) == ("", "Sent from my iPhone")
    assert read_reply("Sent from my iPhone\n").text == "Sent from my iPhone"
