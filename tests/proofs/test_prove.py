"""The proof of intake at a tenth of its size, as `manage.py prove` runs it. That of delivery mostly waits for leases:
it is run by hand.
"""

from __future__ import annotations

import json
import subprocess
import sys

from django.conf import settings

TENTH = "0.1"


def test_every_mail_is_one_message_and_every_answer_to_it_arrives_once_whatever_is_killed():
    command = [sys.executable, "manage.py", "prove", "intake", "--scale", TENTH]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=900, check=False)
    (intake,) = map(json.loads, done.stdout.splitlines())

    assert done.returncode == 0, (json.dumps(intake), done.stderr[-3000:])
    assert (intake["sent"], intake["messages"]) == (503, 503)
    assert (intake["lost"], intake["doubled"], intake["differences"]) == (0, 0, 0)
    assert (intake["answers"], intake["answers_lost"], intake["answers_doubled"]) == (100, 0, 0)
    assert intake["killed"].keys() == {"worker", "web", "mail", "relay", "postgres", "valkey", "beat"}
    assert intake["points_not_reached"] == []
    assert intake["put_off_by_a_full_disk"] > 0
    assert intake["imap_cut_or_renumbered"]


def test_a_name_that_is_none_is_told_with_those_that_are():
    done = subprocess.run(
        [sys.executable, "manage.py", "prove", "nothing"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert "intake, delivery" in done.stderr
