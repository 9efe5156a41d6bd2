"""Brings an installation up to date inside Django: migrations, static files, the demo world.

`python -m contactcenter.local.prepare FILE MARK [--demo]` writes {"looked_at": MARK, "demo": {…}} to
FILE. It runs as a child of the local runner, which stays free of Django. What is up to date is not done again.
"""

import argparse
import hashlib
import io
import json
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from contactcenter.local.screen import step, warn
from contactcenter.local.servers import write_private


def migrate() -> None:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        with step(f"Database ({len(plan)} steps)"):
            call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for file in sorted((settings.BASE_DIR / "static").rglob("*")):
        if file.is_file():
            digest.update(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    with step("Static files"):
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(digest.hexdigest())


def load_demo() -> dict[str, object]:
    """What `manage.py load_demo` answers in its last line: users, api_token, mailbox."""
    answer = io.StringIO()
    call_command("load_demo", stdout=answer)  # it says itself, on the error output, how far it is
    lines = answer.getvalue().strip().splitlines()
    loaded = json.loads(lines[-1]) if lines else {}
    if not isinstance(loaded, dict):
        raise CommandError("load_demo answered something that is not an object")
    return loaded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m contactcenter.local.prepare")
    parser.add_argument("file", type=Path)
    parser.add_argument("mark")
    parser.add_argument("--demo", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    try:
        django.setup()
        migrate()
        if not settings.DEBUG:
            collect_static()
        demo = load_demo() if options.demo else {}
        write_private(options.file, json.dumps({"looked_at": options.mark, "demo": demo}))
    except (ImproperlyConfigured, CommandError, OperationalError) as error:
        warn(f"Preparation stopped: {' '.join(str(error).split())}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
