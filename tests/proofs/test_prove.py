"""The proofs at a tenth of their size, as `manage.py prove` runs them."""

from __future__ import annotations

import json
import subprocess
import sys

from django.conf import settings

TENTH = "0.1"


def proved() -> dict[str, dict[str, object]]:
    """What each proof found; both run in one house."""
    command = [sys.executable, "manage.py", "prove", "intake", "delivery", "--scale", TENTH]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=900, check=False)
    found = {result["proof"]: result for result in map(json.loads, done.stdout.splitlines())}
    assert set(found) == {"intake", "delivery"}, done.stderr[-3000:]
    assert done.returncode == 0, (found, done.stderr[-3000:])
    return found


def test_every_mail_is_one_message_and_every_answer_arrives_once_whatever_is_killed():
    found = proved()
    intake, delivery = found["intake"], found["delivery"]

    assert (intake["sent"], intake["messages"]) == (503, 503)
    assert (intake["lost"], intake["doubled"], intake["differences"]) == (0, 0, 0)
    assert intake["killed"].keys() == {"worker", "web", "mail", "relay", "postgres", "valkey", "beat"}
    assert intake["points_not_reached"] == []
    assert intake["put_off_by_a_full_disk"] > 0
    assert intake["imap_cut_or_renumbered"]

    assert (delivery["sent"], delivery["lost"], delivery["doubled"]) == (100, 0, 0)
    assert all(delivery["servers_with_habits"].values())
    assert delivery["answers_by_state"]["failed"] == delivery["servers_with_habits"]["never"]
    assert delivery["points_not_reached"] == []


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
