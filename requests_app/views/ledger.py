"""The release ledger: everything that reached a force, for OCHA and the Humanitarian Coordinator alone."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from requests_app import ledger
from requests_app.forms.ledger import LedgerForm

LONGEST_KEY = 18


@never_cache
@login_required
@require_GET
def releases(request: HttpRequest) -> HttpResponse:
    """One page of the ledger, newest first. Six queries, with those of the session and the frame."""
    if not ledger.may_read(request.user):
        raise Http404
    form = LedgerForm(request.GET, forces=ledger.forces_to_choose(request.user))
    understood = form.is_valid()
    asked = form.asked()
    key = request.GET.get("before", "")
    page = ledger.page_for(request.user, **asked, before=int(key) if key.isdecimal() and len(key) <= LONGEST_KEY else 0)
    kept = [(name, value) for name, value in request.GET.items() if name in LedgerForm.base_fields and value]
    context = {
        "form": form,
        "filtered": any(asked.values()),
        "lines": [ledger.line_of(row) for row in page.rows],
        "count": page.count,
        "older": f"?{urlencode([*kept, ('before', page.older)])}" if page.older else "",
        "newer": f"?{urlencode(kept)}" if key else "",
    }
    return render(request, "requests_app/releases.html", context, status=200 if understood else 422)
