"""The search keys of customers follow by themselves, by triggers; here for a store that was filled past them."""

from django.db import connection


def index_everything() -> None:
    """All customers' keys anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_search_fill()")
