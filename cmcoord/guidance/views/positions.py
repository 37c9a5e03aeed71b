"""The common positions of the humanitarians of a country: read, entered, endorsed, ended. No other side opens them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Side
from cmcoord.guidance import positions
from cmcoord.guidance.forms import PositionForm
from cmcoord.guidance.models import CommonPosition
from cmcoord.guidance.services import countries_of
from cmcoord.places.models import Country
from cmcoord.ui.pages import conflict, form_page


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Those of one's countries, newest first; the national unit enters another one here."""
    if request.user.side != Side.HUMANITARIAN:
        raise Http404
    countries = Country.objects.filter(pk__in=scope.countries_for(request.user, Perm.ENTER_POSITION))
    if request.method == "POST" and not countries:
        raise PermissionDenied(_("Only the national unit of OCHA can do this."))
    form = PositionForm(request.POST or None, countries=countries) if countries else None
    if form is not None and form.is_valid():
        positions.enter(by=request.user, **form.cleaned_data)
        messages.success(request, _("Entered. It counts once the Humanitarian Coordinator has endorsed it."))
        return redirect("guidance:positions")
    rows = CommonPosition.objects.filter(country__in=countries_of(request.user))
    found = rows.select_related("country", "axis", "area", "endorsed_by")
    shown = [_line(request.user, row) for row in found if positions.may_read(request.user, row)]
    forms = [form] if form else []
    return form_page(request, "guidance/positions.html", {"rows": shown, "form": form}, *forms)


def _line(user, row: CommonPosition) -> dict:
    own = positions.may_endorse(user, row.country_id)
    today = row.country.today
    over = bool(row.valid_to and row.valid_to < today)
    return {
        "row": row,
        "over": over,
        "in_force": row.holds_on(today),
        "against": [label for code, label in CommonPosition.Against.choices if code in row.against],
        "endorses": own and row.endorsed_at is None and row.entered_by_id != user.pk,
        "ends": own and row.endorsed_at is not None and not row.valid_to and row.valid_from <= today,
    }


@login_required
@require_POST
def endorse(request: HttpRequest, pk: int) -> HttpResponse:
    """The Humanitarian Coordinator endorses one for the country team."""
    return _changed(request, pk, positions.endorse)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Today is its last day."""
    return _changed(request, pk, lambda row, by: positions.end(row, by=by, on=row.country.today))


def _changed(request: HttpRequest, pk: int, act) -> HttpResponse:
    row = CommonPosition.objects.select_related("country").filter(pk=pk).first()
    if row is None or request.user.side != Side.HUMANITARIAN or not positions.may_read(request.user, row):
        raise Http404
    try:
        act(row, by=request.user)
    except ValidationError as error:
        return conflict(request, " ".join(error.messages), back="/guidance/positions/")
    return redirect("guidance:positions")
