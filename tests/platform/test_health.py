"""Do the health and readiness pages tell what is wrong, without asking more than they must?"""

import pytest
from django.db import OperationalError, connection

from cmcoord import health
from cmcoord.activity import triggers


def test_the_process_is_alive_without_asking_the_database(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


@pytest.mark.django_db
def test_a_migrated_database_is_ready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "broker": "ok"}


@pytest.mark.django_db
def test_a_broker_that_is_down_is_told_and_not_fatal(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["broker"] == "unreachable"


@pytest.mark.django_db
def test_a_trail_without_its_triggers_is_not_ready(client):
    triggers.drop(connection)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "activity.E001"


@pytest.mark.django_db
def test_an_unapplied_migration_is_not_ready(client):
    health._migrated.clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'activity'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "migrations missing"


def test_an_unreachable_database_is_not_ready(client, monkeypatch):
    def refuse():
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"
