"""Past requests from a list: the template, the upload, the preview, and the one button that takes them over."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cmcoord.places.models import Country
from cmcoord.ui.downloads import template_download
from cmcoord.ui.pages import conflict, form_page
from requests_app import services
from requests_app.forms.importing import AgreeForm, UploadForm
from requests_app.importing.columns import COLUMNS, OUTCOMES
from requests_app.importing.preview import SHOWN
from requests_app.models import ImportFile, Status
from requests_app.services import Refused
from requests_app.services.importing import country_of


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a list; what it would bring is shown next."""
    country = _country(request)
    form = UploadForm(request.POST or None, request.FILES or None, country=country)
    if request.method == "POST" and form.is_valid():
        try:
            kept = services.keep_for_preview(
                by=request.user, station=form.cleaned_data["station"], name=form.name,
                content=form.cleaned_data["file"].read(),
            )  # fmt: skip
        except ValidationError as problem:
            form.add_error("file", problem)
        else:
            return redirect("requests:import_look", kept.pk)
    context = {"form": form, "columns": COLUMNS, "outcomes": [Status(code).label for code in OUTCOMES]}
    return form_page(request, "requests_app/import.html", context, form)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What the list would bring; agreeing takes it over."""
    _country(request, hidden=True)
    kept = get_object_or_404(ImportFile.objects.select_related("country"), pk=pk, by=request.user)
    if kept.agreed_at:
        return conflict(request, _("This file was taken over already."), back=reverse("requests:list"))
    found = services.preview_of(kept)
    form = AgreeForm(request.POST if request.method == "POST" else None, alike=len(found.alike))
    if request.method == "POST" and form.is_valid():
        try:
            count = services.import_past(kept, by=request.user, alike_too=form.cleaned_data.get("alike_too", False))
        except Refused as refused:
            if refused.kind == "state":
                return conflict(request, refused.sentence, back=reverse("requests:list"))
            form.add_error(None, refused.sentence)
        else:
            done = ngettext("%(count)d past request was taken over.", "%(count)d past requests were taken over.", count)
            messages.success(request, done % {"count": count})
            return redirect("requests:list")
    context = {
        "kept": kept,
        "found": found,
        "wrong": found.wrong[:SHOWN],
        "rows": found.fresh[:SHOWN],
        "alike": found.alike[:SHOWN],
        "form": form,
        "possible": not found.wrong and bool(found.fresh or found.alike),
        "outcomes": {code: Status(code).label for code in OUTCOMES},
    }
    return form_page(request, "requests_app/import_look.html", context, form)


@login_required
@require_GET
def template(request: HttpRequest, form: str) -> HttpResponse:
    """An empty list with the headings in the reader's language."""
    _country(request)
    headings = [(str(column.heading), column.required) for column in COLUMNS]
    words = ", ".join(str(Status(code).label) for code in OUTCOMES)
    try:
        return template_download(form, "past-requests", _("Past requests"), headings, [(_("Result"), words)])
    except KeyError:
        raise Http404 from None


def _country(request: HttpRequest, *, hidden: bool = False) -> Country:
    country = country_of(request.user)
    if country is None:
        if hidden:
            raise Http404
        raise PermissionDenied(_("Only %(who)s can do this.") % {"who": _("the national unit of OCHA")})
    return country
