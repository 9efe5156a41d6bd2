from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models

from channels_email.models.encrypted import EncryptedField
from foundation.rows import Row

DOMAIN = RegexValidator(
    r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$", "Write it as example.org."
)
SELECTOR = RegexValidator(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", "Letters, digits and hyphens.")


class SigningKey(Row):
    """The key with which mail from a domain of ours is signed (DKIM, RFC 6376). One per domain is in use."""

    domain = models.CharField(max_length=253, validators=[DOMAIN])
    selector = models.CharField(max_length=63, validators=[SELECTOR])
    private_key = EncryptedField(help_text="PEM; empty: a new RSA key of 2048 bits is made", blank=True, default="")
    active = models.BooleanField(default=False, help_text="Switch it on when its DNS record is published")

    class Meta:
        ordering = ["domain", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "selector"],
                name="signing_key_once",
                violation_error_code="signing_key_once",
                violation_error_message="The domain has a key with this selector already.",
            ),
            models.UniqueConstraint(
                fields=["domain"],
                condition=models.Q(active=True),
                name="signing_key_one_in_use_per_domain",
                violation_error_message="Another key of this domain is in use; switch that one off first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    def save(self, **options: Any) -> None:
        self.domain, self.selector = self.domain.strip().lower(), self.selector.strip().lower()
        super().save(**options)
