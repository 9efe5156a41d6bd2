"""Three addresses for those who run the program: alive, ready, and figures."""

import hmac

from django.conf import settings
from django.core.cache.backends.redis import RedisCache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from redis.exceptions import RedisError


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when work can be done, else 503 naming what is away: `database`, `migrations`, `valkey`."""
    away = _away()
    return JsonResponse({"ready": not away, "away": away}, status=503 if away else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' figures for callers on this machine and those with METRICS_TOKEN; nothing for strangers."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    # A proxy on this machine speaks for strangers: what it passes on is not from here.
    local = request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and "X-Forwarded-For" not in request.headers
    if not local and not (token and hmac.compare_digest(given.encode(), token.encode())):
        return HttpResponse(status=404)
    return ExportToDjangoView(request)


def _away() -> list[str]:
    away = []
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            away.append("migrations")
    except DatabaseError:
        away.append("database")
    try:
        RedisCache(settings.REDIS_URL, {"OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}}).has_key("ready")
    except (RedisError, OSError):
        away.append("valkey")
    return away
