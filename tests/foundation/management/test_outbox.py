"""The outbox as an administrator sees it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from foundation import clock
from foundation.outbox.models import OutboxRow

pytestmark = pytest.mark.django_db


def say(*words: str) -> str:
    out = StringIO()
    call_command("outbox", *words, stdout=out)
    return out.getvalue()


def dead_row(**fields: object) -> OutboxRow:
    facts = {"event": "x.Y", "payload": {}, "receiver": "x.receivers.listen", "queue": "mail", "dead_at": clock.now()}
    return OutboxRow.objects.create(error="Traceback …\nValueError: the rope is torn", attempts=15, **facts | fields)


def test_an_empty_outbox_says_so_for_each_queue():
    assert [line.split()[:3] for line in say().splitlines()] == [
        ["live", "0", "waiting,"],
        ["mail", "0", "waiting,"],
        ["bulk", "0", "waiting,"],
    ]


def test_waiting_and_dead_rows_are_told_with_their_reason():
    with clock.stopped_at(clock.now()) as still:
        dead = dead_row()
        dead_row(dead_at=None)
        still.advance(timedelta(seconds=90))
        told = say()
    assert "mail        1 waiting, the oldest due for 90.0 s, 1 dead" in told
    assert f"{dead.pk} dead since" in told
    assert "x.receivers.listen: ValueError: the rope is torn" in told


def test_dead_rows_are_tried_again_all_or_by_number():
    first, second, third = dead_row(), dead_row(), dead_row()
    assert say("retry", str(first.pk)) == "1 rows are tried again.\n"
    first.refresh_from_db()
    assert (first.dead_at, first.attempts) == (None, 0)
    assert say("retry") == "2 rows are tried again.\n"
    assert not OutboxRow.objects.exclude(dead_at=None).exists()
    assert {second.pk, third.pk} < set(OutboxRow.objects.values_list("pk", flat=True))


def test_a_number_that_is_no_dead_row_is_one_clear_error():
    waiting = dead_row(dead_at=None)
    with pytest.raises(CommandError, match="Only 0 of these rows are dead letters"):
        say("retry", str(waiting.pk))


def test_listing_costs_the_same_for_one_dead_row_and_three(django_assert_num_queries):
    dead_row()
    with django_assert_num_queries(4):
        say()
    dead_row()
    dead_row()
    with django_assert_num_queries(4):
        say()
