"""Addresses: one normal form per kind, so that one address is one identity."""

from __future__ import annotations

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from customers.enums import IdentityKind
from customers.errors import AddressUnusable

MAX_LENGTH = 320  # RFC 3696 erratum 1690: 64 for the local part, @, 255 for the domain


def normalise(kind: IdentityKind, address: str, region: str | None = None) -> str:
    """The form in which `address` is compared and stored. `region` (ISO 3166) reads national phone numbers.

    Raises AddressUnusable with a sentence for the person who typed it.
    """
    cleaned = address.strip()
    if not cleaned or len(cleaned) > MAX_LENGTH or "\x00" in cleaned:
        raise AddressUnusable("The address is empty or too long.")
    if kind == IdentityKind.EMAIL:
        return _email(cleaned)
    if kind == IdentityKind.PHONE:
        return _phone(cleaned, region)
    return cleaned


def _email(address: str) -> str:
    local, _, domain = address.rpartition("@")
    domain = domain.rstrip(".").lower()
    try:
        domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
        validate_email(f"user@{domain}" if not local.isascii() else f"{local}@{domain}")
    except (UnicodeError, ValidationError) as error:
        raise AddressUnusable(f"{address} is not an e-mail address.") from error
    if not local or any(character.isspace() for character in local) or ("@" in local and not local.isascii()):
        raise AddressUnusable(f"{address} is not an e-mail address.")
    return f"{local.lower()}@{domain}"


def _phone(number: str, region: str | None) -> str:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException as error:
        raise AddressUnusable(f"{number} is not a phone number; begin it with + and the country code.") from error
    if not phonenumbers.is_possible_number(parsed):
        raise AddressUnusable(f"{number} has too few or too many digits for a phone number.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
