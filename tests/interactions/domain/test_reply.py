from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from foundation import bus, storage
from foundation.outbox.models import OutboxRow
from interactions.channel import ThreadHint
from interactions.domain.assign import assign
from interactions.domain.deliver import deliver, due_deliveries, resend, settle_interrupted
from interactions.domain.draft import attach, discard_draft, own_draft, save_draft
from interactions.domain.note import add_note
from interactions.domain.overtaking import LastSeen, last_of_others
from interactions.domain.recipients import Recipients, derive_recipients, message_to_answer
from interactions.domain.reply import reply
from interactions.domain.timeline import case_story
from interactions.domain.undo import take_back
from interactions.domain.wait import wait
from interactions.enums import CaseStatus, DeliveryState, DraftKind, MessageKind
from interactions.errors import (
    CannotReply,
    DraftConflict,
    OutcomeUnknown,
    Overtaken,
    PermanentFailure,
    TransientFailure,
)
from interactions.models import Attachment, Delivery, DeliveryStep, Draft, Message, Segment, WaitingRecord
from interactions.tasks import release_due_deliveries
from tests.interactions.domain.test_receive import in_threads
from tests.paper_channel import paper_channel

pytestmark = pytest.mark.django_db(transaction=True)

TO_CARLA = Recipients(to=[{"name": "Carla", "address": "carla@post.example"}])


@pytest.fixture
def paper():
    with paper_channel() as channel:
        yield channel


@pytest.fixture
def slow_paper():
    with paper_channel(undo_seconds=10) as channel:
        yield channel


def answer(case, ana, **fields):
    fields.setdefault("html", "<p>It ships <b>today</b>.</p>")
    fields.setdefault("recipients", TO_CARLA)
    return reply(case.pk, channel="paper", author=ana, **fields)


def test_an_answer_is_a_message_and_a_delivery_and_goes_out_once(paper, carlas_case, ana):
    message = answer(carlas_case, ana, answers=message_to_answer(carlas_case))
    assert paper.letters == []
    bus.drain()
    bus.drain()
    assert [letter.message for letter in paper.letters] == [message.pk]
    delivery = message.delivery
    delivery.refresh_from_db()
    assert (delivery.state, delivery.external_id) == (DeliveryState.SENT, "paper-1")
    assert list(delivery.steps.values_list("state", flat=True)) == ["queued", "transmitting", "sent"]
    assert message.text == "It ships today."
    assert message.signature == "Ana Lindqvist\nCustomer service\nNordhem"


def test_an_answer_ends_the_wait_and_the_handling_and_waits_for_the_customer(paper, carlas_case, ana):
    interaction = carlas_case.interactions.get()
    wait(interaction, carlas_case)
    assign(carlas_case.pk, ana)
    assert Segment.objects.get(ended_at=None).agent == ana
    answer(carlas_case, ana)
    carlas_case.refresh_from_db()
    interaction.refresh_from_db()
    assert carlas_case.status == CaseStatus.WAITING_CUSTOMER
    assert carlas_case.unanswered_since is None
    assert interaction.answered_at is not None
    assert not WaitingRecord.objects.filter(ended_at=None).exists()
    assert not Segment.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"html": "<p> </p>"}, "empty"),
        ({"recipients": Recipients()}, "no recipient"),
        ({"recipients": Recipients(to=[{"name": "", "address": "nowhere"}])}, "cannot be reached"),
        ({"attachments": [uuid4()]}, "missing"),
    ],
)
def test_an_answer_that_cannot_be_sent_is_refused_and_leaves_nothing(paper, carlas_case, ana, fields, words):
    before = OutboxRow.objects.count()
    with pytest.raises(CannotReply, match=words):
        answer(carlas_case, ana, **fields)
    carlas_case.refresh_from_db()
    assert Delivery.objects.count() == 0
    assert carlas_case.messages.count() == 1
    assert carlas_case.status == CaseStatus.NEW
    assert OutboxRow.objects.count() == before


def test_script_in_an_answer_is_cleaned_away(paper, carlas_case, ana):
    message = answer(
        carlas_case, ana, html='<p onclick="x()">Hi <script>alert(1)</script><a href="javascript:x">a</a></p>'
    )
    assert message.html == '<p>Hi <a rel="noopener noreferrer">a</a></p>'


