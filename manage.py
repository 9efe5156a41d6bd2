#!/usr/bin/env python
"""Django's commands. What an operator got wrong is said in one line; a traceback is for our own mistakes."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

WRONG_SETTING = os.EX_CONFIG
TRY_AGAIN_LATER = os.EX_TEMPFAIL


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"contactcenter: {' '.join(str(error).split())}\n")
        return WRONG_SETTING
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) is not None:
            raise  # the database answered, so the statement is at fault
        sys.stderr.write(f"contactcenter: the database is away: {' '.join(str(error).split())}\n")
        return TRY_AGAIN_LATER
    return 0


if __name__ == "__main__":
    sys.exit(main())
