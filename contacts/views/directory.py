"""The directory: whom do I call, who is found; the page of duty telephones; what is taken away."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cmcoord.accounts import limits, scope
from cmcoord.places.models import Country
from cmcoord.ui.downloads import file_download
from cmcoord.ui.pages import form_page
from contacts import calling, finding, keepers, shown
from contacts.directory_forms import FindForm, TakeForm
from contacts.entries import entries, eyes_of
from contacts.finding import Cursor
from contacts.services import taking

LISTED = 25  # files on the page of what one took


@login_required
@never_cache
@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    """By words, station and role; without any of them, whom to call at each station."""
    countries = _countries(request)
    form = FindForm(request.GET, stations=_stations(request, countries))
    understood = form.is_valid()
    asked = form.asked()
    context = {
        "form": form,
        "filtered": bool(asked),
        "keeps": keepers.keeps_something(request.user),
        "inside": keepers.is_inside(request.user),
    }
    if asked:
        wanted = request.GET.get("page", "")
        cursor = Cursor.read(wanted) if wanted else None
        page = finding.page_for(request.user, asked, cursor=cursor)
        context |= {
            "entries": entries(page.posts, eyes_of(request.user)),
            "meant": page.meant,
            "newer": _address(request, page.newer, page.meant),
            "older": _address(request, page.older, page.meant),
            "lost_page": bool(wanted) and cursor is None,
        }
    else:
        context["boards"] = [board for country in countries for board in calling.boards(country, request.user)]
    return render(request, "contacts/directory.html", context, status=200 if understood else 422)


@login_required
@never_cache
@require_GET
def duty(request: HttpRequest) -> HttpResponse:
    """The duty telephones, small and without a frame: the browser keeps this page for when there is no network."""
    countries = _countries(request)
    posts = calling.duty_posts(request.user)
    places = []
    for country in countries:
        stations = [
            {
                "name": station.name,
                "telephone": station.telephone,
                "posts": [one for one in posts if one.station_code == station.code],
            }
            for station in _stations(request, [country])
        ]
        places.append({"country": country, "stations": [one for one in stations if one["telephone"] or one["posts"]]})
    return render(request, "contacts/duty.html", {"places": places, "now": timezone.now()})


@require_GET
def duty_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps that page; it stands under the address of the page, because it may keep nothing else."""
    content = Path(finders.find("duty-worker.js")).read_bytes()
    return HttpResponse(content, content_type="text/javascript; charset=utf-8")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """What the directory shows for the filters of this address, to take away; and what this person took before."""
    countries = _countries(request)
    filters = FindForm(request.GET, stations=_stations(request, countries))
    filters.is_valid()
    form = TakeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if limits.count("export", str(request.user.pk)) > limits.LIMITS["export"].most:
            return render(request, "429.html", status=429)
        wanted = request.POST.get("format", "")
        try:
            taken = taking.take(
                by=request.user, asked=filters.asked(), form=wanted if wanted in taking.TABLES else "xlsx",
                **form.cleaned_data,
            )  # fmt: skip
        except taking.TooMany:
            form.add_error(None, _("More lines fit than one file of this kind holds: choose less first."))
        except taking.NeedsReason:
            form.add_error(
                "reason", _("This file holds duty telephones or mailboxes: say in a sentence what it is for.")
            )
        else:
            return file_download(BytesIO(taken.content), taken.name, taken.content_type)
    context = {
        "form": form,
        "countries": countries,
        "filters": _said(filters),
        "mine": taking.taken_by(request.user, LISTED),
    }
    return form_page(request, "contacts/exports.html", context, form)


@login_required
@require_POST
def flyer(request: HttpRequest, country: str, language: str) -> HttpResponse:
    """The printed flyer of a country where this person works."""
    found = next((one for one in _countries(request) if one.pk == country), None)
    if found is None or language not in ("en", "fr"):
        raise Http404
    if limits.count("export", str(request.user.pk)) > limits.LIMITS["export"].most:
        return render(request, "429.html", status=429)
    taken = taking.take_flyer(found, by=request.user, language=language)
    return file_download(BytesIO(taken.content), taken.name, taken.content_type)


def _countries(request: HttpRequest) -> list[Country]:
    """Where this person reads the directory; nobody else learns that there is one."""
    if shown.reads_in(request.user) is None:
        raise Http404
    return keepers.countries_read(request.user)


def _stations(request: HttpRequest, countries: list[Country]) -> list[scope.Station]:
    codes = {country.pk for country in countries}
    return [station for station in scope.active_stations(request.user) if station.country in codes]


def _address(request: HttpRequest, cursor: str, meant: str) -> str:
    """Of the page beside this one; what was meant in place of what was written is asked for from there on."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query["page"] = cursor
    if meant:
        query["q"] = meant
    return f"?{query.urlencode()}"


def _said(filters: FindForm) -> list[str]:
    """The filters in words, so that nobody takes more or less than they think."""
    values = getattr(filters, "cleaned_data", {})
    role = dict(filters.fields["role"].choices).get(values.get("role", ""), "") if values.get("role") else ""
    return [str(part) for part in (values.get("q"), filters.station and filters.station.name, role) if part]
