import pytest

from foundation import bus
from interactions.channel import Transmitted
from interactions.domain.deliver import resend
from interactions.domain.recipient_rows import first_time
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.domain.returned import returned
from interactions.domain.undo import take_back
from interactions.enums import DeliveryState
from interactions.errors import CannotReply, PermanentFailure
from tests.paper_channel import paper_channel

pytestmark = pytest.mark.django_db


def line(address: str, name: str = "") -> dict[str, str]:
    return {"name": name, "address": address}


ALL = Recipients(
    to=[line("carla@post.example", "Carla")],
    cc=[line("Bo@Post.example"), line("carla@POST.example")],
    bcc=[line("boss@nordhem.example")],
)


@pytest.fixture
def paper():
    with paper_channel() as channel:
        yield channel


@pytest.fixture
def sent(paper, carlas_case, ana):
    """`sent()`: Ana's answer to all three, and its delivery."""

    def send(**fields):
        message = reply(carlas_case.pk, channel="paper", recipients=ALL, html="<p>Soon</p>", author=ana, **fields)
        bus.drain(raising=False)
        message.delivery.refresh_from_db()
        return message.delivery

    return send


def states(delivery) -> dict[str, str]:
    return dict(delivery.recipients.values_list("value", "state"))


def test_each_recipient_is_a_row_once_in_the_role_where_it_is_named_first(sent):
    delivery = sent()
    assert list(delivery.recipients.values_list("role", "address", "state")) == [
        ("to", "carla@post.example", "sent"),
        ("cc", "Bo@Post.example", "sent"),
        ("bcc", "boss@nordhem.example", "sent"),
    ]


def test_a_refused_copy_says_so_while_the_rest_arrived_and_only_it_goes_again(paper, sent, ana, monkeypatch):
    monkeypatch.setattr(
        paper, "transmit", lambda _: Transmitted(external_id="x", refused={"bo@post.example": "550 no such user"})
    )
    delivery = sent()
    assert delivery.state == DeliveryState.SENT
    assert states(delivery)["bo@post.example"] == DeliveryState.FAILED
    assert delivery.recipients.get(value="bo@post.example").answer == "550 no such user"
    monkeypatch.undo()
    resend(delivery.pk, ana)
    assert states(delivery) == {
        "carla@post.example": "sent", "bo@post.example": "queued", "boss@nordhem.example": "sent",
    }  # fmt: skip
    bus.drain(raising=False)
    assert set(states(delivery).values()) == {"sent"}
    with pytest.raises(CannotReply):
        resend(delivery.pk, ana)


def test_what_nobody_took_reached_nobody(paper, sent):
    paper.trouble = lambda _: PermanentFailure("550 closed")
    assert set(states(sent()).values()) == {"failed"}


def test_what_came_back_from_one_reached_the_others(sent):
    delivery = sent()
    assert returned(delivery.pk, "Came back", {"BO@post.example": "5.1.1 unknown"})
    assert states(delivery) == {
        "carla@post.example": "sent", "bo@post.example": "failed", "boss@nordhem.example": "sent",
    }  # fmt: skip


def test_first_time_is_whom_nobody_wrote_to_and_who_never_wrote(paper, sent, carlas_case, ana):
    asked = [line("carla@post.example"), line("Bo@post.example"), line("new@post.example"), line("BO@post.example")]
    assert first_time("email", asked) == ["BO@post.example", "new@post.example"]
    sent()
    assert first_time("email", asked) == ["new@post.example"]


def test_what_was_taken_back_or_refused_was_never_written(carlas_case, ana, dev):
    with paper_channel(undo_seconds=10) as paper:
        message = reply(
            carlas_case.pk,
            channel="paper",
            recipients=Recipients(to=[line("new@post.example")]),
            html="<p>Soon</p>",
            author=ana,
        )
        assert first_time("email", [line("new@post.example")]) == []
        take_back(message.delivery.pk, ana)
        assert first_time("email", [line("new@post.example")]) == ["new@post.example"]
        assert paper.letters == []
    assert first_time("email", [line("dev@mail.example")]) == ["dev@mail.example"]  # known, but never wrote
