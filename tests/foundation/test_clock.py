"""One clock, and keys that sort by it."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from foundation import clock
from foundation.keys import new_key

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=1)))


def test_time_stands_still_in_all_threads_until_it_is_moved():
    with clock.stopped_at(NOON) as still:
        seen: list[datetime] = []
        other = threading.Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
        assert seen == [clock.now()] == [datetime(2026, 1, 1, 11, tzinfo=UTC)]
        still.advance(timedelta(days=1))
        assert clock.now() == NOON + timedelta(days=1)
        with clock.stopped_at(NOON):
            assert clock.now() == NOON
        assert clock.now() == NOON + timedelta(days=1)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.stopped_at(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


def test_keys_are_of_version_seven_and_sort_by_age():
    keys = [new_key() for _ in range(2000)]
    assert keys == sorted(keys)
    assert len(set(keys)) == 2000
    assert {key.version for key in keys} == {7}
