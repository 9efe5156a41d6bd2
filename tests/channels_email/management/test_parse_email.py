"""`manage.py parse_email` as people and programs use it: from a shell, without any server."""

import json
import os
import subprocess
import sys
from pathlib import Path

from channels_email.domain.message_ids import own_message_id
from channels_email.management.commands.parse_email import describe
from foundation.keys import new_key

ROOT = Path(__file__).parents[3]
KEYS = [
    "from", "to", "cc", "reply_to", "subject", "date", "message_id", "text", "html", "reply_text", "signature",
    "attachments", "kind", "bounce", "defects",
]  # fmt: skip
MAIL = (
    "From: Jörg Müller <joerg@mail.example>\nTo: service@shop.example\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n"
    "Date: Tue, 12 May 2026 09:14:00 +0200\nMessage-ID: <a1@mail.example>\n\nGrüße\n"
)


def parse_email(*files: Path, stdin: bytes = b"", locale: str = "C.UTF-8") -> subprocess.CompletedProcess[bytes]:
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    return subprocess.run(
        [sys.executable, "manage.py", "parse_email", *map(str, files)],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env={
            **os.environ,
            **nowhere,
            "LC_ALL": locale,
            "PYTHONUTF8": "0",
            "DJANGO_SETTINGS_MODULE": "contactcenter.settings",
        },
        timeout=60,
        check=False,
    )


def objects(done: subprocess.CompletedProcess[bytes]) -> list[dict]:
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def test_one_object_a_mail_in_the_order_of_the_files(tmp_path: Path) -> None:
    files = [tmp_path / "a.eml", tmp_path / "b.eml"]
    files[0].write_text(MAIL, "utf-8")
    files[1].write_bytes(b"From: carla@mail.example, dev@mail.example\n\nHello\n")
    done = parse_email(*files)
    first, second = objects(done)
    assert done.returncode == 0
    assert done.stderr == b""
    assert list(first) == KEYS
    assert first["from"] == {"name": "Jörg Müller", "address": "joerg@mail.example"}
    assert first["to"] == [{"name": "", "address": "service@shop.example"}]
    assert (first["subject"], first["text"], first["kind"], first["bounce"]) == ("Grüße", "Grüße", "message", None)
    assert (first["date"], first["message_id"]) == ("2026-05-12T09:14:00+02:00", "a1@mail.example")
    assert [box["address"] for box in second["from"]] == ["carla@mail.example", "dev@mail.example"]


def test_standard_input_without_arguments_and_utf8_in_any_locale() -> None:
    done = parse_email(stdin=MAIL.encode(), locale="C")
    assert [one["subject"] for one in objects(done)] == ["Grüße"]
    assert done.returncode == 0


def test_what_is_no_mail_is_said_and_the_next_goes_on(tmp_path: Path) -> None:
    files = [tmp_path / "picture", tmp_path / "empty", tmp_path / "mail"]
    files[0].write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    files[1].write_bytes(b"")
    files[2].write_text(MAIL, "utf-8")
    done = parse_email(*files)
    picture, empty, mail = objects(done)
    assert done.returncode == 65
    assert list(picture) == list(empty) == ["error"]
    assert mail["subject"] == "Grüße"
    assert b"Traceback" not in done.stderr


def test_our_own_mail_that_comes_back_is_a_loop() -> None:
    ours = own_message_id(new_key(), 77, "shop.example")
    forged = ours.replace("@", "a@")
    kinds = [describe(f"From: a@b.example\nMessage-ID: <{one}>\n\nHello\n".encode())["kind"] for one in (ours, forged)]
    assert kinds == ["loop", "message"]


def test_a_wrong_file_name_is_one_clear_line(tmp_path: Path) -> None:
    done = parse_email(tmp_path / "nowhere.eml")
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().strip().splitlines() == [f"CommandError: {tmp_path / 'nowhere.eml'}: no such file"]


def test_any_bytes_give_valid_json_in_valid_utf8(tmp_path: Path) -> None:
    files = []
    for number, raw in enumerate(
        [b"\xff" * 5_000, b"Subject: \xed\xa0\x80\n\n\x00\xed\xbf\xbf", bytes(range(256)) * 40]
    ):
        files.append(tmp_path / str(number))
        files[-1].write_bytes(raw)
    done = parse_email(*files)
    assert len(objects(done)) == 3
    assert done.returncode in {0, 65}
    assert b"Traceback" not in done.stderr
