from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from contactcenter import health
from desktop import urls as desktop

admin.site.site_header = admin.site.site_title = "contactcenter"
admin.site.index_title = "Administration"

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("alarms", health.alarms),
    path("metrics", health.metrics),
    path("", include("brands.urls")),
    path("api/v1/", include("customers.urls")),
    path("api/v1/", include("interactions.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("webhooks/mail/", include("channels_email.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("demo/", include("simulator.urls")),
    path("", include("desktop.urls")),
]

handler400 = "contactcenter.middleware.bad_request"
handler404 = "contactcenter.middleware.not_found"
handler500 = "contactcenter.middleware.server_error"

websocket_urlpatterns: list[URLPattern | URLResolver] = [*desktop.websocket_urlpatterns]
