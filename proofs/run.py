"""`python -m proofs.run ANSWER SCALE MODULE …`: builds the house, runs `prove` of each, writes what they found."""

from __future__ import annotations

import json
import os
import shutil
import sys
from importlib import import_module
from pathlib import Path

from contactcenter import environment
from contactcenter.local.demo import alone
from contactcenter.local.parts import Ports
from contactcenter.local.ports import any_free
from contactcenter.local.servers import Servers
from contactcenter.local.signals import Ended, end_on_signals

SHORT = {  # seconds; what waits for the dead waits minutes in production
    "OUTBOX_LEASE": "4",
    "OUTBOX_LONG_LEASE": "12",
    "DELIVERY_LEASE": "12",
    "DELIVERY_FIRST_PAUSE": "0.5",
    "SMTP_OUT_TIMEOUT": "3",
    "SMTP_OUT_TIMEOUT_AFTER_DATA": "4",
}


def main(answer: Path, scale: float, modules: list[str]) -> int:
    home = environment.home()
    with alone(home):
        faults = home / "faults"
        shutil.rmtree(faults, ignore_errors=True)
        faults.mkdir()
        shutil.rmtree(home / "files", ignore_errors=True)
        ports = Ports(web=any_free(), sockets=any_free(), smtp=any_free(), mailboxes=any_free())
        # This process plays the world outside and looks into the tables: it is never faulty itself.
        os.environ.update(SHORT, DJANGO_SETTINGS_MODULE="contactcenter.settings", PORT=str(ports.web))
        os.environ.update(OUTBOUND_PRIVATE_HOSTS="127.0.0.1", LOG_LEVEL="warning")
        os.environ.pop("FAULTS", None)
        servers = Servers(home)
        try:
            servers.start()
            from proofs.house import House  # the settings read where the servers are

            house = House(home, faults, ports, servers)
            try:
                house.build()
                results = []
                for module in modules:
                    house.anew()
                    results.append(import_module(module).prove(house, scale))
                    answer.write_text(json.dumps(results))
            finally:
                house.end()
        finally:
            servers.stop()
    return 0


if __name__ == "__main__":
    end_on_signals()
    try:
        sys.exit(main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
    except Ended as ended:
        sys.exit(ended.exit_code)
