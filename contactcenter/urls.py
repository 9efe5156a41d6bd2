from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from contactcenter import health

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", health.metrics),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

websocket_urlpatterns: list[URLPattern | URLResolver] = []
