import socket

import pytest

from contactcenter.local.errors import LocalError
from contactcenter.local.parts import choose_ports
from contactcenter.local.ports import LOOPBACK, any_free, first_free, is_free


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_passed_over(taken):
    assert not is_free(taken)
    assert first_free(taken) > taken


def test_a_taken_port_is_said_and_the_next_is_used(taken, monkeypatch, capsys):
    for name in ("SOCKETS_PORT", "SMTP_PORT"):
        monkeypatch.setenv(name, str(any_free()))
    monkeypatch.setenv("PORT", str(taken))
    chosen = choose_ports()
    assert chosen.web > taken
    assert f"Port {taken} is taken; the web address uses {chosen.web}." in capsys.readouterr().out


def test_ports_of_one_demo_never_meet(monkeypatch):
    port = str(any_free())
    for name in ("PORT", "SOCKETS_PORT", "SMTP_PORT"):
        monkeypatch.setenv(name, port)
    chosen = choose_ports()
    assert len({chosen.web, chosen.sockets, chosen.smtp}) == 3


def test_no_port_left_is_said(monkeypatch):
    monkeypatch.setattr("contactcenter.local.ports.is_free", lambda port: False)
    with pytest.raises(LocalError, match="ports 65500 to 65535 are all taken"):
        first_free(65500)
