"""Clear-signed text (OpenPGP, RFC 9580 section 7) without its armour."""

import re

_BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----"
_ARMOUR = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:Hash: [^\n]*\n)*\n(.*?)"
    r"^-----BEGIN PGP SIGNATURE-----[ \t]*$.*?(?:^-----END PGP SIGNATURE-----[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
MAX_SIGNED = 5  # each costs one look at the whole text
_DASH = re.compile(r"^- (?=-|From )", re.MULTILINE)


def without_armour(text: str) -> str:
    """The text as it was before signing; any other text unchanged. What stands around the armour is kept."""
    if not 0 < text.count(_BEGIN) <= MAX_SIGNED:
        return text
    return _ARMOUR.sub(lambda found: _DASH.sub("", found[1]), text)
