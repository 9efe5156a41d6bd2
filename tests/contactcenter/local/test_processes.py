"""The processes side by side: one that dies comes back and it is said, and none outlives the runner."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from contactcenter.local import children
from contactcenter.local.processes import MARK, Part, Processes, orphans
from tests.contactcenter.local.runner import ROOT, gone, wait_until


@pytest.fixture
def processes(tmp_path):
    (tmp_path / "log").mkdir()
    side_by_side = Processes(tmp_path, tmp_path, os.environ, show_all=False)
    yield side_by_side
    side_by_side.stop()


def shell(name: str, script: str) -> Part:
    return Part(name, ("/bin/sh", "-c", script))


def ticking(processes: Processes, until) -> None:
    def ticked() -> bool:
        processes.tick()
        return until()

    wait_until(ticked)


def test_one_that_dies_is_brought_back_and_its_last_words_are_shown(processes, tmp_path, capsys):
    processes.start(shell("web", "echo the cable is out; echo again >> lives; exit 3"))
    ticking(processes, lambda: (tmp_path / "lives").exists() and len((tmp_path / "lives").read_text().split()) >= 2)
    said = capsys.readouterr().out
    assert "web ended with 3; again in 1 s" in said
    assert "the cable is out" in said


def test_one_that_keeps_dying_is_brought_back_ever_more_slowly(processes):
    processes.start(shell("web", "exit 1"))
    ticking(processes, lambda: processes.running[0].pause >= 4)
    assert processes.running[0].pause == 4


def test_what_a_killed_one_left_behind_is_gone_before_it_comes_back(processes, tmp_path):
    processes.start(shell("web", "sleep 60 & echo $! >> workers; wait"))
    workers = tmp_path / "workers"
    wait_until(lambda: workers.exists() and workers.read_text().endswith("\n"))
    worker = psutil.Process(int(workers.read_text()))
    processes.running[0].child.kill()
    ticking(processes, lambda: len(workers.read_text().split()) == 2)
    assert gone([worker])


def test_the_terminal_stays_readable_and_the_log_has_everything(processes, tmp_path, capsys):
    processes.start(shell("worker", "echo all is well; echo ERROR something broke; sleep 60"))
    ticking(processes, lambda: "ERROR" in (tmp_path / "log" / "worker.log").read_text())
    processes.tick()
    said = capsys.readouterr().out
    assert "ERROR something broke" in said
    assert "all is well" not in said
    assert (tmp_path / "log" / "worker.log").read_text() == "all is well\nERROR something broke\n"


def test_one_that_will_not_end_is_killed_with_its_children(tmp_path):
    child = children.spawn(
        ["/bin/sh", "-c", "trap '' TERM; sleep 60 & sleep 60"], cwd=tmp_path, log=tmp_path / "stubborn.log"
    )
    wait_until(lambda: len(psutil.Process(child.pid).children()) == 2)
    family = psutil.Process(child.pid).children()
    children.end([child], patience=0.5)
    assert child.returncode is not None
    assert gone(family)


STORY = """
import sys, time
from pathlib import Path
from contactcenter.local.processes import Part, Processes
home = Path(sys.argv[1])
processes = Processes(home, home, {"PATH": "/bin:/usr/bin"}, show_all=False)
processes.start(Part("web", ("/bin/sh", "-c", "echo $$ > pid; exec sleep 600")))
time.sleep(600)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process of its parent's death")
def test_kill_9_of_the_runner_ends_its_processes(tmp_path):
    (tmp_path / "log").mkdir()
    runner = subprocess.Popen([sys.executable, "-c", STORY, str(tmp_path)], cwd=ROOT)
    pid = tmp_path / "pid"
    wait_until(lambda: pid.exists() and pid.read_text().strip())
    child = psutil.Process(int(pid.read_text()))
    runner.kill()
    runner.wait()
    wait_until(lambda: gone([child]))
    assert gone([child])


def test_an_orphan_is_known_by_its_mark_and_nobody_else_is(tmp_path):
    def start(mark: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(["/bin/sleep", "600"], env={MARK: str(mark)})

    ours, others = start(tmp_path / "here"), start(tmp_path / "elsewhere")
    try:
        wait_until(lambda: list(orphans(tmp_path / "here")))
        assert [process.pid for process in orphans(tmp_path / "here")] == [ours.pid]
        orphan = list(orphans(tmp_path / "here"))
        children.end_processes(orphan)
        assert gone(orphan)
        assert others.poll() is None
    finally:
        others.kill()
        others.wait()
        ours.wait()


def test_a_new_run_keeps_the_last_log_beside_the_new_one(processes, tmp_path):
    (tmp_path / "log" / "web.log").write_text("yesterday\n")
    processes.start(shell("web", "echo today; sleep 60"))
    wait_until(lambda: "today" in (tmp_path / "log" / "web.log").read_text())
    assert (tmp_path / "log" / "web.log.1").read_text() == "yesterday\n"
    assert time.monotonic() - processes.running[0].since < 60
