"""The page that a mail leads to: one button, or what may be shared. Nobody signs in for it; only its POST acts."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cmcoord.ui.pages import form_page
from contacts import links, services
from contacts.forms import ConsentForm
from contacts.models import CheckIn, Person


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, word: str) -> HttpResponse:
    """What the signed word opens; 410 when it opens nothing any more."""
    opened = links.opened_by(word)
    if opened is None:
        return _closed(request)
    return _confirm(request, opened) if opened.holding else _consent(request, opened)


def _confirm(request: HttpRequest, opened: links.Opened) -> HttpResponse:
    if request.method == "POST":
        try:
            services.check_in(opened.holding, by=None, how=CheckIn.How.LINK)
        except ValidationError:
            return _closed(request)
    return render(
        request,
        "contacts/link.html",
        {"holding": opened.holding, "done": request.method == "POST", "hide_sign_in": True},
    )


def _consent(request: HttpRequest, opened: links.Opened) -> HttpResponse:
    """The person's own word; closed where they became one with somebody else at this very moment."""
    try:
        return _answer(request, opened.person)
    except ValidationError:
        return _closed(request)


def _answer(request: HttpRequest, person: Person) -> HttpResponse:
    if "nothing" in request.POST:
        services.withdraw(person, by=None, by_link=True)
        return render(request, "contacts/link.html", {"person": person, "done": True, "hide_sign_in": True})
    form = ConsentForm(request.POST or None, person=person)
    if form.is_valid():
        services.answer_consent(person, by=None, by_link=True, **form.said())
        return render(request, "contacts/link.html", {"person": person, "done": True, "hide_sign_in": True})
    return form_page(request, "contacts/link.html", {"person": person, "form": form, "hide_sign_in": True}, form)


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "contacts/link.html", {"closed": True, "hide_sign_in": True}, status=410)
