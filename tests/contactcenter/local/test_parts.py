from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import get_commands

from contactcenter.local.parts import Ports, parts, surroundings
from contactcenter.local.ready import AWAITED

CHOSEN = Ports(web=8000, sockets=8001, smtp=2525, mailboxes=2526)
TABLE = {part.name: part for dev in (False, True) for part in parts(Path("/tmp"), CHOSEN, simulated=True, dev=dev)}


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_process_of_the_demo_is_a_program_that_exists(name):
    _, first, second, *_ = (str(word) for word in TABLE[name].command)
    if first == "-m":
        assert find_spec(second) is not None
    elif first.endswith("manage.py"):
        assert second in get_commands()
    else:
        assert Path(first).is_file()


def test_what_is_waited_for_is_there():
    assert set(AWAITED) <= TABLE.keys()


def test_simulated_people_stay_at_home_when_asked():
    assert "simulator" not in {part.name for part in parts(Path("/tmp"), CHOSEN, simulated=False, dev=False)}


def test_processes_are_told_where_they_are(tmp_path, monkeypatch):
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "given")
    told = surroundings(tmp_path, CHOSEN, simulated=False, dev=False)
    assert told["PUBLIC_URL"] == "http://127.0.0.1:8000"
    assert (told["SOCKETS_PORT"], told["SMTP_PORT"], told["SIMULATOR"]) == ("8001", "2525", "off")
    assert told["TWILIO_AUTH_TOKEN"] == "given"
    assert told["CONTACTCENTER_HOME"] == str(tmp_path)


def test_a_demo_keeps_its_twilio_token(tmp_path, monkeypatch):
    monkeypatch.delenv("TWILIO_AUTH_TOKEN", raising=False)
    first = surroundings(tmp_path, CHOSEN, simulated=True, dev=False)["TWILIO_AUTH_TOKEN"]
    assert len(first) == 32
    assert surroundings(tmp_path, CHOSEN, simulated=True, dev=False)["TWILIO_AUTH_TOKEN"] == first
