"""The app as Django knows it, and the site for reference data that only administrators open."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "cmcoord.accounts"
    verbose_name = _("Accounts")

    def ready(self):
        import_module("cmcoord.accounts.sessions")  # it listens to Django's signals of signing in and out


class PortalAdminConfig(admin.AdminConfig):
    default = False  # settings name it; the app itself is AccountsConfig
    default_site = "cmcoord.accounts.admin_site.PortalAdminSite"
