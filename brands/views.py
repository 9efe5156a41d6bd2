from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from brands.models import Brand
from foundation import storage
from foundation.content_type import sniff


@require_safe
def logo(_request: HttpRequest, brand: UUID) -> HttpResponseBase:
    """The brand's logo, for everybody. It was seen to be a picture when it was stored, and is nothing else here."""
    key = get_object_or_404(Brand, pk=brand).logo_key
    try:
        file = storage.open(key)
    except storage.UnknownFile as error:
        raise Http404 from error
    content_type = sniff(file.read(4096))
    file.seek(0)
    answer = FileResponse(file, content_type=content_type)
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
