from django.core.validators import RegexValidator
from django.db import models

from brands.enums import WayKind
from foundation.calendar.models import Calendar
from foundation.rows import Row


class Brand(Row):
    """The face under which a company serves: name, logo, colour, language, and how its letters begin and end."""

    name = models.CharField(max_length=120, unique=True)
    logo_key = models.CharField(max_length=80, blank=True, help_text="Key of the stored picture")
    colour = models.CharField(
        max_length=7, default="#1f6feb", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write it as #rrggbb.")]
    )
    language = models.CharField(max_length=12, default="en")
    website = models.URLField(blank=True)
    greeting = models.CharField(max_length=120, default="Hello", help_text="What a letter begins with")
    sign_off = models.CharField(max_length=200, default="Kind regards")
    signature = models.TextField(
        blank=True,
        default="{agent}\n{title}\n{brand}",
        help_text="Under each answer; {agent}, {title} and {brand} are filled in",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class BrandHost(Row):
    """A host name under which the brand's customer pages are served."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="hosts")
    host = models.CharField(max_length=253, unique=True)

    def __str__(self) -> str:
        return self.host


class BrandPhone(Row):
    """A phone number of the brand, E.164."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="phones")
    number = models.CharField(
        max_length=16, unique=True, validators=[RegexValidator(r"^\+[1-9]\d{6,14}$", "Write it as +46123456789.")]
    )

    def __str__(self) -> str:
        return self.number


class Way(Row):
    """A way to reach the brand that may be told to customers, with the hours in which somebody answers."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="ways")
    kind = models.CharField(max_length=8, choices=WayKind.choices)
    address = models.CharField(max_length=200, help_text="The number, address or link as customers should read it")
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "kind"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.address}"
