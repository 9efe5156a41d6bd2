"""What a page outside the demo world may say of it."""

from django import template
from django.conf import settings
from django.urls import reverse

from simulator.models import World

register = template.Library()


@register.simple_tag
def demo_mailboxes() -> str:
    """Where all mail of this installation can be read, when it is a demo whose mail stays in it; else ''."""
    stays = settings.SMTP_OUT_HOST in {"127.0.0.1", "localhost"}
    return reverse("mailboxes") if stays and World.objects.exists() else ""
