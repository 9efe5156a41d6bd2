"""How large strangers' HTML may make things: lengths beyond what a letter needs are left out."""

import re

# About 2,000 pixels each. A unit that is not here is none: with vh a frame that grows with its content never ends.
MOST = {
    "": 2_000, "px": 2_000, "pt": 1_500, "pc": 125, "in": 21, "cm": 53, "mm": 530, "q": 2_120, "em": 125, "rem": 125,
    "ex": 250, "ch": 250, "%": 300,
}  # fmt: skip
_LINES = 10.0  # `line-height` without a unit is a multiple of the letters' height
_NUMBER = re.compile(r"(?<![\w#.])[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?(%|[a-z]*)", re.IGNORECASE)
_COLOUR = re.compile(r"#[0-9a-f]+|\b(?:rgb|hsl)a?\([^()]*\)", re.IGNORECASE)


def is_sane(name: str, value: str) -> bool:
    """Whether a declaration of style stays within these bounds."""
    for number, power, unit in _NUMBER.findall(_COLOUR.sub("", value)):
        most = _LINES if name == "line-height" and not unit else MOST.get(unit.lower(), 0)
        if power or float(number) > most:
            return False
    return True


def is_sane_size(value: str) -> bool:
    """The same of an attribute `width` or `height`: pixels or per cent."""
    return is_sane("width", value)
