"""A duty station, the gaps of a country, the register of missing liaison, and who is who in the forces."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cmcoord.accounts import kept_words
from cmcoord.places.models import Country
from cmcoord.ui.pages import conflict, form_page, say
from contacts import body_page, coverage, keepers, place_page, services
from contacts.body_forms import LiaisonForm
from contacts.models import MissingLiaison


@login_required
@never_cache
@require_GET
def station(request: HttpRequest, code: str) -> HttpResponse:
    """One duty station: its bodies, its posts, what is open."""
    place = place_page.station_for(request.user, code)
    if place is None:
        raise Http404
    return render(request, "contacts/station.html", place_page.station(place, request.user))


@login_required
@never_cache
@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    """Where nobody is, in the reader's countries."""
    found = [
        {"country": country, "sections": coverage.sections(country), "freshness": coverage.freshness(country)}
        for country in _countries(request)
    ]
    return render(request, "contacts/gaps.html", {"countries": found})


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def liaison(request: HttpRequest) -> HttpResponse:
    """Where liaison is missing, and what became of it; OCHA writes it down."""
    countries = _countries(request)
    kept = next((country for country in countries if keepers.notes_liaison(request.user, country.pk)), None)
    if request.method == "POST" and kept is None:
        raise PermissionDenied(_("Missing liaison is written down by OCHA of the country."))
    form = LiaisonForm(request.POST or None, country=kept) if kept else None
    if form and form.is_valid():
        try:
            services.note_liaison(by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("contacts:liaison")
    rows = MissingLiaison.objects.filter(country__in=[country.pk for country in countries])
    rows = rows.select_related("country", "area", "force", "noted_by", "settled_by")
    context = {
        "form": form,
        "kept": kept.pk if kept else "",
        "open": list(rows.filter(settled_at=None)),
        "settled": list(rows.exclude(settled_at=None).order_by("-settled_at")[:50]),
    }
    return form_page(request, "contacts/liaison.html", context, *([form] if form else []))


@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """It is missing no more: what became of it."""
    there = keepers.countries_of(request.user) if keepers.is_inside(request.user) else ()
    row = MissingLiaison.objects.filter(pk=pk, country__in=there).first()
    if row is None:
        raise Http404
    try:
        services.settle_liaison(row, by=request.user, outcome=request.POST.get("outcome", "")[:300])
    except ValidationError as problem:
        return conflict(request, " ".join(problem.messages), back=reverse("contacts:liaison"))
    messages.success(request, _("Saved."))
    return redirect("contacts:liaison")


@login_required
@never_cache
@require_GET
def forces(request: HttpRequest) -> HttpResponse:
    """Who is who in the forces of the reader's countries, how a request is phrased, and how long an answer takes."""
    context = {
        "countries": [place_page.forces(country, request.user) for country in _countries(request)],
        "levels": place_page.LEVELS,
        "branches": place_page.BRANCHES,
        "others": place_page.OTHERS,
        "phrasing": place_page.PHRASING,
        "registers": keepers.registers_of(request.user),
    }
    return render(request, "contacts/forces.html", context)


def _countries(request: HttpRequest) -> list[Country]:
    """For the humanitarians who work there; nobody else learns that there is such a page."""
    found = body_page.countries(request.user) if keepers.is_inside(request.user) else []
    if not found:
        raise Http404
    return found
