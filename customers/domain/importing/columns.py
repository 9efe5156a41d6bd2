"""What the columns of a list mean: guessed from their names, and from what stands below them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from customers.enums import Column

_NAMES: dict[Column, str] = {
    Column.EMAIL: r"e ?mail(?: ?address| ?adress| ?adresse)?|mail|mailadress|e ?post(?:adress)?|courriel|"
    r"correo(?: electronico)?",
    Column.PHONE: r"(?:tele)?phone(?: ?number)?|mobile?(?: ?phone| ?number)?|tel|telefon(?:nummer|nr)?|"
    r"mobil(?:telefon|nummer)?|handy|telefono|movil|telephone|portable|cell(?: ?phone)?",
    Column.ACCOUNT: r"(?:customer|client|account|member|kund|kunden|konto|mitglieds?)(?: ?(?:number|no|nr|id|nummer))|"
    r"kundnr|kundennr|customerid|account|numero de cliente|numero client",
    Column.GIVEN_NAME: r"(?:first|given|fore) ?name|fornamn|vorname|prenom|nombre de pila",
    Column.FAMILY_NAME: r"(?:last|family|sur) ?name|efternamn|nachname|familienname|nom de famille|apellidos?",
    Column.NAME: r"(?:full |customer |contact )?name|namn|nom|nombre|kunde?|customer|contact",
    Column.LANGUAGE: r"lang(?:uage)?(?: ?code)?|sprak|sprache|langue|idioma|locale",
    Column.TIME_ZONE: r"time ?zone|tidszon|zeitzone",
    Column.ORGANISATION: r"company(?: ?name)?|organi[sz]ation|foretag|firma|unternehmen|societe|entreprise|empresa",
    Column.REMARKS: r"remarks?|notes?|comments?|anmarkning(?:ar)?|bemerkung(?:en)?|remarques?|notas?",
}
_FOLD = str.maketrans("åäöéèêáíóúüñç", "aaoeeeaiouunc")
ONCE = {Column.EMAIL: False, Column.PHONE: False}
"""A person may have several of these; of everything else one column counts."""


def guess_columns(header: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Column]:
    """What each column means; Column.IGNORED where nobody can tell."""
    guessed: list[Column] = []
    for place, name in enumerate(header):
        below = [row[place].strip() for row in sample if len(row) > place and row[place].strip()]
        column = _by_name(name) or _by_values(below)
        if column in guessed and ONCE.get(column, True):
            column = Column.IGNORED
        guessed.append(column)
    return guessed


def _by_name(name: str) -> Column:
    folded = " ".join(re.sub(r"[^a-z0-9]+", " ", name.lower().translate(_FOLD)).split())
    return next((column for column, names in _NAMES.items() if re.fullmatch(names, folded)), Column.IGNORED)


def _by_values(below: Sequence[str]) -> Column:
    if not below:
        return Column.IGNORED
    addresses = sum(bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value)) for value in below)
    numbers = sum(bool(re.fullmatch(r"(?:\+|00)[\d\s()/.-]{7,20}", value)) for value in below)
    if addresses * 2 > len(below):
        return Column.EMAIL
    return Column.PHONE if numbers * 2 > len(below) else Column.IGNORED
