from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = "Foundation"

    def ready(self) -> None:
        for app in apps.get_app_configs():
            if app.module is not None and module_has_submodule(app.module, "receivers"):
                import_module(f"{app.name}.receivers")
