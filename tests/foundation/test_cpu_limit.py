import re
import signal
import threading
import time
from contextlib import suppress

import pytest

from foundation.cpu_limit import TookTooLong, cpu_limit

TRAP = re.compile(r"(?:a+)+$")
ENDLESS = "a" * 60 + "!"


def test_a_regular_expression_that_never_ends_ends():
    with pytest.raises(TookTooLong), cpu_limit(0.05):
        TRAP.match(ENDLESS)


def test_who_guards_against_whatever_a_foreign_parser_raises_ends_too():
    def read():
        with suppress(Exception):
            TRAP.match(ENDLESS)
        pytest.fail("it went on")

    with pytest.raises(TookTooLong), cpu_limit(0.05):
        read()


def test_who_is_done_in_time_is_left_alone_and_no_limit_stays_behind():
    before = signal.getsignal(signal.SIGPROF)
    with cpu_limit(5):
        assert TRAP.match("aaa")
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGPROF) is before


def test_waiting_is_not_working():
    with cpu_limit(0.2):
        threading.Event().wait(0.3)


def test_in_another_thread_there_is_none_and_nothing_breaks():
    done = []

    def work():
        with cpu_limit(0.01):
            until = time.thread_time() + 0.03
            while time.thread_time() < until:
                pass
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done
