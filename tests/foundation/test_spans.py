from datetime import timedelta

import pytest
from django.db import connection

from foundation import spans
from tests.people import A_TUESDAY


def in_the_database(moment) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT foundation_spans(%s)", [moment])
        return set(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [0.3, 1, 5, 26, 24 * 9, 24 * 70, 24 * 800])
def test_the_newest_part_holds_all_since_its_start_up_to_now_and_not_much_more(hours):
    start = A_TUESDAY - timedelta(hours=hours)
    part = spans.since(start, A_TUESDAY)
    assert len(part) <= spans.MOST
    for within in (start, start + (A_TUESDAY - start) / 2, A_TUESDAY, A_TUESDAY + timedelta(minutes=5)):
        assert in_the_database(within) & set(part)
    assert not in_the_database(start - max(timedelta(hours=1), (A_TUESDAY - start) * 2)) & set(part)


def test_a_start_before_all_that_is_marked_means_everything():
    assert spans.since(A_TUESDAY - timedelta(days=365 * 80), A_TUESDAY) is None


@pytest.mark.parametrize(("found", "back"), [(1, None), (50, timedelta(days=28)), (19_000, timedelta(days=2.5))])
def test_how_far_one_must_go_back_follows_from_what_the_newest_held(found, back):
    newest = spans.Newest(A_TUESDAY - timedelta(days=1), number=1_000, rows=1_000_000, read_at=A_TUESDAY)
    start = newest.further_back(newest.since, A_TUESDAY, found, wanted=1_000)
    assert start == (None if back is None else A_TUESDAY - back)
