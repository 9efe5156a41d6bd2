from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from agents.models import Agent
from channels_email.domain.block import block, unblock
from channels_email.domain.dkim_signing import KeyUnusable, dns_record
from channels_email.domain.process import process, take_up_again
from channels_email.forms import BlockedSenderForm, MailboxForm, SigningKeyForm
from channels_email.models import (
    Acknowledgement,
    BlockedSender,
    KnownMessageId,
    MailAlias,
    Mailbox,
    RawEmail,
    SigningKey,
)


class MailAliasInline(admin.TabularInline):  # type: ignore[type-arg]
    model = MailAlias
    extra = 0


@admin.register(Mailbox)
class MailboxAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = MailboxForm
    inlines = (MailAliasInline,)
    list_display = ("address", "queue", "active", "imap_host", "smtp_host", "trouble")
    list_select_related = ("queue",)
    readonly_fields = ("trouble",)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What happened is looked at, not changed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(BlockedSender)
class BlockedSenderAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who is turned away, since when and by whom. Deleting a line lets them in again."""

    list_display = ("value", "blocked_by", "created_at", "case", "reason")
    list_select_related = ("blocked_by", "case")
    search_fields = ("value",)
    fields = ("value", "reason")
    form = BlockedSenderForm

    def get_readonly_fields(self, request: HttpRequest, obj: BlockedSender | None = None) -> tuple[str, ...]:
        return ("value",) if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: BlockedSender, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=["reason"])
        else:
            obj.pk = block(obj.value, cast(Agent, request.user), reason=obj.reason).pk

    def delete_model(self, request: HttpRequest, obj: BlockedSender) -> None:
        unblock(obj.pk, cast(Agent, request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[BlockedSender]) -> None:
        for blocked in queryset.values_list("pk", flat=True):
            unblock(blocked, cast(Agent, request.user))


@admin.register(SigningKey)
class SigningKeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = SigningKeyForm
    list_display = ("domain", "selector", "active", "created_at")
    readonly_fields = ("record",)
    fields = ("domain", "selector", "private_key", "record", "active")

    @admin.display(description="DNS record to publish")
    def record(self, key: SigningKey) -> str:
        if not key.private_key:
            return "Save first; the record is shown then."
        try:
            return f'{key}. IN TXT "{dns_record(key.private_key)}"'
        except KeyUnusable as error:
            return str(error)


@admin.register(RawEmail)
class RawEmailAdmin(ReadOnlyAdmin):
    """The ledger of all mail, above all of what was quarantined, ignored or refused."""

    list_display = ("received_at", "door", "state", "reason", "sender", "size", "case")
    list_filter = ("state", "door", "mailbox")
    list_select_related = ("case",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("sha256", "sender", "source")
    fields = (
        *("received_at", "door", "mailbox", "source", "sender", "recipients", "size", "sha256"),
        *("state", "reason", "error", "silence", "attempts", "retry_at", "message", "case", "raw_source"),
    )
    actions = ("take_up",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RawEmail]:
        return super().get_queryset(request).defer("content")

    def get_urls(self) -> list[URLPattern]:
        source = path("<uuid:raw>/source/", self.admin_site.admin_view(self.source), name="raw_email_source")
        return [source, *super().get_urls()]

    def has_take_up_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("channels_email.change_rawemail")

    @admin.action(description="Process selected mails again", permissions=["take_up"])
    def take_up(self, request: HttpRequest, chosen: QuerySet[RawEmail]) -> None:
        again = [raw for raw in chosen.values_list("pk", flat=True) if take_up_again(raw)]
        became = [done.raw.get_state_display() for raw in again if (done := process(raw)) is not None]
        told = "; ".join(became) or "Only what was quarantined, ignored or marked as spam can be processed again"
        self.message_user(request, f"{told}.", messages.SUCCESS if became else messages.WARNING)

    @admin.display(description="Raw source")
    def raw_source(self, raw: RawEmail) -> str:
        return format_html('<a href="{}">Download</a>', reverse("admin:raw_email_source", args=[raw.pk]))

    def source(self, request: HttpRequest, raw: UUID) -> FileResponse:
        """The mail as it came, as a file that no browser shows: it may be anything."""
        if not self.has_view_permission(request):
            raise Http404
        kept = RawEmail.objects.filter(pk=raw).first()
        if kept is None:
            raise Http404
        answer = FileResponse([bytes(kept.content)], content_type="application/octet-stream")
        answer["Content-Disposition"] = f'attachment; filename="{kept.pk}.eml"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


@admin.register(Acknowledgement)
class AcknowledgementAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "case", "sender", "state", "situation", "reason")
    list_filter = ("state", "situation")
    list_select_related = ("case",)
    show_full_result_count = False


@admin.register(KnownMessageId)
class KnownMessageIdAdmin(ReadOnlyAdmin):
    list_display = ("value", "case", "ours")
    list_select_related = ("case",)
    search_fields = ("value",)
    show_full_result_count = False
