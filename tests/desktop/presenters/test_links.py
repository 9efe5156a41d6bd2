"""Addresses that are filled in are those that Django would have made."""

from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from desktop.presenters.links import link


def test_a_link_is_the_address_of_the_page():
    for keys in ([uuid4()], [uuid4()]):
        assert link("desktop:case", *keys) == reverse("desktop:case", args=keys)
    both = [uuid4(), uuid4()]
    assert link("desktop:identity", *both) == reverse("desktop:identity", args=both)


def test_below_a_prefix_it_has_the_prefix():
    key = uuid4()
    plain = link("desktop:case", key)
    set_script_prefix("/contact/")
    try:
        assert link("desktop:case", key) == f"/contact{plain}"
    finally:
        set_script_prefix("/")


def test_there_is_no_link_to_what_takes_other_keys():
    with pytest.raises(NoReverseMatch):
        link("desktop:case")
