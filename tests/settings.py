"""How do the tests' settings differ? Fast passwords, mail and queue in memory, a database that nobody needs to keep."""

import gc
import os
import tempfile
from pathlib import Path

RAM = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else Path(tempfile.gettempdir())
gc.set_threshold(50_000, 20, 100)  # looking for garbage among all models took a sixth of each round
TEST_DIR = Path(tempfile.mkdtemp(prefix="portal-tests-", dir=RAM))  # conftest.py deletes it
(TEST_DIR / "static").mkdir()

os.environ["PORTAL_VAR"] = str(TEST_DIR)
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("REDIS_URL", "memory://")

from cmcoord.settings import *  # noqa: E402, F403
from cmcoord.settings import DATABASES, EMBEDDED, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_BROKER_TRANSPORT_OPTIONS: dict = {}
SECOND_FACTOR = False  # asked by the tests of signing in alone, which switch it on; people here sign in by their name
if EMBEDDED:  # a file, so that the live server's threads have connections of their own, as in the portal
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}
