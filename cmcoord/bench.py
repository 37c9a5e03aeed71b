"""Against what is the portal's speed measured? Plain pages of the same installation, as Django offers them.

Exists only with BENCH=1. The list: session, one indexed query with two joins, 25 rows of 7 cells in a page without
the portal's frame. The form: a ModelForm with the questions of a request, one transaction, two inserts, a redirect.
The smallest form: the same with four short fields of a small table.
"""

from __future__ import annotations

import uuid

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from cmcoord.activity.models import DemoMail, Event
from cmcoord.places.models import DutyStation
from requests_app.models import Case


class PlainForm(forms.ModelForm):
    """The questions of the short form, without rules, moves, people told or trail."""

    class Meta:
        model = Case
        fields = [
            "urgency", "need", "people", "critical_by", "origin", "destination", "axis", "departure_at", "window_to",
            "rotations", "vehicles", "cargo", "no_weapons", "un_on_board", "force", "why_safer", "neutrality",
            "risks", "mitigation", "exit_plan",
        ]  # fmt: skip


class SmallForm(forms.ModelForm):
    class Meta:
        model = DemoMail
        fields = ["address", "subject", "text", "html"]


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    """25 rows of one organisation, newest first."""
    cases = Case.objects.filter(organisation=request.user.organisation_id).select_related("organisation", "station")
    return render(request, "bench/floor.html", {"cases": cases.order_by("-created_at", "-id")[:25]})


@login_required
def create_floor(request: HttpRequest) -> HttpResponse:
    """One request and the line that it was made."""
    form = PlainForm(request.POST or None)
    if request.method == "POST":
        station = DutyStation.objects.get(code="bria")
        form.instance.reference = f"B-{uuid.uuid4().hex[:20]}"
        form.instance.station, form.instance.country_id = station, station.country_id
        form.instance.profile_id = int(request.POST["profile"])
        form.instance.request_type, form.instance.created_by = "AE", request.user
        form.instance.organisation_id = request.user.organisation_id
    return _saved(request, form)


@login_required
def create_small(request: HttpRequest) -> HttpResponse:
    """One small row and the line that it was made."""
    form = SmallForm(request.POST or None)
    form.instance.message_id = uuid.uuid4().hex
    return _saved(request, form)


def _saved(request: HttpRequest, form: forms.ModelForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            row = form.save()
            Event.objects.create(
                stream="portal", kind="bench.create", by=request.user, subject_kind="bench", subject_id=row.pk
            )
        return redirect("bench_floor")
    return render(request, "bench/create_floor.html", {"form": form}, status=422 if form.is_bound else 200)


urlpatterns = [
    path("bench/floor/", floor, name="bench_floor"),
    path("bench/create/", create_floor, name="bench_create"),
    path("bench/create-small/", create_small, name="bench_create_small"),
]
