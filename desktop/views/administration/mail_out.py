"""What goes out: every delivery, and the story of each."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from desktop.forms.administration import DAYS, OutgoingForm
from desktop.presenters.administration.mail_out import delivery_view, out_view
from desktop.views.administration.office import office, office_page
from desktop.views.door import agent_of, wants_part
from foundation import clock
from interactions.domain.access import access_delivery
from interactions.domain.outgoing import count_deliveries, list_deliveries, story, visible_deliveries


@office("GET")
def deliveries(request: HttpRequest) -> HttpResponse:
    form = OutgoingForm(request.GET)
    asked, before = form.asked(), form.cleaned_data.get("before")
    shown = {name: str(value) for name, value in form.cleaned_data.items() if value and name != "before"}
    visible = visible_deliveries(agent_of(request))
    page = list_deliveries(visible, asked, before=before)
    if before is not None and wants_part(request):
        return render(request, "desktop/administration/_deliveries.html", {"out": out_view(page, [], shown)})
    midnight = datetime.combine(timezone.localtime(clock.now()).date(), time.min, timezone.get_current_timezone())
    days = count_deliveries(
        visible, midnight - timedelta(days=DAYS - 1), midnight + timedelta(days=1), timezone.get_current_timezone_name()
    )
    context = {"out": out_view(page, days, shown), "form": OutgoingForm(initial=shown)}
    return office_page(request, "desktop/administration/mail_out.html", "mail_out", context)


@office("GET")
def delivery(request: HttpRequest, delivery: UUID) -> HttpResponse:
    found = access_delivery(agent_of(request), delivery)
    view = delivery_view(found, story(found))
    if wants_part(request):
        return render(request, "desktop/administration/_delivery.html", {"delivery": view})
    page = "desktop/administration/delivery.html"
    return office_page(request, page, "mail_out", {"delivery": view}, view.stream)
