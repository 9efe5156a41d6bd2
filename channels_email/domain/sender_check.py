"""Who vouches for a mail's sender: the Authentication-Results of our own server (RFC 8601), and nobody else's.

A field of that name counts only with the identifier of a host that is configured; that host strips forged ones
(RFC 8601 section 5). Where a method is told twice the topmost field wins: the nearest server writes above the others,
and nothing counts that stands below a Received field under the first of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import authres

from channels_email.domain.parsed import ParsedEmail
from interactions.enums import SenderDoubt

MOST_FIELDS = 20
LONGEST_FIELD = 4_000  # characters


@dataclass(frozen=True, slots=True)
class SenderCheck:
    """`domain` vouches for the sender; '' when none does. `doubt` says why one should look twice, if one should."""

    domain: str = ""
    doubt: SenderDoubt = SenderDoubt.NONE


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    result: str
    domain: str


def check_sender(mail: ParsedEmail, address: str, hosts: Collection[str]) -> SenderCheck:
    """Whether the domain of `address` (the author's) stands behind the mail: DMARC (RFC 7489), else a DKIM signature
    or an SPF result of the same or an enclosing domain, which is what DMARC calls aligned.

    Without a configured host nothing is known, and nothing is doubted.
    """
    trusted = {host.strip().lower() for host in hosts if host.strip()}
    if not trusted:
        return SenderCheck()
    author = address.rpartition("@")[2].strip().lower().rstrip(".")
    results = list(_results(mail, trusted))
    first = {result.method: result for result in reversed(results)}
    dmarc = first.get("dmarc")
    if dmarc is not None and dmarc.result in {"fail", "permerror"}:
        return SenderCheck(doubt=SenderDoubt.FAILED)
    vouching = [dmarc] if dmarc is not None and dmarc.result == "pass" else []
    vouching += [result for result in results if result.method == "dkim"]
    vouching += [first["spf"]] if "spf" in first else []
    for result in vouching:
        if result.result == "pass" and _aligned(result.domain, author):
            return SenderCheck(domain=author)
    refused = any(result.result == "fail" for method, result in first.items() if method in {"dkim", "spf"})
    return SenderCheck(doubt=SenderDoubt.FAILED if refused else SenderDoubt.UNVERIFIED)


def _results(mail: ParsedEmail, trusted: Collection[str]) -> Iterator[_Result]:
    known: set[str] = set()
    for value in _own_fields(mail, trusted)[:MOST_FIELDS]:
        try:
            told = authres.AuthenticationResultsHeader.parse_value(value[:LONGEST_FIELD])
        except Exception:  # noqa: BLE001, S112 - a foreign parser over a field that may be anything
            continue
        here = [_Result(one.method.lower(), one.result.lower(), _domain(one)) for one in told.results]
        yield from (one for one in here if one.method not in known)
        known.update(one.method for one in here)


def _own_fields(mail: ParsedEmail, trusted: Collection[str]) -> list[str]:
    found: list[str] = []
    for name, value in mail.headers:
        if name == "received" and found:
            break
        words = value.partition(";")[0].split() if name == "authentication-results" else []
        if words and words[0].lower().strip('"') in trusted:
            found.append(value)
    return found


def _domain(result: authres.AuthenticationResult) -> str:
    """The domain that the result is about: of the signature, of the envelope's sender, of From."""
    told = {f"{each.type}.{each.name}".lower(): str(each.value) for each in result.properties}
    named = (told.get(name, "") for name in ("header.from", "header.d", "header.i", "smtp.mailfrom", "smtp.mail"))
    value = next((name for name in named if name), "")
    return value.rpartition("@")[2].strip().lower().rstrip(".")


def _aligned(domain: str, author: str) -> bool:
    """The same domain, or one within the other (RFC 7489 section 3.1, relaxed), never a mere top-level domain."""
    if not domain or not author or "." not in domain:
        return False
    return domain == author or author.endswith(f".{domain}") or domain.endswith(f".{author}")
