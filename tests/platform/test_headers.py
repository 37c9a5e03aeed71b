"""Served over TLS as in production, which score does every page get from the HTTP Observatory's rules? (S3)"""

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.conf import settings

from tests.platform import observatory

LEAST = 140
SEED = """
import json, time
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import ROLES
from tests.people import person
keys = {}
for name, role, where, scope in (
    ("hc", "hc", "RC/HC", {}), ("ocha", "ocha_national", "OCHA", {}), ("admin3", "admin", "OCHA", {}),
    ("u3", "force_ops", "MINUSCA", {}), ("logs", "requester", "WFP", {"station": "bria"}),
):
    user = person(name, role, organisation=where, name=name, **scope)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time()} for method in ("mfa", "password")
    ]
    session.create()
    keys[name] = session.session_key
print(json.dumps(keys))
"""
PAGES = {
    "": [
        "/account/login/",
        "/account/password/reset/",
        "/account/signup/",
        "/invitation/guessed/",
        "/nowhere/",
        "/healthz",
    ],
    "hc": [
        "/",
        "/me/",
        "/me/sessions/",
        "/requests/",
        "/notifications/",
        "/guidance/",
        "/account/2fa/",
        "/requests/none/",
    ],
    "ocha": ["/", "/requests/new/", "/accounts/telephone-taken/", "/account/password/change/", "/accounts/"],
    "admin3": ["/accounts/", "/accounts/confirmations/", "/accounts/invitations/new/", "/admin/"],
    "u3": ["/force/", "/account/2fa/totp/activate/", "/account/reauthenticate/"],
    "logs": ["/requests/", "/requests/new/"],
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """The portal behind a certificate of its own, in a folder of its own; its address and a session of each person."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl to make a certificate: apt-get install openssl")
    var = tmp_path_factory.mktemp("tls")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", var / "key",
         "-out", var / "cert"],
        check=True, capture_output=True,
    )  # fmt: skip
    drop = {"DEMO", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    environment = {name: value for name, value in os.environ.items() if name not in drop} | {
        "PORTAL_VAR": str(var), "PORTAL_URL": f"https://localhost:{port}", "DJANGO_SETTINGS_MODULE": "cmcoord.settings",
        "REDIS_URL": "memory://",
    }  # fmt: skip

    def manage(*arguments):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=settings.BASE_DIR, env=environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    manage("migrate", "--verbosity", "0")
    manage("load_reference")
    manage("collectstatic", "--no-input", "--verbosity", "0")
    sessions = json.loads(manage("shell", "--verbosity", "0", "-c", SEED).strip().splitlines()[-1])
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "cmcoord.wsgi:application", "--bind", f"127.0.0.1:{port}",
         "--certfile", str(var / "cert"), "--keyfile", str(var / "key"), "--no-control-socket"],
        cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    trust = ssl.create_default_context(cafile=str(var / "cert"))
    try:
        for _attempt in range(100):
            try:
                urllib.request.urlopen(f"https://localhost:{port}/healthz", context=trust, timeout=5).close()
                break
            except OSError:
                time.sleep(0.3)
        yield f"https://localhost:{port}", trust, sessions
    finally:
        server.terminate()
        server.wait(timeout=20)


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_facts):
        return None


def fetch(portal, path, who=""):
    """Status, headers and text of one page, asked without any cookie but the session's."""
    address, trust, sessions = portal
    asked = urllib.request.Request(address + path)
    if who:
        asked.add_header("Cookie", f"__Host-sessionid={sessions[who]}")
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust), Stay)
    try:
        answer = opener.open(asked, timeout=30)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        return answer.status, answer.headers, answer.read().decode()


def test_every_page_scores_at_least_what_was_promised(portal):
    poor, seen = [], 0
    for who, paths in PAGES.items():
        for path in paths:
            status, headers, text = fetch(portal, path, who)
            if not headers.get("Content-Type", "").startswith("text/html") or status in (301, 302):
                continue
            seen += 1
            points = observatory.score(headers, text)
            of_145 = observatory.score(headers, text, with_opener_and_embedder=False)
            framed = "portal.js" in text  # not the pages of Django, whose scripts carry no integrity
            if 100 + sum(points.values()) < LEAST or (framed and 100 + sum(of_145.values()) < LEAST):
                poor.append(f"{path} as {who or 'anybody'} ({status}): {points}")
    assert not poor, "\n".join(poor)
    assert seen >= 20


def test_cookies_are_this_hosts_own_and_plain_http_is_not_spoken(portal):
    _status, headers, _text = fetch(portal, "/account/login/")
    cookies = headers.get_all("Set-Cookie")
    assert cookies
    assert all(cookie.startswith("__Host-") for cookie in cookies)
    assert all("Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie for cookie in cookies)
    assert "includeSubDomains" in headers["Strict-Transport-Security"]
    assert headers["Permissions-Policy"]


def test_what_a_signed_in_person_reads_is_stored_nowhere(portal):
    for path in ("/", "/requests/", "/me/"):
        status, headers, _text = fetch(portal, path, "hc")
        assert status == 200
        assert "no-store" in headers["Cache-Control"], path


@pytest.mark.parametrize("variables", [{"PORTAL_URL": "http://portal.example"}, {"PORTAL_HOSTS": "192.0.2.7"}])
def test_without_tls_the_portal_starts_for_this_machine_only(variables, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in ("DEMO", "PORTAL_URL")}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
        env=environment | {"PORTAL_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cmcoord.settings"} | variables,
    )  # fmt: skip
    assert done.returncode != 0
    assert "plain HTTP" in done.stderr


def test_no_sms_goes_to_its_gateway_in_clear(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in ("DEMO", "PORTAL_URL")}
    environment |= {"PORTAL_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cmcoord.settings"}
    for address, fine in (
        ("http://sms.example/send", False),
        ("https://sms.example/", True),
        ("http://127.0.0.1", True),
    ):
        done = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()"],
            cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
            env=environment | {"SMS_GATEWAY_URL": address},
        )  # fmt: skip
        assert (done.returncode == 0) == fine, address
        assert ("SMS_GATEWAY_URL with https://" in done.stderr) != fine, address


@pytest.mark.parametrize("switch", ["DEBUG", "BENCH"])
@pytest.mark.parametrize("tls", [True, False])
def test_what_serves_developers_is_not_served_to_others(switch, tls, tmp_path):
    """An error page of DEBUG shows the values at hand; the floor pages of BENCH ask for no right."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DEMO", "PORTAL_URL")}
    environment |= {"PORTAL_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cmcoord.settings", switch: "1"}
    address = {"PORTAL_URL": "https://portal.example"} if tls else {}
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=False, env=environment | address,
    )  # fmt: skip
    assert (done.returncode != 0) == tls
    assert ("for this machine only" in done.stderr) == tls


def test_the_rules_find_a_poor_page():
    headers = observatory.Message()
    assert sum(observatory.score(headers, "<script src='//x'></script>").values()) < -50
