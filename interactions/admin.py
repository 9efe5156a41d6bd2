from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from agents.events import AgentChanged
from foundation import bus
from interactions.models import Queue, Tag


@admin.register(Queue)
class QueueAdmin(admin.ModelAdmin):
    list_display = ["name", "brand", "calendar", "response_target", "acknowledges"]
    list_filter = ["brand"]
    filter_horizontal = ["members", "skills"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """New members may take at once what waits."""
        super().save_related(request, form, formsets, change)
        for agent in form.instance.members.values_list("pk", flat=True):
            bus.publish(AgentChanged(agent=agent))

    def has_delete_permission(self, request: HttpRequest, obj: Queue | None = None) -> bool:
        return obj is None or not obj.cases.exists()


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    search_fields = ["name"]
