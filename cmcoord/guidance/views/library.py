"""The library of guidelines, to whose clauses every citation leads."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cmcoord.accounts.models import User
from cmcoord.activity import barrier
from cmcoord.guidance.clauses import LONGEST_QUERY, Clause, find, of_document
from cmcoord.guidance.documents import BY_CODE, Document
from cmcoord.guidance.models import ReadReceipt
from cmcoord.guidance.never_carried import CARD
from cmcoord.guidance.services import confirm_reading, countries_of, may_confirm


@dataclass(frozen=True)
class Entry:
    """A document as the library shows it to one reader."""

    document: Document
    clauses: list[Clause]
    compare: bool  # of a country in which the reader has no right
    review: bool
    over: bool


def _entry(document: Document, clauses: list[Clause], here: set[str]) -> Entry:
    today = timezone.localdate()
    return Entry(
        document=document,
        clauses=clauses,
        compare=bool(document.countries) and not here & set(document.countries),
        review=document.asks_for_review(today),
        over=document.is_over(today),
    )


@login_required
@require_safe
def clauses(request: HttpRequest) -> HttpResponse:
    """All documents with their clauses, those of one's own countries first; the same for every side."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    here = countries_of(request.user)
    entries = [_entry(document, found, here) for document, found in find(query)]
    entries.sort(key=lambda entry: entry.compare)
    return render(request, "guidance/clauses.html", {"entries": entries, "query": query})


@login_required
@require_safe
def never_carried(request: HttpRequest) -> HttpResponse:
    """The card of what may never be transported, the same for every side."""
    return render(request, "guidance/never_carried.html", {"card": CARD})


@login_required
@never_cache
@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:
    """One document: who signed it, since when, how much of it is known, and which organisations have read it."""
    found = _document(code)
    rows = ReadReceipt.objects.filter(document=found.code, version=found.version).select_related("organisation", "by")
    receipts = barrier.seen(request.user, rows)
    context = {
        "entry": _entry(found, of_document(found), countries_of(request.user)),
        "receipts": receipts,
        "own": next((row for row in receipts if row.organisation_id == request.user.organisation_id), None),
        "may_confirm": may_confirm(request.user, found),
        "counts": request.user.side == barrier.Side.HUMANITARIAN,
    }
    return render(request, "guidance/document.html", context)


@login_required
@require_POST
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """The organisation of this person has read the document."""
    found = _document(code)
    user: User = request.user
    confirm_reading(found, by=user)
    messages.success(request, _("It is recorded that %(name)s has read this version.") % {"name": user.organisation})
    return redirect("guidance:document", code=found.code)


def _document(code: str) -> Document:
    if code not in BY_CODE:
        raise Http404
    return BY_CODE[code]
