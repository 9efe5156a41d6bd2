"""Lists of customers: uploaded, tried out, taken in. For administrators."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from customers.domain.importing.run import begin, reread, sample_of, upload
from customers.enums import ImportState
from customers.errors import NoSuchCustomer, UnreadableList
from customers.models import CustomerImport
from desktop.forms.importing import ColumnsForm, EncodingForm, ListForm
from desktop.presenters.administration.imports import import_view
from desktop.views.administration.office import office, office_page
from desktop.views.door import agent_of, wants_part
from foundation import storage

RECENT = 20


@office("GET", "POST")
def imports(request: HttpRequest) -> HttpResponse:
    """The latest lists, and the way to bring another."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = upload(cast(BinaryIO, file.file), file.name, agent=agent_of(request).pk)
        except UnreadableList as error:
            form.add_error("file", str(error))
        except storage.TooLarge:
            form.add_error("file", "The file is larger than 200 MB; cut it into several.")
        else:
            return redirect("desktop:import", customer_import=batch.pk)
    recent = CustomerImport.objects.select_related("agent").order_by("-created_at", "-id")[:RECENT]
    status = 422 if form.is_bound else 200
    return office_page(
        request, "desktop/administration/import/index.html", "imports", {"form": form, "recent": recent}, status=status
    )


@office("GET")
def one(request: HttpRequest, customer_import: UUID) -> HttpResponse:
    return _page(request, _found(customer_import))


@office("POST")
def reading(request: HttpRequest, customer_import: UUID) -> HttpResponse:
    """Reads the file in the charset that somebody chose; what its columns mean is guessed anew."""
    batch = _found(customer_import)
    form = EncodingForm(request.POST, batch=batch)
    if not form.is_valid():
        return _page(request, batch, mistake="Choose one of the charsets.")
    try:
        reread(batch.pk, form.cleaned_data["encoding"])
    except UnreadableList as error:
        return _page(request, batch, mistake=str(error))
    except storage.UnknownFile:
        return _page(request, batch, mistake="The file is no longer there; upload the list again.")
    return redirect("desktop:import", customer_import=batch.pk)


@office("POST")
def trial(request: HttpRequest, customer_import: UUID) -> HttpResponse:
    """Checks every row and says what it would become; no customer is written."""
    batch = _found(customer_import)
    form = ColumnsForm(request.POST, batch=batch)
    if not form.is_valid():
        return _page(request, batch, form)
    try:
        begin(batch.pk, ImportState.CHECKING, **form.settings)
    except UnreadableList as error:
        form.add_error(None, str(error))
        return _page(request, batch, form)
    return redirect("desktop:import", customer_import=batch.pk)


@office("POST")
def taking(request: HttpRequest, customer_import: UUID) -> HttpResponse:
    batch = _found(customer_import)
    try:
        begin(batch.pk, ImportState.IMPORTING)
    except UnreadableList as error:
        form = ColumnsForm(None, batch=batch)
        return _page(request, batch, form, mistake=str(error))
    return redirect("desktop:import", customer_import=batch.pk)


def _page(
    request: HttpRequest, batch: CustomerImport, form: ColumnsForm | None = None, *, mistake: str = ""
) -> HttpResponse:
    after = request.GET.get("after", "")
    view = import_view(batch, request.GET.get("outcome", ""), int(after) if after.isdigit() and len(after) < 9 else 0)
    context: dict[str, Any] = {"batch": view}
    if wants_part(request):
        part = "_rows" if after else "_progress"
        return render(request, f"desktop/administration/import/{part}.html", context)
    bad = bool(form and form.is_bound) or bool(mistake)
    form = form or ColumnsForm(None, batch=batch)
    context |= {
        "form": form,
        "encoding": EncodingForm(None, batch=batch),
        "mistake": mistake,
        "columns": _columns(batch, form) if batch.state in {ImportState.UPLOADED, ImportState.CHECKED} else [],
    }
    template = "desktop/administration/import/show.html"
    return office_page(request, template, "imports", context, status=422 if bad else 200)


def _columns(batch: CustomerImport, form: ColumnsForm) -> list[tuple[Any, list[str]]]:
    """Each column's field with what stands in the first rows."""
    try:
        sample = sample_of(batch)
    except storage.UnknownFile:
        sample = []
    return [
        (form[f"column_{place}"], [row[place][:60] for row in sample if len(row) > place and row[place].strip()][:3])
        for place in range(len(batch.header))
    ]


def _found(key: UUID) -> CustomerImport:
    found = CustomerImport.objects.filter(pk=key).first()
    if found is None:
        raise NoSuchCustomer
    return found
