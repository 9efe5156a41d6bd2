"""`python -m contactcenter.local demo|dev|servers|check`: what `make demo`, `make dev` and `make test` run."""

import argparse
import sys
import time

from django.core.exceptions import ImproperlyConfigured

from contactcenter import environment
from contactcenter.local.check import check
from contactcenter.local.demo import demo
from contactcenter.local.errors import LocalError
from contactcenter.local.screen import say, warn
from contactcenter.local.servers import Servers
from contactcenter.local.signals import Ended, end_on_signals


def serve() -> None:
    """Only the embedded servers, for work on the code: their addresses are found by everything that runs here."""
    servers = Servers(environment.home())
    try:
        servers.start()
        say(f"{'Adopted' if servers.adopted else 'Started'}. Addresses: {servers.home / 'servers.json'}. Ctrl-C ends.")
        while True:
            time.sleep(1)
            servers.watch()
    finally:
        servers.stop()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m contactcenter.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="the whole product with demo data")
    commands.add_parser("dev", help="the same, reloading when a file changes")
    commands.add_parser("servers", help="only PostgreSQL and Valkey")
    checks = commands.add_parser("check", help="every check; arguments go to pytest")
    checks.add_argument("pytest", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    end_on_signals()
    try:
        if options.command == "check":
            return check(options.pytest)
        if options.command == "servers":
            serve()
        else:
            demo(dev=options.command == "dev")
    except Ended as ended:
        return ended.exit_code
    except (LocalError, ImproperlyConfigured) as error:
        warn(f"contactcenter: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
