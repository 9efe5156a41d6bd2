"""Handling: the segments that say which agent dealt with which interaction from when to when."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agents.models import Agent
from foundation import bus, clock
from interactions.enums import SegmentOutcome
from interactions.events import HandlingEnded
from interactions.models import Interaction, Segment


def begin_segment(interaction: Interaction, agent: UUID) -> Segment:
    """The interaction was put before the agent."""
    return Segment.objects.create(
        interaction=interaction,
        agent_id=agent,
        queue_id=interaction.queue_id,
        channel=interaction.channel,
        outcome=SegmentOutcome.OFFERED,
        offered_at=clock.now(),
    )


def begin_handling(interaction: Interaction, agent: UUID) -> Segment:
    """The agent deals with the interaction from now on; an offer it had becomes the beginning of this segment."""
    with transaction.atomic():
        segment, _ = Segment.objects.get_or_create(
            interaction=interaction,
            agent_id=agent,
            ended_at=None,
            defaults={"queue_id": interaction.queue_id, "channel": interaction.channel},
        )
        if segment.accepted_at is None:
            segment.accepted_at, segment.outcome = clock.now(), SegmentOutcome.HANDLING
            segment.save(update_fields=["accepted_at", "outcome"])
        return segment


def close_segment(interaction: UUID, agent: UUID, outcome: SegmentOutcome) -> bool:
    """Ends the agent's open segment with `outcome` (declined, expired, withdrawn); False when there was none."""
    closed = Segment.objects.filter(interaction=interaction, agent=agent, ended_at=None).update(
        ended_at=clock.now(), outcome=outcome
    )
    return bool(closed)


def end_handling(case: UUID) -> list[UUID]:
    """Ends every open segment of the case's interactions; the ids of the segments. Publishes HandlingEnded for each."""
    with transaction.atomic():
        segments = list(
            Segment.objects.select_for_update(of=("self",))
            .filter(interaction__case=case, ended_at=None, accepted_at__isnull=False)
            .order_by("pk")
        )
        now = clock.now()
        for segment in segments:
            segment.ended_at, segment.outcome = now, SegmentOutcome.ENDED
            segment.save(update_fields=["ended_at", "outcome"])
            bus.publish(
                HandlingEnded(agent=segment.agent_id, interaction=segment.interaction_id, channel=segment.channel)
            )
        return [segment.pk for segment in segments]


def hand_over(case: UUID, agent: UUID) -> None:
    """What others have in hand of the case is in the agent's from now on; they have room again."""
    with transaction.atomic():
        segments = (
            Segment.objects.select_for_update(of=("self",))
            .select_related("interaction")
            .filter(interaction__case=case, ended_at=None, accepted_at__isnull=False)
            .exclude(agent=agent)
        )
        for segment in segments.order_by("pk"):
            segment.ended_at, segment.outcome = clock.now(), SegmentOutcome.WITHDRAWN
            segment.save(update_fields=["ended_at", "outcome"])
            begin_handling(segment.interaction, agent)
            bus.publish(
                HandlingEnded(agent=segment.agent_id, interaction=segment.interaction_id, channel=segment.channel)
            )


def resume_handling(segments: list[UUID]) -> None:
    """Opens segments again that an answer had ended and that was taken back."""
    Segment.objects.filter(pk__in=segments).update(ended_at=None, outcome=SegmentOutcome.HANDLING)


def open_load(agents: list[UUID], channel: str) -> dict[UUID, int]:
    """How many interactions of `channel` each of `agents` has before it or in hand."""
    loads = dict.fromkeys(agents, 0)
    for agent in Segment.objects.filter(agent__in=agents, channel=channel, ended_at=None).values_list(
        "agent", flat=True
    ):
        loads[agent] += 1
    return loads


def is_handling(agent: Agent, case: UUID) -> bool:
    return Segment.objects.filter(
        agent=agent, interaction__case=case, ended_at=None, accepted_at__isnull=False
    ).exists()
