"""Against what is the portal's speed measured? A plain list page and a plain form of the same installation.

Exists only with BENCH=1. The list: session, one indexed query with two joins, 25 rows of 7 cells in a page without
the portal's frame. The form: a ModelForm, one transaction, two inserts, a redirect.
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
from requests_app.models import Case


class FloorForm(forms.ModelForm):
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
    """One row and the line that it was made."""
    form = FloorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.instance.message_id = uuid.uuid4().hex
            row = form.save()
            Event.objects.create(
                stream="portal", kind="bench.create", by=request.user, subject_kind="bench", subject_id=row.pk
            )
        return redirect("bench_floor")
    return render(request, "bench/create_floor.html", {"form": form}, status=422 if form.is_bound else 200)


urlpatterns = [
    path("bench/floor/", floor, name="bench_floor"),
    path("bench/create/", create_floor, name="bench_create"),
]
