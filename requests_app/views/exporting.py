"""The register as a file: what it will hold is said before, and what was taken is written down."""

from __future__ import annotations

from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cmcoord.accounts import limits
from cmcoord.ui.downloads import file_download
from cmcoord.ui.pages import form_page
from requests_app import exports, listing
from requests_app.forms.exporting import ExportForm
from requests_app.forms.register import RegisterForm
from requests_app.views.register import stations_to_choose
from requests_app.visibility import is_humanitarian


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """What the register shows for the filters of this address, to take away."""
    if not is_humanitarian(request.user):
        raise PermissionDenied(_("The register of requests is for the humanitarian side."))
    filters = RegisterForm(request.GET, stations=stations_to_choose(request.user))
    filters.is_valid()
    asked = filters.asked()
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if limits.count("export", str(request.user.pk)) > limits.LIMITS["export"].most:
            return render(request, "429.html", status=429)
        wanted = request.POST.get("format", "")
        try:
            found = exports.export_register(
                by=request.user, asked=asked, form=wanted if wanted in exports.FORMATS else "xlsx", **form.cleaned_data
            )
        except exports.TooMany:
            form.add_error(None, _("More than %(count)s requests fit: choose less first.") % {"count": exports.MOST})
        else:
            return file_download(BytesIO(found.content), found.name, found.content_type)
    context = {"form": form, "count": listing.page_for(request.user, **asked, size=1).count}
    return form_page(request, "requests_app/export.html", context, form)
