"""Who may open the site for reference data? Administrators, by their appointment; no flag of an account counts."""

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts.roles import Perm


class PortalAdminSite(AdminSite):
    site_header = site_title = gettext_lazy("Reference data")
    index_title = gettext_lazy("Places and organisations")
    site_url = "/"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """Only what the portal declares as reference data; accounts, groups and second factors stay out."""
        if getattr(admin_class, "is_reference", False):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request):
        return request.user.is_active and request.user.has_perm(Perm.MANAGE_ACCOUNTS)

    def login(self, request, extra_context=None):
        """Sign-in is the portal's own; somebody who is signed in and has no right is told so."""
        if request.user.is_authenticated:
            raise PermissionDenied(_("Only a portal administrator can do this."))
        return redirect(f"/account/login/?{urlencode({'next': request.GET.get('next', '/admin/')})}")
