"""The register: every request that a person may see, filtered, sorted, searched, page by page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import DutyStation
from requests_app import listing
from requests_app.forms.register import RegisterForm
from requests_app.rows import rows_of
from requests_app.visibility import is_humanitarian


@login_required
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """One page of the register. Six queries whatever is asked, with those of the session and the frame."""
    if not is_humanitarian(request.user):
        raise PermissionDenied(_("The register of requests is for the humanitarian side."))
    form = RegisterForm(request.GET, stations=stations_to_choose(request.user))
    understood = form.is_valid()
    asked = form.asked()
    wanted = request.GET.get("page", "")
    cursor = listing.read_cursor(wanted, asked["sort"])
    page = listing.page_for(request.user, **asked, cursor=cursor)
    context = {
        "form": form,
        "filtered": any(value not in (None, "", "new") for value in asked.values()),
        "rows": rows_of(page.rows, request.user),
        "count": page.count,
        "newer": _address(request, page.newer),
        "older": _address(request, page.older),
        "by_due": asked["sort"] == "due",
        "lost_page": bool(wanted) and cursor is None,
        "may_join": any(grant.perm == Perm.FILE_CASE for grant in scope.grants(request.user)),
        "may_import": any(grant.perm == Perm.CLEAR_CASE for grant in scope.grants(request.user)),
        "may_file": any(grant.perm in (Perm.FILE_CASE, Perm.RECORD_FOR_OTHERS) for grant in scope.grants(request.user)),
    }
    return render(request, "requests_app/register.html", context, status=200 if understood else 422)


def stations_to_choose(user) -> list[tuple[int, str]]:
    """The stations of the countries where this person works. Who works at one station sees what touches that one."""
    if scope.stations_for(user, Perm.REVIEW_CASE):
        return []
    countries = {grant.country for grant in scope.grants(user) if grant.country}
    if not countries:
        return []
    return list(DutyStation.objects.filter(country__in=countries).order_by("name").values_list("pk", "name"))


def _address(request: HttpRequest, cursor: str) -> str:
    """This page's address with the same filters, at another place; empty when there is no such page."""
    kept = [(name, value) for name, value in request.GET.items() if name in RegisterForm.base_fields and value]
    return f"?{urlencode([*kept, ('page', cursor)])}" if cursor else ""
