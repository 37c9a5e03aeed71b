"""The app as Django knows it."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "cmcoord.meetings"
    verbose_name = _("Meetings")

    def ready(self):
        import_module("cmcoord.meetings.mails")  # it attaches the entries for calendars
        import_module("cmcoord.meetings.minutes_mails")  # and released minutes as a paper
        import_module("cmcoord.meetings.services.owning")  # and tells who takes a post over of its points
