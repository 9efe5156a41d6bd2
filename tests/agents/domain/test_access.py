import pytest

from foundation import streams

pytestmark = pytest.mark.django_db


def test_everybody_hears_of_themselves_only(ana, ben, sol, ada):
    assert streams.may_listen(ana, f"agent.{ana.pk}")
    for other in (ben, sol, ada):
        assert not streams.may_listen(other, f"agent.{ana.pk}")