def test_a_held_answer_can_be_taken_back_and_everything_stands_as_before(slow_paper, tuesday, carlas_case, ana):
    wait(carlas_case.interactions.get(), carlas_case)
    assign(carlas_case.pk, ana)
    draft = save_draft(carlas_case, ana, DraftKind.REPLY, html="<p>Soon</p>", version=0, recipients=TO_CARLA)
    message = answer(carlas_case, ana, html=draft.html, draft=draft.pk)
    assert not Draft.objects.exists()
    restored = take_back(message.delivery.pk, ana)
    tuesday.advance(timedelta(seconds=30))
    assert due_deliveries() == []
    bus.drain()
    carlas_case.refresh_from_db()
    assert slow_paper.letters == []
    assert restored.html == "<p>Soon</p>"
    assert carlas_case.status == CaseStatus.OPEN
    assert carlas_case.unanswered_since is not None
    assert Segment.objects.filter(ended_at=None, agent=ana).count() == 1
    assert message not in case_story(ana, carlas_case, []).messages


def test_once_the_hold_is_over_it_is_too_late_to_take_it_back(slow_paper, tuesday, carlas_case, ana):
    message = answer(carlas_case, ana)
    assert due_deliveries() == []
    tuesday.advance(timedelta(seconds=11))
    assert due_deliveries() == [message.delivery.pk]
    deliver(message.delivery.pk)
    with pytest.raises(CannotReply, match="too late"):
        take_back(message.delivery.pk, ana)
    assert len(slow_paper.letters) == 1


def test_sending_one_draft_twice_at_the_same_moment_sends_one_answer(paper, carlas_case, ana):
    draft = save_draft(carlas_case, ana, DraftKind.REPLY, html="<p>Soon</p>", version=0, recipients=TO_CARLA)
    sent, errors = in_threads(5, lambda _: answer(carlas_case, ana, draft=draft.pk))
    assert len(sent) == 1
    assert all(isinstance(error, CannotReply) for error in errors)
    bus.drain()
    assert len(paper.letters) == 1


def test_two_workers_at_one_delivery_transmit_once(paper, carlas_case, ana):
    message = answer(carlas_case, ana)
    in_threads(4, lambda _: deliver(message.delivery.pk))
    assert len(paper.letters) == 1


def test_a_transient_failure_is_tried_again_later_and_a_permanent_one_is_shown(paper, tuesday, carlas_case, ana):
    paper.trouble = lambda _: TransientFailure("451 busy")
    message = answer(carlas_case, ana)
    bus.drain()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.answer) == (DeliveryState.QUEUED, "451 busy")
    assert due_deliveries() == []
    tuesday.advance(timedelta(seconds=21))
    paper.trouble = lambda _: PermanentFailure("550 no such user")
    deliver(message.delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.answer, delivery.attempts) == (DeliveryState.FAILED, "550 no such user", 2)
    paper.trouble = lambda _: None
    resend(delivery.pk, ana)
    bus.drain()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT
    assert DeliveryStep.objects.filter(agent=ana, state=DeliveryState.QUEUED).count() == 2


def test_after_two_days_of_busy_signals_it_gives_up_and_says_so(paper, tuesday, carlas_case, ana):
    paper.trouble = lambda _: TransientFailure("451 busy")
    message = answer(carlas_case, ana)
    tuesday.advance(timedelta(days=2, minutes=1))
    deliver(message.delivery.pk)
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.FAILED
    assert "451 busy" in delivery.answer


@pytest.mark.parametrize("failure", [OutcomeUnknown("cut off after DATA"), RuntimeError("a bug")])
def test_a_delivery_with_unknown_outcome_is_not_sent_again_by_itself(paper, tuesday, carlas_case, ana, failure):
    paper.trouble = lambda _: failure
    message = answer(carlas_case, ana)
    bus.drain()
    paper.trouble = lambda _: None
    tuesday.advance(timedelta(days=1))
    bus.drain()
    assert deliver(message.delivery.pk) is None
    assert Delivery.objects.get().state == DeliveryState.UNKNOWN
    assert paper.letters == []


def test_an_answer_that_waits_for_a_worker_is_owed_once(slow_paper, tuesday, carlas_case, ana):
    answer(carlas_case, ana)
    tuesday.advance(timedelta(seconds=11))
    for _ in range(3):
        release_due_deliveries()
    assert OutboxRow.objects.filter(receiver="interactions.receivers.transmit").count() == 1
    bus.drain()
    assert len(slow_paper.letters) == 1


