"""The portal's own settings, with the clocks of recovery running faster, so that a crash test ends within a minute."""

from cmcoord.settings import *  # noqa: F403
from cmcoord.settings import CELERY_BEAT_SCHEDULE, CELERY_BROKER_TRANSPORT_OPTIONS

MAIL_LEASE = 4  # seconds, instead of two minutes
EMAIL_TIMEOUT = 1
CELERY_BEAT_SCHEDULE["deliver"] |= {"schedule": 1.0, "options": {"expires": 5}}
CELERY_BROKER_TRANSPORT_OPTIONS |= {"visibility_timeout": 5, "unacked_restore_interval": 1}
