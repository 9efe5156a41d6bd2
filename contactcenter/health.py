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

from foundation.alarms import look, sounding


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
def alarms(request: HttpRequest) -> HttpResponse:
    """200 when everything moves, else 503 with what has stopped; for the same callers as the figures."""
    if not _may_know(request):
        return HttpResponse(status=404)
    told = {
        name: {"words": alarm.words, "since": alarm.since, "count": alarm.count} for name, alarm in sounding().items()
    }
    return JsonResponse({"alarms": told}, status=503 if told else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' figures for callers on this machine and those with METRICS_TOKEN; nothing for strangers."""
    if not _may_know(request):
        return HttpResponse(status=404)
    answer = ExportToDjangoView(request)
    answer.content += _alarm_figures()
    return answer


def _alarm_figures() -> bytes:
    """How much each alarm counts, 0 where all moves, in Prometheus' words; nothing while the database is away."""
    try:
        counts = {name: alarm.count if alarm else 0 for name, alarm in look().items()}
    except DatabaseError:
        return b""
    lines = [f'contactcenter_alarm{{name="{name}"}} {count}' for name, count in counts.items()]
    head = ["# HELP contactcenter_alarm What has stopped moving, by alarm.", "# TYPE contactcenter_alarm gauge"]
    return "\n".join([*head, *lines, ""]).encode()


def _may_know(request: HttpRequest) -> bool:
    """Callers on this machine and those with METRICS_TOKEN."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    # A proxy on this machine speaks for strangers: what it passes on is not from here.
    local = request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and "X-Forwarded-For" not in request.headers
    return local or bool(token and hmac.compare_digest(given.encode(), token.encode()))


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
