from django.contrib import admin
from django.http import HttpRequest

from routing.models import Offer
from routing.presenters import why


@admin.register(Offer)
class OfferAdmin(admin.ModelAdmin):
    """Decisions are looked up here, never changed."""

    list_display = ("offered_at", "agent", "queue", "channel", "case", "outcome", "answered_at", "because")
    list_filter = ("outcome", "channel", "queue")
    list_select_related = ("agent", "queue", "case")
    date_hierarchy = "offered_at"
    show_full_result_count = False

    @admin.display(description="Why this agent")
    def because(self, offer: Offer) -> str:
        return why(offer)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Offer | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Offer | None = None) -> bool:
        return False
