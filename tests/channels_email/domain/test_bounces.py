"""Reports on our mail, in the words of the servers that write them."""

from pathlib import Path

import pytest
import yaml

from channels_email.domain.parse import parse
from channels_email.domain.parsed import Kind, ParsedEmail
from tests.channels_email.report_samples import FOLDER, judge

ORIGINAL = (
    "From: Shop <service@shop.example>\nTo: carla@mail.example\nSubject: Your order\nMessage-ID: <m1@shop.example>\n"
)


def plain(sender: str, subject: str, text: str, *more: str) -> ParsedEmail:
    head = [f"From: {sender}", "To: service@shop.example", f"Subject: {subject}", *more]
    head.append("Content-Type: text/plain; charset=utf-8")
    return parse(("\n".join(head) + "\n\n" + text).encode())


def dsn(*blocks: str, subject: str = "Undelivered Mail Returned to Sender") -> ParsedEmail:
    status = "\n\n".join(["Reporting-MTA: dns; mx.mail.example", *blocks])
    return parse(
        (
            f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.mail.example\nTo: service@shop.example\nSubject: {subject}\n"
            'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
            "--b\nContent-Type: text/plain\n\nI'm sorry to have to inform you.\n"
            f"--b\nContent-Type: message/delivery-status\n\n{status}\n\n"
            f"--b\nContent-Type: message/rfc822\n\n{ORIGINAL}\nHello\n--b--\n"
        ).encode()
    )


def told(mail: ParsedEmail) -> list[tuple[str, str, bool]]:
    assert mail.kind is Kind.BOUNCE
    assert mail.bounce is not None
    return [(one.address, one.status, one.permanent) for one in mail.bounce.recipients]


def test_a_standard_report_names_recipient_status_and_the_mail() -> None:
    mail = dsn(
        "Final-Recipient: rfc822; carla@mail.example\nOriginal-Recipient: rfc822;carla@mail.example\nAction: failed\n"
        "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <carla@mail.example>: user unknown"
    )
    assert told(mail) == [("carla@mail.example", "5.1.1", True)]
    assert mail.bounce is not None
    assert (mail.bounce.original_message_id, mail.bounce.original_subject) == ("m1@shop.example", "Your order")
    assert mail.automatic


def test_several_recipients_are_told_apart() -> None:
    mail = dsn(
        "Final-Recipient: rfc822; carla@mail.example\nAction: failed\nStatus: 5.1.1",
        "Final-Recipient: rfc822; dev@mail.example\nAction: failed\nStatus: 4.2.2",
        "Final-Recipient: rfc822; sol@mail.example\nAction: delivered\nStatus: 2.0.0",
    )
    assert told(mail) == [("carla@mail.example", "5.1.1", True), ("dev@mail.example", "4.2.2", False)]


def test_a_delay_is_not_permanent() -> None:
    mail = dsn("Final-Recipient: rfc822; carla@mail.example\nAction: delayed\nStatus: 4.4.1", subject="Delayed Mail")
    assert told(mail) == [("carla@mail.example", "4.4.1", False)]
    assert mail.bounce is not None
    assert mail.bounce.delayed


def test_a_report_of_success_is_no_bounce() -> None:
    mail = dsn("Final-Recipient: rfc822; carla@mail.example\nAction: delivered\nStatus: 2.1.5", subject="Delivered")
    assert mail.kind is not Kind.BOUNCE
    assert mail.bounce is None


def test_the_more_exact_code_of_the_diagnosis_counts() -> None:
    mail = dsn(
        "Final-Recipient: rfc822; carla@mail.example\nAction: failed\nStatus: 5.0.0\n"
        "Diagnostic-Code: smtp; 552 5.2.2 mailbox full"
    )
    assert told(mail) == [("carla@mail.example", "5.2.2", False)]


def test_a_complaint_names_who_complained() -> None:
    mail = parse(
        (
            "From: abuse@provider.example\nTo: service@shop.example\nSubject: complaint\nMIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
            "--b\nContent-Type: text/plain\n\nThis is an abuse report.\n"
            "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
            "Original-Rcpt-To: <carla@mail.example>\n\n"
            f"--b\nContent-Type: message/rfc822\n\n{ORIGINAL}\nHello\n--b--\n"
        ).encode()
    )
    assert told(mail) == [("carla@mail.example", "", True)]
    assert mail.bounce is not None
    assert mail.bounce.complaint


REPORTS = yaml.safe_load((Path(__file__).parents[2] / "samples/email/delivery_reports.yaml").read_text("utf-8"))


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_report_in_plain_words_is_understood(report: dict[str, str]) -> None:
    mail = plain(report["sender"], report["subject"], report["text"], "Return-Path: <>")
    assert told(mail) == [(report["address"], report["status"], report["permanent"])]


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.glob("*.txt")))
def test_the_reports_of_many_servers_are_seen_judged_and_kept_apart_from_all_else(file: str) -> None:
    score = judge(file)
    told = f"{score}"
    assert score.seen >= score.reports * 0.98, told
    assert score.found >= score.reports * 0.95, told
    assert score.judged >= score.reports * 0.95, told
    assert score.kept_apart >= score.others * 0.9, told


def test_exim_names_the_failed_recipients_in_a_field() -> None:
    mail = plain(
        "Mail Delivery System <Mailer-Daemon@mx.example>",
        "Mail failure",
        "It could not be delivered.\n550 no such user\n",
        "X-Failed-Recipients: carla@mail.example, dev@mail.example",
    )
    assert told(mail) == [("carla@mail.example", "5.1.1", True), ("dev@mail.example", "5.1.1", True)]


@pytest.mark.parametrize(
    ("sender", "subject", "text", "more"),
    [
        ("Carla <carla@mail.example>", "Undeliverable parcel", "My parcel 550 could not be delivered.", ()),
        ("Carla <carla@mail.example>", "Re: Mail delivery failed: help", "I got this: 550 5.1.1 for x@y.example", ()),
        ("Carla <carla@mail.example>", "Where is it?", "dev@mail.example says it was returned: user unknown", ()),
        ("Carla <carla@mail.example>", "Out of office", "Back on Monday. Ask dev@mail.example", ("Return-Path: <>",)),
    ],
)
def test_a_person_who_writes_of_such_things_is_no_server(
    sender: str, subject: str, text: str, more: tuple[str, ...]
) -> None:
    mail = plain(sender, subject, text, *more)
    assert mail.kind is not Kind.BOUNCE
    assert mail.bounce is None


def test_a_customer_who_attaches_a_report_is_no_server() -> None:
    report = (
        "From: MAILER-DAEMON@mx.example\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\n"
    )
    mail = parse(
        (
            "From: carla@mail.example\nSubject: what is this?\nMIME-Version: 1.0\n"
            "Content-Type: multipart/mixed; boundary=b\n\n"
            f"--b\n\nI got this.\n--b\nContent-Type: message/rfc822\n\n{report}\n--b--\n"
        ).encode()
    )
    assert mail.kind is Kind.MESSAGE
    assert mail.reply_text == "I got this."
