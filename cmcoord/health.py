"""Is the portal alive, and is it ready to serve? Two pages for whoever watches it; they show words, never data."""

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection

_migrated: set[bool] = set()


@require_safe
@never_cache
def healthz(request):
    """The process answers. Asks nothing of anything else, so that a database at rest does not get the web killed."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    """503 when a page would fail. A broker that is down is told, not fatal: pages work and the sweep delivers later."""
    answers = {"database": database(), "broker": broker()}
    is_ready = answers["database"] == "ok"
    return JsonResponse({"ready": is_ready} | answers, status=200 if is_ready else 503)


def database() -> str:
    """ "ok", or what is wrong: unreachable, migrations missing, or a check such as an absent trigger."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not is_migrated():
            return "migrations missing"
        failed = [
            check
            for check in checks.run_checks(tags=[checks.Tags.database], databases=["default"])
            if check.is_serious()
        ]
    except DatabaseError:
        return "unreachable"
    return ", ".join(sorted({check.id or "check failed" for check in failed})) or "ok"


def is_migrated() -> bool:
    """Asked of the database until the answer is yes; a process that served once is not asked again."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _migrated.add(True)
    return bool(_migrated)


def broker() -> str:
    try:
        with Connection(
            settings.CELERY_BROKER_URL, connect_timeout=1, transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS
        ) as queue:
            queue.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # each transport has its own errors, and none of them may break the page
        return "unreachable"
    return "ok"
