"""Where the trail's triggers and its database check are hooked in."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

#T


class ActivityConfig(AppConfig):
    name = "cmcoord.activity"
    label = "activity"
    verbose_name = _("Activity")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        #post_migrate.connect(triggers.install_after_migrate, dispatch_uid="activity.triggers")
        #register(triggers.check_triggers, "database")
