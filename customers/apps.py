from importlib import import_module

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = "Customers"

    def ready(self) -> None:
        import_module("customers.domain.access")  # says who may listen to the streams of customers
