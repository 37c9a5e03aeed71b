"""The platform: composition files here, one app per folder."""

from cmcoord.celery import app as celery_app

__all__ = ["celery_app"]