def test_a_worker_that_died_while_transmitting_leaves_an_unknown_delivery(paper, tuesday, carlas_case, ana):
    message = answer(carlas_case, ana)

    def die(_):
        raise SystemExit

    paper.trouble = die
    with pytest.raises(SystemExit):
        deliver(message.delivery.pk)
    assert settle_interrupted() == 0
    tuesday.advance(timedelta(minutes=11))
    assert settle_interrupted() == 1
    assert Delivery.objects.get().state == DeliveryState.UNKNOWN


def test_what_a_wrong_clock_put_off_for_a_day_is_due_and_what_it_leased_is_settled(paper, tuesday, carlas_case, ana):
    waits, interrupted = answer(carlas_case, ana).delivery, answer(carlas_case, ana).delivery
    tomorrow = tuesday.moment + timedelta(days=1)
    Delivery.objects.filter(pk=waits.pk).update(due_at=tomorrow)
    Delivery.objects.filter(pk=interrupted.pk).update(state=DeliveryState.TRANSMITTING, lease_until=tomorrow)
    assert due_deliveries() == [waits.pk]
    assert settle_interrupted() == 1
    assert deliver(waits.pk).state == DeliveryState.SENT
    interrupted.refresh_from_db()
    assert interrupted.state == DeliveryState.UNKNOWN


def test_an_answer_goes_to_the_reply_to_and_copies_those_who_were_copied(writes, carlas_case):
    message = message_to_answer(carlas_case)
    message.to = [{"name": "", "address": "Support@nordhem.example"}, {"name": "Bo", "address": "bo@post.example"}]
    message.cc = [{"name": "", "address": "carla@post.example"}, {"name": "", "address": "eve@post.example"}]
    message.reply_to = [{"name": "Home", "address": "home@post.example"}]
    recipients = derive_recipients(carlas_case, message, frozenset({"support@nordhem.example"}))
    assert [line["address"] for line in recipients.to] == ["home@post.example"]
    assert [line["address"] for line in recipients.cc] == ["bo@post.example", "carla@post.example", "eve@post.example"]


def test_what_went_to_a_crowd_is_answered_to_its_writer(carlas_case):
    message = message_to_answer(carlas_case)
    message.cc = [{"name": "", "address": f"guest{number}@post.example"} for number in range(49)]
    assert len(derive_recipients(carlas_case, message, frozenset()).addresses()) == 50
    message.cc.append({"name": "", "address": "one-more@post.example"})
    assert derive_recipients(carlas_case, message, frozenset()).addresses() == ["carla@post.example"]


def test_a_strangers_message_is_never_the_one_that_is_answered(writes, carlas_case):
    first = message_to_answer(carlas_case)
    writes("mallory@evil.example", thread=ThreadHint(case=carlas_case.pk, proven=True, by="token"))
    assert message_to_answer(carlas_case) == first


def test_two_windows_with_one_draft_do_not_overwrite_each_other(carlas_case, ana):
    first = save_draft(carlas_case, ana, DraftKind.REPLY, html="<p>one</p>", version=0, recipients=TO_CARLA)
    with pytest.raises(DraftConflict):
        save_draft(carlas_case, ana, DraftKind.REPLY, html="<p>two</p>", version=0, recipients=TO_CARLA)
    assert Draft.objects.get().html == "<p>one</p>"
    save_draft(carlas_case, ana, DraftKind.REPLY, html="<p>three</p>", version=first.version, recipients=TO_CARLA)
    assert Draft.objects.get().html == "<p>three</p>"


def test_a_file_of_the_draft_goes_with_the_answer_and_nobody_elses_does(paper, carlas_case, ana, ben):
    stored = storage.store(b"%PDF-1.4 x")
    mine = attach(own_draft(carlas_case, ana, DraftKind.REPLY), stored, "price.pdf")
    bens = attach(own_draft(carlas_case, ben, DraftKind.REPLY), stored, "secret.pdf")
    with pytest.raises(CannotReply):
        answer(carlas_case, ana, attachments=[mine.pk, bens.pk])
    message = answer(carlas_case, ana, attachments=[mine.pk])
    assert [a.filename for a in message.attachments.all()] == ["price.pdf"]
    assert Attachment.objects.get(pk=bens.pk).message is None


