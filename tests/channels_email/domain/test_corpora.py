"""Mails and expectations that nobody here wrote. The floors were measured: falling below one is a regression."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels_email.domain.parse import parse
from channels_email.domain.parsed import ParsedEmail
from channels_email.domain.quote import read_reply

CORPUS = Path(__file__).parents[4] / "shared/corpora/email"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus ../shared/corpora/email is not here")
FLOORS = {"cpython-email": 286, "mikel-mail": 94, "nodemailer-mailparser": 60, "frappe-mails": 7}


def flat(text: str | None) -> str:
    return " ".join((text or "").split())


def lines_of(folder: str) -> list[dict]:
    return [json.loads(line) for line in (CORPUS / folder / "expected.jsonl").read_text("utf-8").splitlines()]


def addresses(boxes) -> list[str]:
    return [box.address for box in boxes]


def names(mail: ParsedEmail) -> list[str]:
    return sorted(one.filename for one in mail.attachments if one.filename)


def checks(mail: ParsedEmail, expected: dict) -> Iterator[tuple[str, bool]]:
    """Each expectation of a mail that has one, and whether it holds."""
    sizes = [one.size for one in mail.attachments]
    date = mail.date.isoformat() if mail.date else None
    rules = {
        "ref_subject": lambda want: flat(mail.subject) == flat(want),
        "ref_from": lambda want: not want or addresses(mail.authors) == want,
        "ref_to": lambda want: want is None or addresses(mail.to) == want,
        "ref_message_id": lambda want: mail.message_id == (want or "").strip("<>"),
        "ref_body_text": lambda want: not want or flat(want) in flat(mail.text),
        "ref_attachment_names": lambda want: names(mail) == sorted(want),
        "attachment_names": lambda want: names(mail) == sorted(want),
        "n_attachments": lambda want: len(mail.attachments) == want,
        "attachment_sizes": lambda want: all(size is None or size in sizes for size in want),
        "from": lambda want: addresses(mail.authors) == want,
        "to": lambda want: addresses(mail.to) == want,
        "cc": lambda want: addresses(mail.cc) == want,
        "reply_to": lambda want: addresses(mail.reply_to) == want,
        "sender": lambda want: want in addresses([*mail.authors, *([mail.sender] if mail.sender else [])]),
        "from_name": lambda want: mail.authors[0].name == want,
        "subject": lambda want: mail.subject == want,
        "subject_words": lambda want: all(word in mail.subject for word in want),
        "message_id": lambda want: mail.message_id == want,
        "in_reply_to": lambda want: list(mail.in_reply_to) == want,
        "references": lambda want: list(mail.references) == want,
        "text": lambda want: flat(mail.text) == flat(want),
        "text_contains": lambda want: all(flat(piece) in flat(mail.text) for piece in want),
        "date": lambda want: date == want,
        "to_contains": lambda want: want in addresses(mail.to),
    }
    for key, want in expected.items():
        if key in rules:
            yield key, rules[key](want)


@pytest.mark.parametrize("folder", FLOORS)
def test_fields_texts_and_files_are_read_right(folder: str) -> None:
    wrong: list[str] = []
    count: Counter[bool] = Counter()
    for expected in lines_of(folder):
        mail = parse((CORPUS / folder / expected["file"]).read_bytes())
        for key, right in checks(mail, expected):
            count[right] += 1
            if not right:
                wrong.append(f"{expected['file']}: {key}")
    assert count[True] >= FLOORS[folder], wrong


def test_what_is_new_in_a_reply_is_found_exactly() -> None:
    wrong: list[str] = []
    for expected in lines_of("reply-extraction"):
        source = expected.get("input") or (CORPUS / "reply-extraction" / expected["file"]).read_bytes().decode()
        text = source.replace("\r\n", "\n")
        got = flat(read_reply(text).text)
        right = (
            got == flat(expected.get("reply", got))
            and (not expected.get("whole") or got == flat(text))
            and all(flat(piece) in got for piece in expected.get("contains", []))
            and not any(flat(piece) in got for piece in expected.get("not_contains", []))
        )
        if not right:
            wrong.append(expected["id"])
    assert wrong == []
