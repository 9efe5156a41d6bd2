"""Public holidays by country and subdivision, from the `holidays` package."""

from datetime import date
from functools import lru_cache

import holidays
from django.core.exceptions import ValidationError


def check(country: str, subdivision: str) -> None:
    """Raises ValidationError for a country or subdivision whose holidays are not known."""
    if not country:
        if subdivision:
            raise ValidationError({"holiday_subdivision": "A subdivision needs a country."})
        return
    known = holidays.list_supported_countries()
    if country not in known:
        raise ValidationError({"holiday_country": f"No holidays are known for {country!r}."})
    if subdivision and subdivision not in known[country]:
        raise ValidationError({"holiday_subdivision": f"{country} has no {subdivision!r}."})


@lru_cache(maxsize=200)
def of_year(country: str, subdivision: str, year: int) -> dict[date, str]:
    """The public holidays of one year there, with their names in the country's own language."""
    if not country:
        return {}
    own = holidays.country_holidays(country).default_language  # else the machine's locale would choose the language
    return dict(holidays.country_holidays(country, subdiv=subdivision or None, years=year, language=own))
