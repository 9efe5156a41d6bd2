from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from customers.enums import Column, ImportState, RowOutcome
from customers.models.customer import Customer
from foundation.rows import Row


class CustomerImport(Row):
    """A list of customers as a file: how it is read, how far it has come, what its rows became.

    `columns` says for each column of the file what it means (a Column). `done` counts the rows worked off in this
    state; when a worker dies, the next goes on there.
    """

    filename = models.CharField(max_length=255)
    key = models.CharField(max_length=80, help_text="Where the file is stored")
    size = models.PositiveBigIntegerField()
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    header = ArrayField(models.CharField(max_length=200), default=list)
    columns = ArrayField(models.CharField(max_length=14, choices=Column.choices, blank=True), default=list)
    region = models.CharField(max_length=2, blank=True, help_text="Country of numbers without a country code")
    verified = models.BooleanField(default=False, help_text="The addresses were verified where the file comes from")
    overwrite = models.BooleanField(default=False, help_text="What the file says replaces what the records say")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    total = models.PositiveIntegerField(default=0, help_text="Rows without the header")
    done = models.PositiveIntegerField(default=0)
    place = models.CharField(max_length=120, blank=True, help_text="Where in the file the next row begins")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"])]

    def __str__(self) -> str:
        return self.filename


class ImportRow(Row):
    """One row of the file, numbered as a spreadsheet numbers it (the header is 1): what it became, or would."""

    customer_import = models.ForeignKey(CustomerImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=RowOutcome.choices)
    shown = models.CharField(max_length=200, blank=True, help_text="Who it is about, as the file says")
    reason = models.CharField(max_length=400, blank=True)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer_import", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["customer_import", "outcome", "number"])]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"


class ImportAddress(models.Model):
    """An address that a row of the file had already, so that the next row with it is known to be double."""

    customer_import = models.ForeignKey(CustomerImport, models.CASCADE, related_name="addresses")
    value = models.CharField(max_length=332)
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "import addresses"
        constraints = [models.UniqueConstraint(fields=["customer_import", "value"], name="import_address_once")]

    def __str__(self) -> str:
        return self.value
