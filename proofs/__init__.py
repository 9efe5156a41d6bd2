"""Proofs: what is promised is shown by killing what keeps it. `manage.py prove` lists and runs them.

Each runs in a house of its own: PostgreSQL, Valkey and every process of the product as production runs them, in a
folder that no installation uses.
"""

NAMES = ("intake", "delivery")
