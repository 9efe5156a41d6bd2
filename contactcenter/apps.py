from django.apps import AppConfig

from contactcenter.celery import app as celery_app


class ContactcenterConfig(AppConfig):
    name = "contactcenter"
    verbose_name = "Contact center"

    def ready(self) -> None:
        celery_app.set_default()  # every Django process publishes tasks through this app, not only the worker
