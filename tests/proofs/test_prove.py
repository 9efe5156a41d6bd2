"""Each proof at a tenth of its size, as `manage.py prove` runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from django.conf import settings

TENTH = "0.1"


def prove(name: str) -> dict[str, Any]:
    command = [sys.executable, "manage.py", "prove", name, "--scale", TENTH]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=900, check=False)
    (found,) = map(json.loads, done.stdout.splitlines())
    if done.returncode:
        # pytest shortens what it shows of a failed comparison, and this cannot be seen a second time.
        sys.stderr.write(f"{json.dumps(found, indent=1)}\n{done.stderr[-3000:]}\n")
    assert done.returncode == 0, "the proof does not hold: all of its answer stands in the captured stderr"
    assert found["holds"] is True
    return found


def test_every_mail_is_one_message_and_every_answer_to_it_arrives_once_whatever_is_killed():
    intake = prove("intake")
    assert (intake["sent"], intake["messages"]) == (543, 543)
    assert (intake["lost"], intake["doubled"], intake["differences"]) == (0, 0, 0)
    assert (intake["answers"], intake["answers_lost"], intake["answers_doubled"]) == (100, 0, 0)
    assert intake["killed"].keys() == {"worker", "web", "mail", "relay", "postgres", "valkey", "beat"}
    assert intake["points_not_reached"] == []
    assert intake["put_off_by_a_full_disk"] > 0
    assert intake["blocked_and_read_again"] >= 40
    assert intake["imap_cut_or_renumbered"]


def test_every_answer_arrives_once_or_is_said_to_be_unknown_whatever_is_killed():
    delivery = prove("delivery")
    assert (delivery["sent"], delivery["lost"], delivery["doubled"]) == (100, 0, 0)
    assert delivery["answers_by_state"]["failed"] == delivery["servers_with_habits"]["never"] == 2
    assert delivery["refused_and_tried_again"] == 0
    assert delivery["killed"].keys() == {"worker", "web", "relay", "postgres", "valkey", "beat"}
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
