"""What have the pages of a request and of its sheet in common while somebody writes on them?

Somebody else may have saved meanwhile, or the request may have gone on: nothing that was typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from cmcoord.accounts import kept_words
from cmcoord.activity.models import Event
from cmcoord.ui.pages import conflict
from requests_app import services
from requests_app.models import Case


def visible(request: HttpRequest, reference: str) -> Case:
    names = ("country", "profile", "station__country", "organisation", "created_by", "origin", "destination", "axis",
             "area", "force__organisation")  # fmt: skip
    return get_object_or_404(Case.objects.visible_to(request.user).select_related(*names), reference=reference)


def changes_since(request: HttpRequest, version: int) -> int:
    """How many changes led to this version since the page was made; 0 when it does not say."""
    since = request.POST.get("base_version", "")
    return version - int(since) if since.isascii() and since.isdigit() and len(since) < 9 else 0


def opened_page(request: HttpRequest) -> str:
    """The name that the form gave to this opened page; it goes into the trail, so nothing else may stand in it."""
    return "".join(sign for sign in request.POST.get("page", "") if sign.isalnum())[:12]


def own_autosave(request: HttpRequest, case: Case, *, version: int, kind: str) -> bool:
    """On a slow line the button may overtake the autosave of its own page: that is nobody else's version."""
    if "X-Autosave" in request.headers:
        return False
    count = changes_since(request, version)
    return services.written_by_page(case, opened_page(request), count=count, by=request.user, kind=kind)


def both_versions(request: HttpRequest, form, differing, *, url: str, version: int, kind: str) -> HttpResponse:
    """409: what I typed and what somebody saved meanwhile, answer by answer; nothing is lost."""
    if "X-Autosave" in request.headers:
        return JsonResponse({}, status=409)
    case = form.case
    last = (
        Event.objects.about(case).filter(kind__in=(kind, "case.take_over")).select_related("by").order_by("-id").first()
    )
    own = ("csrfmiddlewaretoken", "base_version", "marks", "keeper")
    context = {
        "case": case,
        "who": last.by if last else None,
        "mine_too": bool(last and last.by == request.user),
        "taken_over": bool(last and last.kind == "case.take_over"),
        "at": last.at if last else case.updated_at,
        "pairs": [
            {
                "field": each.field,
                "label": each.question.label,
                "mine": form.in_words(each.field, each.mine),
                "theirs": form.in_words(each.field, each.theirs),
                "mine_is_new": each.mine_is_new,
            }
            for each in differing
        ],
        "typed": [
            (name, value)
            for name in request.POST
            if name not in own and not name.startswith("keep-")
            for value in request.POST.getlist(name)
        ],
        "base_version": version,
        "marks": form.marks_now(),
        "keeper": kept_words.token(request.user, case.reference),
        "url": url,
        "zone": case.country.timezone,
    }
    return render(request, "requests_app/both_versions.html", context, status=409)


def too_late(request: HttpRequest, case: Case, refused, bound: Callable) -> HttpResponse:
    """This page can no longer be written on by this person: the sentence, and their words to copy.

    `bound` makes the form with what was sent.
    """
    if refused.kind != "state":
        raise PermissionDenied(refused.sentence)
    if request.method != "POST":
        return conflict(request, refused.sentence, back=case.get_absolute_url())
    form = bound(request.POST)
    now_typed, stands = form.typed(), form.stands()
    words = [
        (question.label, form.in_words(question.field, now_typed[question.field]))
        for question in form.asked
        if question.field in now_typed and now_typed[question.field] != stands[question.field]
    ]
    return words_to_copy(request, case, refused.sentence, words)


def words_to_copy(request: HttpRequest, case: Case, sentence: str, words: list[tuple]) -> HttpResponse:
    context = {"case": case, "sentence": sentence, "words": words}
    return render(request, "requests_app/too_late.html", context, status=409)
