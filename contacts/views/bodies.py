"""The bodies of a country: their tree, one with its seats, and what OCHA does with them."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import Country
from cmcoord.ui.pages import conflict, form_page, saved, say
from contacts import body_page, keepers, services, workflow
from contacts.body_forms import BodyForm, SeatForm, TakeForm
from contacts.models import Body, Seat, Sitting


@login_required
@never_cache
@require_GET
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies of the reader's countries as a tree."""
    countries = body_page.countries(request.user)
    if not countries:
        raise Http404
    trees = [(country, body_page.tree(request.user, country)) for country in countries]
    return render(request, "contacts/bodies.html", {"trees": trees, "opens": _opens_in(request.user) is not None})


@login_required
@never_cache
@require_GET
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: its seats, vacancies, place, and those that belong to it."""
    return render(request, "contacts/body.html", body_page.page(_found(request, pk), request.user))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new_body(request: HttpRequest) -> HttpResponse:
    """A body is proposed; it meets once the national unit says so."""
    country = _opens_in(request.user)
    if country is None:
        raise PermissionDenied(keepers.not_your_body())
    start = {"station": scope.base_station(request.user)}
    form = BodyForm(request.POST or None, country=country, back=reverse("contacts:bodies"), initial=start)
    if form.is_valid():
        try:
            found = services.open_body(by=request.user, **form.facts())
        except ValidationError as problem:
            say(form, problem)
        except PermissionDenied as refusal:
            form.add_error("station", str(refusal))
        else:
            messages.success(request, _("Proposed. The national unit lets it meet."))
            return redirect(found)
    context = {"form": form, "title": _("New body"), "back": (reverse("contacts:bodies"), _("Bodies"))}
    return form_page(request, "contacts/body_form.html", context, form)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def edit_body(request: HttpRequest, pk: int) -> HttpResponse:
    """Names, place, parent, cadence and switches."""
    row = _mine(request, _found(request, pk))
    url = row.get_absolute_url()
    form = BodyForm(request.POST or None, country=row.country, back=url, instance=row)
    if form.is_valid():
        try:
            services.change_body(row, by=request.user, **form.facts())
        except ValidationError as problem:
            say(form, problem)
        except PermissionDenied as refusal:
            form.add_error("station", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(url)
    context = {"form": form, "title": _("Change this body"), "back": (url, row.name)}
    return form_page(request, "contacts/body_form.html", context, form)


@login_required
@require_POST
def step_body(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of its life."""
    row = _mine(request, _found(request, pk))
    if step not in workflow.BY_NAME:
        raise Http404
    return _done(request, row, lambda: services.step_body(row, step, by=request.user))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """One more seat."""
    row = _mine(request, _found(request, pk))
    url = row.get_absolute_url()
    form = SeatForm(request.POST or None, back=url)
    if saved(request, form, partial(services.add_seat, row, by=request.user)):
        return redirect(url)
    context = {"form": form, "title": _("New seat"), "back": (url, row.name)}
    return form_page(request, "contacts/body_form.html", context, form)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def take_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Who takes a seat: organisation, post, designate."""
    seat = _seat(request, pk)
    url = seat.body.get_absolute_url()
    words = request.GET.get("q", "").strip()[:60]
    form = TakeForm(request.POST or None, seat=seat, back=url, words=words, initial={"starts": seat.body.country.today})
    if saved(request, form, partial(services.take_seat, seat, by=request.user)):
        return redirect(url)
    return form_page(request, "contacts/take_seat.html", {"form": form, "seat": seat, "words": words}, form)


@login_required
@require_POST
def close_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """The seat is no more."""
    seat = _seat(request, pk)
    return _done(request, seat.body, lambda: services.close_seat(seat, by=request.user))


@login_required
@require_POST
def leave_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Who sat in it does so no longer."""
    seats = Seat.objects.filter(body__in=keepers.bodies_of(request.user))
    row = Sitting.objects.filter(pk=pk, seat__in=seats).select_related("seat__body__country").first()
    if row is None:
        raise Http404
    _mine(request, row.seat.body)
    return _done(request, row.seat.body, lambda: services.leave_seat(row, by=request.user))


def _done(request: HttpRequest, row: Body, act) -> HttpResponse:
    try:
        act()
    except ValidationError as problem:
        return conflict(request, " ".join(problem.messages), back=row.get_absolute_url())
    messages.success(request, _("Saved."))
    return redirect(row)


def _opens_in(user) -> Country | None:
    """Where somebody proposes bodies: OCHA, in its own country."""
    codes = (grant.country for grant in scope.grants(user) if grant.perm == Perm.RECORD_FOR_OTHERS and grant.country)
    code = next(codes, None)
    return Country.objects.get(pk=code) if code and keepers.is_inside(user) else None


def _found(request: HttpRequest, pk: int) -> Body:
    """A body that this person reads; of all others nobody learns whether they exist."""
    row = keepers.bodies_of(request.user).with_seats().filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _seat(request: HttpRequest, pk: int) -> Seat:
    seats = Seat.objects.open().filter(body__in=keepers.bodies_of(request.user), pk=pk)
    seat = seats.select_related("body__country", "body__station").first()
    if seat is None:
        raise Http404
    _mine(request, seat.body)
    return seat


def _mine(request: HttpRequest, row: Body) -> Body:
    if not keepers.keeps_body(request.user, row):
        raise PermissionDenied(keepers.not_your_body())
    return row
