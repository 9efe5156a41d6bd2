from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func

from customers.models.customer import Customer


class SearchKey(models.Model):
    """By what a customer is found: names, addresses and numbers of everybody who is this customer, folded.

    Written by triggers of the database alone, in the transaction that changes a name, an address or a merge; empty for
    a customer merged into another. The index holds every three characters in a row of it, the beginnings of its words,
    and the spans of time that the customer came in.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="search_key")
    at = models.DateTimeField(help_text="Since when the customer is known")
    folded = models.TextField(blank=True)

    class Meta:
        indexes = [
            GinIndex(
                Func(F("folded"), function="customers_search_grams"),
                Func(F("at"), function="foundation_spans"),
                name="search_key_grams",
                # What is not yet sorted into the index is read by every search: keep it small.
                fastupdate=True,
                gin_pending_list_limit=256,
            )
        ]

    def __str__(self) -> str:
        return self.folded
