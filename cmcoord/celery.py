"""Which Celery application do the web, the worker and the clock share?"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cmcoord.settings")

app = Celery("cmcoord")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
