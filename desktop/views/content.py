"""What strangers sent: message bodies in a page of their own, files as downloads. Neither can run anything here."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from desktop.presenters.bodies import framed_html, is_plain
from desktop.presenters.entry import file_chip
from desktop.views.door import agent_of, screen
from desktop.views.files import PICTURES
from foundation import storage
from interactions.domain.access import access_attachment, access_message
from interactions.domain.draft import detach
from interactions.models import Attachment

# No scripts, no forms, no plug-ins, no fonts, nothing loaded but pictures. `allow-same-origin` is there so that the
# page around the frame can read its height; without `allow-scripts` nothing inside can use it. Links open outside it.
_FRAME = (
    "default-src 'none'; style-src 'unsafe-inline' 'self'; img-src {pictures}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)


@screen("GET")
@xframe_options_sameorigin
def message_body(request: HttpRequest, message: UUID) -> HttpResponse:
    """A message's HTML. Pictures from the web load only with `?pictures=1`: they tell their sender who reads when."""
    found = access_message(agent_of(request), message)
    pictures = "pictures" in request.GET
    html = framed_html(found, list(found.attachments.filter(inline=True)), pictures=pictures)
    context = {"html": html, "plain": is_plain(found.html), "theme": agent_of(request).theme}
    response = render(request, "desktop/message/body.html", context)
    sources = "'self' data: https: http:" if pictures else "'self' data:"
    response["Content-Security-Policy"] = _FRAME.format(pictures=sources)
    response["Referrer-Policy"] = "no-referrer"
    return response


@screen("GET")
def message_files(request: HttpRequest, message: UUID) -> HttpResponse:
    """All files of a message, where the case shows only the first."""
    found = access_message(agent_of(request), message)
    files = [file_chip(file) for file in found.attachments.filter(inline=False)]
    return render(request, "desktop/case/_files.html", {"files": files, "more_url": ""})


@screen("GET", "DELETE")
def attachment(request: HttpRequest, attachment: UUID) -> HttpResponseBase:
    """A file as a download, a picture of a message in its place (`?inline`); DELETE takes it off one's own draft."""
    found = access_attachment(agent_of(request), attachment)
    if request.method == "DELETE":
        if not detach(found.pk, agent_of(request)):
            return HttpResponse("A sent file stays.", status=409, content_type="text/plain")
        return HttpResponse(status=204)
    return _file(found, inline="inline" in request.GET)


def _file(found: Attachment, *, inline: bool) -> FileResponse:
    try:
        content = storage.open(found.key)
    except storage.UnknownFile as error:
        raise Http404 from error
    shown = inline and found.content_type in PICTURES
    response = FileResponse(content, content_type=found.content_type if shown else "application/octet-stream")
    way = "inline" if shown else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(found.filename or 'file', safe='')}"
    response["Content-Length"] = str(found.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
