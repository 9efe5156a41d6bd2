"""Who gets an account: those whom an administrator makes one. Who forgot its password gets a letter."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest

from agents.events import PasswordForgotten
from foundation import bus


class ByInvitation(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the framework's signature
        return False

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002 - the framework's signature
        """The letter is written by a worker: the page waits for no mail server, and so takes as long for nobody."""
        with transaction.atomic():
            bus.publish(PasswordForgotten(agent=user.pk))
