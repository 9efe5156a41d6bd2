"""What every channel's adapter promises. An adapter's test inherits `ChannelContract` and says how its world fails."""

from __future__ import annotations

import pytest

from foundation.keys import new_key
from interactions.channel import Outgoing, Transmitted, channel_for, own_addresses
from interactions.domain.deliver import deliver
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.enums import DeliveryState
from interactions.errors import CannotReply, OutcomeUnknown, PermanentFailure, TransientFailure
from interactions.models import Case, Delivery, Message


class ChannelContract:
    """Fixtures to be given by the inheriting class:

    `name`: the channel's; `reachable`, `unreachable`: an address it can and one it cannot reach; `case`: a case with a
    message to answer; `world`: the other side, with `taken()` (how many messages it has), `names()` (the name of each
    as the other side knows it), `refuse_for_good()`, `refuse_for_now()`, `vanish_before_taking()`,
    `vanish_after_taking()` and `recover()`.
    """

    @pytest.fixture
    def name(self) -> str:
        raise NotImplementedError

    @pytest.fixture
    def message(self, name: str, case: Case, reachable: str, ana) -> Message:
        return reply(
            case.pk,
            channel=name,
            recipients=Recipients(to=[{"name": "", "address": reachable}]),
            html="<p>It is on its way.</p>",
            author=ana,
            answers=case.messages.first(),
            undo_seconds=0,
        )

    @pytest.fixture
    def outgoing(self, message: Message) -> Outgoing:
        delivery = Delivery.objects.get(message=message)
        return Outgoing(delivery=delivery.pk, message=message.pk, case=delivery.case_id, idempotency=str(delivery.pk))

    def test_it_is_registered_under_its_name(self, name):
        assert channel_for(name).name == name

    def test_it_knows_which_addresses_it_can_reach(self, name, reachable, unreachable):
        assert channel_for(name).can_reach(reachable)
        assert not channel_for(name).can_reach(unreachable)

    def test_it_knows_its_own_addresses_in_lower_case(self, name, case):
        own = own_addresses(name)
        assert own
        assert all(address == address.lower() for address in own)

    def test_what_it_transmits_arrives_once_and_has_a_name(self, name, outgoing, world):
        transmitted = channel_for(name).transmit(outgoing)

        assert isinstance(transmitted, Transmitted)
        assert transmitted.external_id
        assert world.taken() == 1

    def test_the_same_delivery_again_has_the_same_name(self, name, outgoing, world):
        first = channel_for(name).transmit(outgoing)
        again = channel_for(name).transmit(outgoing)

        assert first.external_id == again.external_id
        assert len(set(world.names())) == 1

    def test_a_refusal_for_good_is_a_permanent_failure_with_the_other_sides_words(self, name, outgoing, world):
        world.refuse_for_good()
        with pytest.raises(PermanentFailure) as failure:
            channel_for(name).transmit(outgoing)
        assert failure.value.answer
        assert world.taken() == 0

    def test_a_refusal_for_now_is_a_transient_failure(self, name, outgoing, world):
        world.refuse_for_now()
        with pytest.raises(TransientFailure):
            channel_for(name).transmit(outgoing)
        assert world.taken() == 0

    def test_cut_off_before_anything_was_taken_is_a_transient_failure(self, name, outgoing, world):
        world.vanish_before_taking()
        with pytest.raises(TransientFailure):
            channel_for(name).transmit(outgoing)
        assert world.taken() == 0

    def test_cut_off_when_it_may_have_been_taken_is_an_unknown_outcome(self, name, outgoing, world):
        world.vanish_after_taking()
        with pytest.raises(OutcomeUnknown):
            channel_for(name).transmit(outgoing)

    def test_a_delivery_goes_out_once_however_often_it_is_asked_for(self, outgoing, world):
        assert deliver(outgoing.delivery).state == DeliveryState.SENT
        assert deliver(outgoing.delivery) is None
        assert world.taken() == 1

    def test_a_delivery_that_was_put_off_goes_out_when_the_other_side_is_back(self, outgoing, world):
        world.refuse_for_now()
        assert deliver(outgoing.delivery).state == DeliveryState.QUEUED
        assert deliver(outgoing.delivery) is None  # its pause is not over

        world.recover()
        Delivery.objects.filter(pk=outgoing.delivery).update(due_at=Delivery.objects.get().created_at)
        assert deliver(outgoing.delivery).state == DeliveryState.SENT
        assert world.taken() == 1

    def test_a_delivery_of_which_nobody_knows_is_not_sent_again_by_itself(self, outgoing, world):
        world.vanish_after_taking()
        assert deliver(outgoing.delivery).state == DeliveryState.UNKNOWN

        world.recover()
        taken = world.taken()
        assert deliver(outgoing.delivery) is None
        assert world.taken() == taken

    def test_an_address_it_cannot_reach_is_told_to_the_writer_and_nothing_is_written(
        self, name, case, unreachable, ana, world
    ):
        before = Message.objects.count()
        with pytest.raises(CannotReply):
            reply(
                case.pk,
                channel=name,
                recipients=Recipients(to=[{"name": "", "address": unreachable}]),
                html="<p>Hello</p>",
                author=ana,
            )
        assert Message.objects.count() == before
        assert world.taken() == 0

    def test_a_message_that_is_gone_cannot_be_transmitted(self, name, outgoing, world):
        gone = Outgoing(delivery=new_key(), message=new_key(), case=outgoing.case, idempotency="gone")
        with pytest.raises(PermanentFailure):
            channel_for(name).transmit(gone)
        assert world.taken() == 0
