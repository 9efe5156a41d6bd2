"""Reply addresses that name their case: `support+9wb.k3vq7mznb2c5lhxa@shop.example`, the mark signing the number."""

from __future__ import annotations

import re

from channels_email.domain import signed

MAX_LOCAL_PART = 64  # octets, RFC 5321 section 4.5.3.1.1
_PURPOSE = "reply address"
_SIGNED = re.compile(rf"\+([0-9a-z]{{1,12}})\.([a-z2-7]{{{signed.LENGTH}}})@", re.IGNORECASE)


def reply_address(case_number: int, base: str) -> str:
    """`base` with the case's signed number in it; `base` itself where that would be too long for a server."""
    local, _, domain = base.rpartition("@")
    number = signed.write_number(case_number)
    long_local = f"{local}+{number}.{signed.mark(_PURPOSE, number)}"
    return f"{long_local}@{domain}" if len(long_local.encode()) <= MAX_LOCAL_PART else base


def case_number_in(address: str) -> int | None:
    """The case number in one of our reply addresses; None where there is none or its mark is not ours."""
    found = _SIGNED.search(address)
    if found is None:
        return None
    number, mark = found[1].lower(), found[2]
    return signed.read_number(number) if signed.is_ours(_PURPOSE, number, mark) else None


def base_of(address: str) -> str:
    """The address in lower case without what stands behind a plus sign."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
