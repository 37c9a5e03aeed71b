"""The vehicles and the drivers that an organisation keeps for its convoys: read, written, removed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cmcoord.accounts.models import Organisation
from cmcoord.ui.pages import form_page
from contacts import keepers, services
from contacts.forms import CorrectDriverForm, CorrectVehicleForm, FleetDriverForm, FleetForm, FleetVehicleForm
from contacts.models import FleetDriver, FleetRow, FleetVehicle


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def vehicles(request: HttpRequest) -> HttpResponse:
    """The vehicles of the fleet, and one more."""
    return _fleet(request, FleetVehicleForm, "fleet:vehicles", "contacts/fleet_vehicles.html")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def drivers(request: HttpRequest) -> HttpResponse:
    """The drivers of the fleet, and one more; each reading is recorded."""
    return _fleet(request, FleetDriverForm, "fleet:drivers", "contacts/fleet_drivers.html")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def correct_vehicle(request: HttpRequest, pk: int) -> HttpResponse:
    """One vehicle, written anew."""
    return _corrected(request, CorrectVehicleForm, _row(request, FleetVehicle, pk), "fleet:vehicles")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def correct_driver(request: HttpRequest, pk: int) -> HttpResponse:
    """One driver, written anew; the page shows the name, so that opening it is recorded."""
    row = _row(request, FleetDriver, pk)
    if request.method == "GET":
        services.open_driver(row, by=request.user)
    return _corrected(request, CorrectDriverForm, row, "fleet:drivers")


@login_required
@require_POST
def remove_vehicle(request: HttpRequest, pk: int) -> HttpResponse:
    """One vehicle less."""
    return _removed(request, FleetVehicle, pk, "fleet:vehicles")


@login_required
@require_POST
def remove_driver(request: HttpRequest, pk: int) -> HttpResponse:
    """One driver less: name, paper and telephone are destroyed."""
    return _removed(request, FleetDriver, pk, "fleet:drivers")


def _fleet(request: HttpRequest, form_of: type[FleetForm], here: str, template: str) -> HttpResponse:
    fleets = keepers.fleets_of(request.user)
    if not fleets:
        raise PermissionDenied(keepers.not_your_fleet())
    form = form_of(request.POST or None, fleets=fleets)
    if form.is_valid():
        try:
            services.keep(form.model, by=request.user, rows=[form.row()], **form.fleet())
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect(here)
    context = {"form": form, "rows": _rows(request, form.model, fleets), "tabs": _tabs(here)}
    return form_page(request, template, context, form)


def _rows(request: HttpRequest, model: type[FleetRow], fleets: set[tuple[int, str]]) -> list[FleetRow]:
    """The rows of these fleets; of drivers each fleet is opened by a recorded act."""
    if model is FleetVehicle:
        return list(model.objects.of(fleets).select_related("organisation", "country"))
    owners = Organisation.objects.in_bulk({organisation for organisation, _country in fleets})
    return [
        row
        for organisation, country in sorted(fleets)
        for row in services.open_drivers(by=request.user, organisation=owners[organisation], country=country)
    ]


def _tabs(here: str) -> list[dict[str, object]]:
    named = (("fleet:vehicles", _("Vehicles")), ("fleet:drivers", _("Drivers")))
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in named]


def _removed(request: HttpRequest, model: type[FleetRow], pk: int, back: str) -> HttpResponse:
    """Of a row of another fleet nobody learns whether it exists."""
    services.remove(_row(request, model, pk), by=request.user)
    messages.success(request, _("Removed."))
    return redirect(back)


def _row(request: HttpRequest, model: type[FleetRow], pk: int) -> FleetRow:
    row = model.objects.of(keepers.fleets_of(request.user)).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _corrected(request: HttpRequest, form_of: type[FleetForm], row: FleetRow, back: str) -> HttpResponse:
    fleet = {(row.organisation_id, row.country_id)}
    form = form_of(request.POST if request.method == "POST" else None, fleets=fleet, row=row, back=reverse(back))
    if form.is_valid():
        try:
            services.correct(row, by=request.user, values=form.row())
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {"form": form, "label": _("Vehicles") if back == "fleet:vehicles" else _("Drivers"), "url": reverse(back)}
    return form_page(request, "contacts/fleet_row.html", context, form)
