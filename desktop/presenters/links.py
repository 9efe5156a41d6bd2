"""Addresses of the desktop's pages, many of which stand on each page: looked up once, then only filled in."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.urls import get_script_prefix, reverse


def link(name: str, *keys: UUID) -> str:
    """The same as `reverse(name, args=keys)`. Raises NoReverseMatch for a name that takes no such keys."""
    return _pattern(name, len(keys), get_script_prefix()).format(*keys)


@cache
def _pattern(name: str, number: int, _prefix: str) -> str:
    """The address with {} in place of each key."""
    places = [UUID(int=place + 1) for place in range(number)]
    address = reverse(name, args=places)
    for place in places:
        address = address.replace(str(place), "{}")
    return address
