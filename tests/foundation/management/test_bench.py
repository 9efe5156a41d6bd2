"""`manage.py bench`: what it finds, and what it says of a name that it does not."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def test_the_benchmarks_are_listed():
    out = StringIO()
    call_command("bench", stdout=out)
    assert "outbox" in out.getvalue().split()
    assert "stage" not in out.getvalue().split(), "a file without run() is no benchmark"


@pytest.mark.parametrize("name", ["nothing", "../manage", "stage"])
def test_an_unknown_name_is_one_clear_error(name: str):
    with pytest.raises(CommandError, match="There is no benchmark"):
        call_command("bench", name)
