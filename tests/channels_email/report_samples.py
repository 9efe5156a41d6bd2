"""Reports and what is no report, written in the vocabularies of real servers: read and judged for the tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from channels_email.domain.parse import parse
from channels_email.domain.parsed import Kind, ParsedEmail

FOLDER = Path(__file__).parents[1] / "samples/email/reports"
_CHARSET = re.compile(r"charset=\"?([\w.-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Sample:
    """`kind` is a Kind's value, or `not_bounce`; `recipients` are (address, status or '-', permanent)."""

    name: str
    kind: str
    recipients: tuple[tuple[str, str, bool], ...]
    raw: bytes


@dataclass
class Score:
    """Of how many reports each aspect was read right; `wrong` says where it was not."""

    reports: int = 0
    seen: int = 0
    found: int = 0
    judged: int = 0
    others: int = 0
    kept_apart: int = 0
    wrong: list[str] = field(default_factory=list)


def samples(file: str) -> Iterator[Sample]:
    for record in (FOLDER / file).read_text("utf-8").split("%%%% ")[1:]:
        line, _, mail = record.partition("\n")
        name, kind, told = (piece.strip() for piece in line.split(" | ") + [""] * (2 - line.count(" | ")))
        yield Sample(
            name, kind.strip(" |"), tuple(_recipient(one) for one in told.split(";") if one.strip()), _raw(mail)
        )


def _recipient(told: str) -> tuple[str, str, bool]:
    address, status, verdict = told.strip().rsplit(maxsplit=2)
    return address.strip("<>").lower(), status, verdict == "hard"


REPORT = "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b"


def _raw(mail: str) -> bytes:
    mail = re.sub(r"^@REPORT$", REPORT, mail, flags=re.MULTILINE)
    mail = re.sub(
        r"^@ORIG (\S+)$",
        lambda found: (
            "Return-Path: <service@shop.example>\nReceived: from shop.example (shop.example [192.0.2.7])\n"
            "\tby mx.shop.example; Mon, 2 Mar 2026 09:00:00 +0100\nFrom: Shop <service@shop.example>\n"
            f"To: {found[1]}\nSubject: Your order\nDate: Mon, 2 Mar 2026 08:59:58 +0100\n"
            "Message-ID: <m1@shop.example>\n\nHello, write to other@shop.example if the 550 boxes do not exist.\n"
        ),
        mail,
        flags=re.MULTILINE,
    )
    charset = next(
        (name for name in _CHARSET.findall(mail) if name.lower() not in {"us-ascii", "unicode-1-1-utf-7"}), "utf-8"
    )
    if "charset=" not in mail:
        mail = (
            "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" + mail
            if "Content-Type" not in mail
            else mail
        )
    return mail.encode(charset, "replace")


def judge(file: str) -> Score:
    score = Score()
    for sample in samples(file):
        _judge(score, sample, parse(sample.raw))
    return score


def _judge(score: Score, sample: Sample, mail: ParsedEmail) -> None:
    if sample.kind != "bounce":
        score.others += 1
        right = mail.kind != Kind.BOUNCE if sample.kind == "not_bounce" else mail.kind == sample.kind
        score.kept_apart += right
        if not right:
            score.wrong.append(f"{sample.name}: {mail.kind} instead of {sample.kind}")
        return
    score.reports += 1
    if mail.kind != Kind.BOUNCE or mail.bounce is None:
        score.wrong.append(f"{sample.name}: {mail.kind}")
        return
    score.seen += 1
    told = {one.address.lower(): one for one in mail.bounce.recipients}
    expected = {address: (status, permanent) for address, status, permanent in sample.recipients}
    score.found += set(told) == set(expected)
    verdicts = {address: one.permanent for address, one in told.items()}
    right = verdicts == {address: permanent for address, (_, permanent) in expected.items()}
    score.judged += right
    codes = {address: status for address, (status, _) in expected.items() if status != "-"}
    coded = all(address in told and told[address].status == status for address, status in codes.items())
    if not right or not coded:
        score.wrong.append(f"{sample.name}: {[(o.address, o.status, o.permanent) for o in mail.bounce.recipients]}")
