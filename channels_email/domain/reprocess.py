"""Taking in again what was quarantined or ignored: one mail, or all of a part of the ledger as a job."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from agents.models import Agent
from channels_email.domain.access import readable_mails
from channels_email.domain.ledger import Narrowing, put_aside
from channels_email.domain.process import Processed, process, take_up_again
from channels_email.events import ReprocessingDue
from channels_email.models import RawEmail, Reprocessing
from foundation import bus, clock
from foundation.streams import signal
from interactions.domain.timeline import Cursor

PORTION = 20  # mails in one transaction; a job that dies goes on behind the last one


def process_again(raw: UUID, by: Agent | None = None) -> Processed | None:
    """One mail at once; None when it is neither quarantined, ignored nor spam, or somebody else is at it."""
    return process(raw) if take_up_again(raw, by) else None


def start_reprocessing(agent: Agent, asked: Narrowing) -> Reprocessing:
    """A job that takes in again all mails of `asked` that were put aside until now. Raises NotAllowed."""
    mails = readable_mails(agent)
    with transaction.atomic():
        job = Reprocessing.objects.create(
            requested_by=agent,
            asked=asked.as_json(),
            total=put_aside(mails, asked).filter(received_at__lte=clock.now()).count(),
        )
        bus.publish(ReprocessingDue(job=job.pk))
        signal("mail.ledger")
    return job


def reprocess_portion(job_id: UUID) -> Reprocessing | None:
    """The next mails of the job, oldest last, and its next portion when any are left. None when it is over.

    In one transaction with what the mails became: a portion that dies halfway leaves nothing of itself.
    """
    with transaction.atomic():
        job = Reprocessing.objects.select_for_update(of=("self",)).filter(pk=job_id, finished_at=None).first()
        if job is None:
            return None
        portion = _portion(job)
        became = Counter(job.became)
        for raw in portion:
            processed = process_again(raw.pk)
            if processed is not None:
                became[processed.raw.state] += 1
        job.done += len(portion)
        job.became = dict(became)
        if portion:
            job.reached_at, job.reached = portion[-1].received_at, portion[-1].pk
        if len(portion) < PORTION:
            job.finished_at = clock.now()
        else:
            bus.publish(ReprocessingDue(job=job.pk))
        job.save()
        signal("mail.ledger")
    return job


def _portion(job: Reprocessing) -> list[RawEmail]:
    """Mails put aside when the job began, in a fixed order: one that is quarantined again is not met twice."""
    asked = Narrowing.from_json(job.asked)
    mails = put_aside(RawEmail.objects.only("pk", "received_at"), asked).filter(received_at__lte=job.created_at)
    if job.reached_at is not None and job.reached is not None:
        reached = Cursor(job.reached_at, job.reached)
        mails = mails.filter(Q(received_at__lt=reached.at) | Q(received_at=reached.at, id__lt=reached.id))
    return list(mails.order_by("-received_at", "-id")[:PORTION])
