"""Simulated colleagues: they come and go by the rota, accept what they are offered and answer it, at human pace.

They use the doors that everybody uses. Who has a printed sign-in is never among them.
"""

from __future__ import annotations

import random
from datetime import timedelta

import structlog
from django.db.models import QuerySet

from agents.domain.presence import set_presence
from agents.enums import PresenceReason, PresenceStatus
from agents.models import Agent, Presence
from channels_email.domain.own_addresses import own_addresses
from foundation import clock, markup
from interactions.domain.handle import close_segment
from interactions.domain.recipients import derive_recipients, message_to_answer
from interactions.domain.reply import reply
from interactions.domain.status import set_status
from interactions.enums import CaseStatus, Direction, SegmentOutcome
from interactions.errors import CannotReply, NotAllowed
from interactions.models import Case, Message, Segment
from routing.domain.answer import accept, decline
from routing.errors import OfferOver
from routing.models import Offer
from simulator.models import Part
from simulator.people.pace import chance, takes
from simulator.people.room import LONGEST, leaving_room
from simulator.world import letters
from simulator.world.rota import interval_at

MEDIAN_ACCEPT = 5.0  # seconds
MEDIAN_HANDLING = 150.0  # seconds; a demo's days are shorter than real ones
DECLINED = 0.03
BACK_AFTER = timedelta(seconds=90)  # after offers that were missed while the program was not running

log = structlog.get_logger(__name__)


def played() -> QuerySet[Agent]:
    """The agents that the program plays: simulated, and without a printed sign-in."""
    printed = Part.objects.filter(printed=True).values("agent")
    return Agent.objects.filter(simulated=True, is_active=True).exclude(pk__in=printed)


def keep_hours() -> int:
    """Everybody is where the rota has them now, or at paperwork to leave room for people; how many came or went."""
    now = clock.now()
    agents = {agent.pk: agent for agent in played()}
    at_paperwork = leaving_room(agents)
    open_ones = {presence.agent_id: presence for presence in Presence.objects.filter(agent__in=agents, ended_at=None)}
    changed = 0
    for part in Part.objects.filter(agent__in=agents).exclude(shift=""):
        present = open_ones.get(part.agent_id)
        interval = interval_at(part.agent_id, part.shift, now)
        if interval is None:
            status, reason, back_at = PresenceStatus.OFFLINE, PresenceReason.NONE, None
        else:
            status, reason = interval.status, interval.reason
            back_at = interval.ends if status == PresenceStatus.AWAY else None
            if status == PresenceStatus.AVAILABLE and part.agent_id in at_paperwork:
                status, reason = PresenceStatus.AWAY, PresenceReason.ADMINISTRATION
                back_at = min(interval.ends, now + LONGEST)
        if present is None and status == PresenceStatus.OFFLINE:
            continue
        if present is not None and _stays(present, status, reason):
            continue
        set_presence(agents[part.agent_id], status, reason, back_at=back_at)
        changed += 1
    return changed


def _stays(present: Presence, status: PresenceStatus, reason: PresenceReason) -> bool:
    if present.reason == PresenceReason.NOT_RESPONDING and clock.now() - present.started_at < BACK_AFTER:
        return True
    return (present.status, present.reason) == (status, reason)


def take_offers() -> int:
    """Accepts, now and then declines, what has been before them for as long as they need to read it."""
    answered = 0
    for offer in Offer.objects.open().filter(agent__in=played()).select_related("agent"):
        if clock.now() < offer.offered_at + takes(offer.pk, "looks at it", MEDIAN_ACCEPT, 0.5):
            continue
        try:
            if chance(offer.pk, "declines") < DECLINED:
                decline(offer.pk, offer.agent, "in the middle of something")
            else:
                accept(offer.pk, offer.agent)
        except (OfferOver, NotAllowed):
            continue
        answered += 1
    return answered


def work_off(rng: random.Random) -> int:
    """Finishes what they have handled for long enough, one thing at a time each; how many."""
    done = 0
    busy = set()
    handled = Segment.objects.filter(agent__in=played(), ended_at=None, accepted_at__isnull=False)
    for segment in handled.select_related("agent", "interaction__case").order_by("accepted_at"):
        if segment.agent_id in busy:
            continue
        busy.add(segment.agent_id)
        needs = takes(segment.pk, "handles it", MEDIAN_HANDLING, 0.5, least=30)
        if segment.accepted_at is not None and clock.now() >= segment.accepted_at + needs:
            _finish(rng, segment)
            done += 1
    return done


def _finish(rng: random.Random, segment: Segment) -> None:
    case = segment.interaction.case
    if case is None or case.owner_id != segment.agent_id:
        close_segment(segment.interaction_id, segment.agent_id, SegmentOutcome.ENDED)
        return
    asked = message_to_answer(case)
    if asked is None or letters.is_thanks(asked.reply_text) or _no_answer_wanted(asked):
        set_status(case.pk, CaseStatus.RESOLVED, agent=segment.agent, reason="nothing left to answer")
        return
    try:
        _reply(rng, case, asked, segment.agent)
    except CannotReply as error:
        log.info("a simulated colleague could not answer", case=str(case.pk), error=str(error))
        set_status(case.pk, CaseStatus.WAITING_INSIDE, agent=segment.agent, reason=str(error))
        close_segment(segment.interaction_id, segment.agent_id, SegmentOutcome.ENDED)


def _reply(rng: random.Random, case: Case, asked: Message, agent: Agent) -> None:
    customer = case.customer.root
    again = Message.objects.filter(case=case, direction=Direction.OUTBOUND, author__isnull=False).exists()
    text = f"{asked.subject}\n{asked.reply_text}"
    language = case.language or customer.language or "en"
    name = customer.name or asked.sender_name or asked.sender_address
    affair = letters.read_affair(rng, text, language, name, customer.given_name, clock.now().date())
    reply(
        case.pk,
        channel=asked.channel,
        recipients=derive_recipients(case, asked, own_addresses()),
        html=markup.from_text(letters.answer(rng, affair, again=again)),
        author=agent,
        answers=asked,
        quotes=True,
        status=CaseStatus.WAITING_CUSTOMER,
    )


def _no_answer_wanted(asked: Message) -> bool:
    return asked.automatic or not asked.reply_text.strip()
