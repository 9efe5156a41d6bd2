"""`make demo` and `make dev`: the whole product on this machine."""

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path

from contactcenter import environment
from contactcenter.local import children
from contactcenter.local.announce import announce
from contactcenter.local.errors import LocalError
from contactcenter.local.parts import choose_ports, parts, surroundings
from contactcenter.local.preparation import Preparation
from contactcenter.local.processes import Processes, orphans
from contactcenter.local.ready import AWAITED, wait_until_ready
from contactcenter.local.reload import Watch
from contactcenter.local.screen import say, step
from contactcenter.local.servers import Servers


@contextlib.contextmanager
def alone(home: Path) -> Iterator[None]:
    """One demo per folder. The kernel frees the lock with its holder, however that ends."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalError(
                f"a demo already runs in {home} (see demo.json there); end it first, or give another CONTACTCENTER_HOME"
            ) from None
        yield


def demo(*, dev: bool = False) -> None:
    """Runs until a signal ends it. Raises LocalError when it cannot start."""
    home = environment.home()
    simulated = environment.read("SIMULATOR", True, environment.boolean)
    with alone(home):
        children.end_processes(list(orphans(home)))
        (home / "demo.json").unlink(missing_ok=True)  # it says where the running one is
        chosen = choose_ports()
        env = surroundings(home, chosen, simulated=simulated, dev=dev)
        servers = Servers(home)
        processes = Processes(home, environment.ROOT, env, show_all=dev)
        preparation = None
        try:
            with step("Servers"):
                servers.start()
            preparation = Preparation(home, env)
            preparation.wait_unless_known()
            table = parts(home, chosen, simulated=simulated, dev=dev)
            with step("Processes"):
                for part in table:
                    if part.name in AWAITED:
                        processes.start(part)
                wait_until_ready(processes, chosen)
                prepared = preparation.finished()
                for part in table:  # those nobody waits for, later: imports of seven processes take two cores long
                    if part.name not in AWAITED:
                        processes.start(part)
            announce(home, chosen, servers, prepared.demo, env)
            _stay(processes, servers, Watch(environment.ROOT) if dev else None)
        finally:
            say("\nEnding …")
            if preparation:
                children.end([preparation.child])
            processes.stop()
            servers.stop()


def _stay(processes: Processes, servers: Servers, watch: Watch | None) -> None:
    beats = 0
    while True:
        time.sleep(0.25)
        beats += 1
        processes.tick()
        if beats % 4 == 0:
            servers.watch()
            if watch and watch.changed():
                say("The code has changed; starting anew.")
                processes.restart()
