"""Drafts: saved on the server as the agent writes, and used up when the answer is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from agents.models import Agent
from foundation import clock, markup, storage
from foundation.storage import StoredFile
from interactions.domain.recipients import Recipients
from interactions.enums import DraftKind
from interactions.errors import CannotReply, DraftConflict
from interactions.models import Attachment, Case, Draft


def save_draft(
    case: Case,
    agent: Agent,
    kind: DraftKind,
    *,
    html: str,
    version: int,
    recipients: Recipients,
    typed: Mapping[str, str] | None = None,
    quote: bool = True,
) -> Draft:
    """Stores what the agent has written so far and returns it with its new version.

    `version` is the one the writer began from (0 for none). `typed` is what stands in the fields for addresses, also
    what is no address (yet); `recipients` are those of them that could be read. Raises DraftConflict when another
    window has saved since; nothing is overwritten then.
    """
    with transaction.atomic():
        Draft.objects.bulk_create([Draft(case=case, agent=agent, kind=kind)], ignore_conflicts=True)
        draft = Draft.objects.select_for_update().get(case=case, agent=agent, kind=kind)
        if draft.version != version:
            raise DraftConflict("This draft was changed in another window.")
        draft.html = markup.clean(html)
        draft.to, draft.cc, draft.bcc, draft.quote = recipients.to, recipients.cc, recipients.bcc, quote
        draft.typed = dict(typed or {})
        draft.version += 1
        draft.saved_at = clock.now()
        draft.save()
        return draft


def own_draft(case: Case, agent: Agent, kind: DraftKind) -> Draft:
    """The agent's draft of this kind; an empty one is made when there is none, so that files can hang on it."""
    draft, _ = Draft.objects.get_or_create(case=case, agent=agent, kind=kind)
    return draft


def discard_draft(case: Case, agent: Agent, kind: DraftKind) -> None:
    Draft.objects.filter(case=case, agent=agent, kind=kind).delete()


def attach(
    draft: Draft, file: StoredFile, filename: str, *, declared_type: str = "", inline: bool = False
) -> Attachment:
    """Hangs a stored file on the draft. Raises CannotReply when the draft was sent or thrown away meanwhile."""
    attachment = Attachment(
        draft=draft,
        filename=filename[:255],
        content_type=file.content_type[:120],
        declared_type=declared_type[:120],
        size=file.size,
        sha256=file.sha256,
        key=file.key,
        inline=inline,
        uploaded_by=draft.agent,
    )
    if inline:
        attachment.content_id = f"{attachment.pk}@inline"
    with transaction.atomic():
        if not Draft.objects.select_for_update().filter(pk=draft.pk).exists():
            raise CannotReply("This was already sent.")
        attachment.save()
    return attachment


def detach(attachment: UUID, agent: Agent) -> bool:
    """Takes a file off the agent's draft; False when it hangs on none (any more): a sent file stays."""
    with transaction.atomic():
        mine = Attachment.objects.select_for_update(of=("self",)).filter(message=None, draft__agent=agent)
        found = mine.filter(pk=attachment).first()
        if found is None:
            return False
        found.delete()
        transaction.on_commit(lambda: storage.delete(found.key))
    return True


def use_draft(draft: UUID | None, author: Agent | None) -> Draft | None:
    """The draft, locked, to be deleted with the answer that it became. Raises CannotReply when it was already used."""
    if draft is None:
        return None
    locked = Draft.objects.select_for_update().filter(pk=draft, agent=author).first()
    if locked is None:
        raise CannotReply("This was already sent.")
    return locked


def claim_files(attachments: Sequence[UUID], author: Agent | None) -> QuerySet[Attachment]:
    """The files that go with an answer, locked. Raises CannotReply when one of them is missing or not the writer's."""
    files = Attachment.objects.filter(pk__in=attachments, message=None, uploaded_by=author)
    if len(files.select_for_update().values_list("pk", flat=True)) != len(set(attachments)):
        raise CannotReply("A file of this answer is missing; attach it again.")
    return files
