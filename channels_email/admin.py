from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm, PasswordInput
from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from channels_email.domain.process import process, take_up_again
from channels_email.models import Acknowledgement, KnownMessageId, MailAlias, Mailbox, RawEmail


class MailboxForm(ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """Passwords are written and never shown; left empty they stay as they are."""

    class Meta:
        model = Mailbox
        exclude: ClassVar = []
        widgets: ClassVar = {
            "imap_password": PasswordInput(attrs={"autocomplete": "off"}),
            "smtp_password": PasswordInput(attrs={"autocomplete": "off"}),
        }

    def clean_imap_password(self) -> str:
        return str(self.cleaned_data["imap_password"] or self.instance.imap_password)

    def clean_smtp_password(self) -> str:
        return str(self.cleaned_data["smtp_password"] or self.instance.smtp_password)


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
        told = "; ".join(became) or "Only what was quarantined or ignored can be processed again"
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