def test_a_note_is_for_colleagues_and_has_no_delivery(carlas_case, ana):
    note = add_note(carlas_case.pk, author=ana, html="<p>Warehouse says Thursday</p>")
    assert note.kind == MessageKind.NOTE
    assert not Delivery.objects.exists()
    with pytest.raises(CannotReply):
        add_note(carlas_case.pk, author=ana, html="<p></p>")
    assert Message.objects.filter(kind=MessageKind.NOTE).count() == 1


def test_a_discarded_draft_is_gone(carlas_case, ana):
    own_draft(carlas_case, ana, DraftKind.NOTE)
    discard_draft(carlas_case, ana, DraftKind.NOTE)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([{"name": "", "address": f"customer{number}@post.example"} for number in range(51)], "50 people"),
        ([{"name": "", "address": "Support@Nordhem.example"}], "of our own"),
    ],
)
def test_an_answer_goes_neither_to_a_crowd_nor_to_ourselves(paper, carlas_case, ana, lines, words):
    with pytest.raises(CannotReply, match=words):
        answer(carlas_case, ana, recipients=Recipients(to=lines))
    assert Delivery.objects.count() == 0


def test_one_submission_in_eight_places_at_once_is_one_answer_and_one_letter(paper, carlas_case, ana):
    key = uuid4()
    messages, errors = in_threads(8, lambda _: answer(carlas_case, ana, submission=key))
    bus.drain()
    assert errors == []
    assert len({message.pk for message in messages}) == 1
    assert Delivery.objects.count() == len(paper.letters) == 1
    assert answer(carlas_case, ana, submission=uuid4()).pk != messages[0].pk


def test_a_submissions_key_belongs_to_one_agent_and_one_case(paper, carlas_case, ana, ben, writes):
    key = uuid4()
    mine = answer(carlas_case, ana, submission=key)
    assert answer(carlas_case, ben, submission=key).pk != mine.pk
    with pytest.raises(CannotReply):
        answer(writes("dev@mail.example").message.case, ana, submission=key)
    assert Delivery.objects.count() == 2


def test_of_many_who_have_seen_the_same_last_message_one_answers(paper, carlas_case, ana, ben):
    seen = LastSeen(last_of_others(carlas_case, ana).pk)
    _, errors = in_threads(2, lambda who: answer(carlas_case, ben if who else ana, expects_last=seen))
    (overtaken,) = errors
    assert isinstance(overtaken, Overtaken)
    assert overtaken.message == Delivery.objects.get().message_id


def test_a_letter_that_comes_in_the_same_moment_is_seen_before_or_stops_the_answer(paper, carlas_case, ana, writes):
    seen = LastSeen(last_of_others(carlas_case, ana).pk)

    def act(who):
        if who:
            return writes("carla@post.example", thread=ThreadHint(case=carlas_case.pk, proven=True, by="token"))
        return answer(carlas_case, ana, expects_last=seen)

    _, errors = in_threads(2, act)
    first_of_all = carlas_case.messages.order_by("id")[1]
    stopped = [error.message for error in errors if isinstance(error, Overtaken)]
    assert len(errors) == len(stopped)
    if first_of_all.direction == "in":
        assert stopped == [first_of_all.pk]
        assert not Delivery.objects.exists()
    else:
        assert stopped == []
        assert Delivery.objects.count() == 1


def test_an_outcome_is_written_down_though_the_database_restarts_meanwhile(paper, carlas_case, ana):
    message = answer(carlas_case, ana)

    def restart(_):
        with connection.cursor() as cursor, pytest.raises(OperationalError):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    paper.trouble = restart
    assert deliver(message.delivery.pk).state == DeliveryState.SENT
    steps = DeliveryStep.objects.filter(delivery=message.delivery)
    assert [step.state for step in steps][-2:] == [DeliveryState.TRANSMITTING, DeliveryState.SENT]
    assert len(paper.letters) == 1


def test_an_outcome_whose_commit_was_not_answered_is_written_once(paper, carlas_case, ana, monkeypatch):
    message = answer(carlas_case, ana)
    lost = [OperationalError("the connection was lost behind the commit")]

    def lose_once(name):
        if name == "delivery.outcome.after_commit" and lost:
            raise lost.pop()

    monkeypatch.setattr("interactions.domain.deliver.fault.point", lose_once)
    assert deliver(message.delivery.pk).state == DeliveryState.SENT
    assert lost == []
    assert DeliveryStep.objects.filter(delivery=message.delivery, state=DeliveryState.SENT).count() == 1
