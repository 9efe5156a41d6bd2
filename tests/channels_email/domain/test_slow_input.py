"""Mails built to take long: each is understood in time that grows with its length and no faster."""

import time
from collections.abc import Callable

import pytest

from channels_email.domain.fold import fold_quotes
from channels_email.domain.html_lengths import is_sane
from channels_email.domain.parse import parse

HEAD = b"From: Carla <carla@post.example>\r\nTo: support@nordhem.example\r\nSubject: Hello\r\n"
REPORT = b"From: MAILER-DAEMON@post.example\r\nSubject: Undelivered Mail\r\nContent-Type: text/html\r\n\r\n"

BUILT_TO_BE_SLOW: dict[str, Callable[[int], bytes]] = {
    "references without a sign": lambda n: HEAD + b"".join(b"References: " + b"a" * n + b"\r\n" for _ in range(4)),
    "sender without a host": lambda n: b"From: " + b"a" * n + b"@\r\n\r\nHello",
    "commas in brackets": lambda n: b"From: <" + b"," * n + b"\r\n\r\nHello",
    "colons and signs": lambda n: b"From: " + b"@:" * (n // 2) + b"\r\n\r\nHello",
    "dots and blanks": lambda n: b"From: " + b". " * (n // 2) + b"@\r\n\r\nHello",
    "letters of no width": lambda n: (
        HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\nHello" + "\u200b".encode() * n + b"you"
    ),
    "addresses in a report": lambda n: REPORT + b"a@b.c " * (n // 6),
}


@pytest.mark.parametrize("build", BUILT_TO_BE_SLOW.values(), ids=BUILT_TO_BE_SLOW)
def test_time_grows_with_the_length_and_no_faster(build):
    """Eight times as much may take some sixteen times as long; what grows with the square takes sixty-four."""
    spent = {length: _cpu(build(length)) for length in (5_000, 40_000)}
    assert spent[40_000] < 24 * max(spent[5_000], 0.02)


@pytest.mark.parametrize(
    "read",
    [
        lambda n: is_sane("width", "rgb(" * (n // 4)),
        lambda n: fold_quotes(
            f"<p>Hello</p><blockquote>{'word ' * n}</blockquote>", "\n".join(map(str, range(n // 4)))
        ),
    ],
    ids=["colours that never end", "news that stands nowhere"],
)
def test_so_does_what_is_read_of_the_page(read):
    spent = {}
    for length in (5_000, 40_000):
        began = time.process_time()
        read(length)
        spent[length] = time.process_time() - began
    assert spent[40_000] < 24 * max(spent[5_000], 0.02)


def _cpu(mail: bytes) -> float:
    began = time.process_time()
    parse(mail)
    return time.process_time() - began


def test_a_field_repeated_without_end_is_read_as_far_as_anybody_writes():
    cc = b"".join(b"Cc: " + b", ".join(b"a%d-%d@x.example" % (f, n) for n in range(500)) + b"\r\n" for f in range(100))
    assert len(parse(HEAD + cc + b"\r\nHello").cc) == 2_000


def test_mails_within_mails_are_one_file_and_not_one_for_each():
    inner = HEAD + b"\r\n" + b"The words at the bottom.\r\n" * 20_000
    for _ in range(28):
        inner = HEAD + b"Content-Type: message/rfc822\r\n\r\n" + inner
    mail = parse(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee below\r\n--b\r\n"
                 b"Content-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b--\r\n")  # fmt: skip
    assert len(mail.attachments) == 1
    assert sum(len(each.content) for each in mail.attachments) < 2 * len(inner)
    assert mail.text.startswith("See below")


def test_three_mails_deep_the_words_are_read_and_the_files_are_there():
    letter = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nThe first words\r\n--c\r\n"
        + b"Content-Type: application/pdf; name=bill.pdf\r\n\r\n%PDF\r\n--c--\r\n"
    )
    for _ in range(2):
        letter = HEAD + b"Content-Type: message/rfc822\r\n\r\n" + letter
    mail = parse(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee below\r\n--b\r\n"
                 b"Content-Type: message/rfc822\r\n\r\n" + letter + b"\r\n--b--\r\n")  # fmt: skip
    assert "The first words" in mail.text
    assert [each.filename for each in mail.attachments][-1] == "bill.pdf"


def test_so_many_pages_of_html_are_not_made_clean_one_by_one():
    page = b"\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>" + b"word " * 4_000 + b"</p>"
    mail = parse(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + page * 200 + b"\r\n--b--\r\n")
    assert "too large" in " ".join(mail.defects)
    assert len(mail.html) < 2_500_000
    assert mail.text.count("word") > 700_000
