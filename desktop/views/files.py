"""Files for what is being written."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from desktop.forms.composing import UploadForm
from desktop.presenters.bodies import picture_url
from desktop.presenters.entry import file_chip
from desktop.views.door import agent_of, screen
from desktop.views.letter import case_to_write, unopened
from foundation import storage
from interactions.domain.access import access_case
from interactions.domain.draft import attach, own_draft
from interactions.enums import DraftKind
from interactions.errors import CannotReply

LARGEST_FILE = 20 * 1024 * 1024  # bytes; more is refused by most receiving mail servers
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@screen("POST")
def files(request: HttpRequest, case: UUID) -> HttpResponse:
    """Hangs a file on the draft; a picture pasted into the text says its address in X-Picture."""
    agent = agent_of(request)
    if unopened(request, agent, case) is None:
        access_case(agent, case)  # before anything is stored
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return HttpResponse("not uploaded: it is empty or has no name", status=422, content_type="text/plain")
    upload = form.cleaned_data["file"]
    try:
        stored = storage.store(upload.file, limit=LARGEST_FILE)
    except storage.TooLarge:
        limit = LARGEST_FILE // 1024 // 1024
        return HttpResponse(f"larger than {limit} MB", status=422, content_type="text/plain")
    inline = bool(request.POST.get("inline")) and stored.content_type in PICTURES
    found = case_to_write(request, agent, case)
    draft = own_draft(found, agent, DraftKind(form.cleaned_data["kind"]))
    try:
        file = attach(draft, stored, upload.name, declared_type=upload.content_type or "", inline=inline)
    except CannotReply:
        storage.delete(stored.key)
        return HttpResponse("not uploaded: it was sent meanwhile", status=422, content_type="text/plain")
    response = render(request, "desktop/case/_draft_file.html", {"file": file_chip(file)})
    if inline:
        response["X-Picture"] = picture_url(file)
    return response
