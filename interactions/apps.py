from importlib import import_module

from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = "Interactions"

    def ready(self) -> None:
        import_module("interactions.domain.access")  # says who may listen to the streams of cases and queues
