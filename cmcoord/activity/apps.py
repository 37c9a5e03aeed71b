"""Where the trail's triggers, the check for them, and hidden numbers in addresses are hooked in."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate, pre_migrate
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from cmcoord.activity import triggers
from cmcoord.activity.numbers import HiddenNumber


class ActivityConfig(AppConfig):
    name = "cmcoord.activity"
    label = "activity"
    verbose_name = _("Activity")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        pre_migrate.connect(triggers.drop_before_migrate, sender=self, dispatch_uid="activity.drop_triggers")
        post_migrate.connect(triggers.install_after_migrate, sender=self, dispatch_uid="activity.install_triggers")
        register(triggers.check_triggers, "database")
        register_converter(HiddenNumber, "hidden")
