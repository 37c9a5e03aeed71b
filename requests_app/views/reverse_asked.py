"""The pages of reverse requests for a force: what it asked, a new one, one request with its answers, its own steps.

They read the force's own words and the frozen answers, never where the request stands on the humanitarian side.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cmcoord.accounts import kept_words, scope
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import Country
from cmcoord.ui import typed
from requests_app import reverse_page
from requests_app import reverse_workflow as workflow
from requests_app.forms.reverse import AskForm, StepForm
from requests_app.models import ReverseRequest
from requests_app.services.made import Refused
from requests_app.services.reversing import file_reverse, force_of, move_reverse, why_not_ask
from requests_app.views.reverse import key_of

NEW = "reverse-request"  # what the page of a new request is called in its keeper's token


def _countries(request: HttpRequest) -> list[Country]:
    """Where this person asks for a force; nobody else finds anything here."""
    codes = {grant.country for grant in scope.grants(request.user) if grant.perm == Perm.ASK_REVERSE}
    if not codes:
        raise Http404
    return list(Country.objects.filter(pk__in=codes))


@never_cache
@login_required
@require_safe
def asked_list(request: HttpRequest) -> HttpResponse:
    """Everything that the person's force asked."""
    _countries(request)
    before = key_of(request)
    rows, older = reverse_page.asked_rows(request.user, before)
    context = {"rows": rows, "older": f"?before={older}" if older else "", "newer": "?" if before else ""}
    return render(request, "requests_app/reverse_asked_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form; what is prohibited is refused as soon as it is sent."""
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, NEW)
    countries = _countries(request)
    why = [(country, why_not_ask(country)) for country in countries if force_of(request.user, country)]
    open_in = [country for country, sentence in why if not sentence]
    if not open_in:
        sentence = why[0][1] if why else _("Your force is not in the country on this day. Call OCHA.")
        return _off(request, countries, sentence)
    words = request.POST if request.method == "POST" else typed.kept(request)
    back = reverse_page.url_for("requests:reverse_asked_list")
    form = AskForm(words, countries=open_in, keeper=kept_words.token(request.user, NEW), back=back)
    if request.method == "GET" or not form.is_valid():
        return _form(request, form, 422 if request.method == "POST" else 200)
    try:
        reverse = file_reverse(by=request.user, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _form(request, form, 422)
    typed.forget(request)
    if not reverse.prohibited:
        messages.success(request, _("OCHA has your request."))
    return redirect(reverse.force_url)


def _form(request: HttpRequest, form: AskForm, status: int) -> HttpResponse:
    return render(request, "requests_app/reverse_ask.html", {"form": form}, status=status)


def _off(request: HttpRequest, countries: list[Country], sentence: str) -> HttpResponse:
    telephones = [each.national_unit_telephone for each in countries if each.national_unit_telephone]
    context = {"sentence": sentence, "telephones": telephones}
    return render(request, "requests_app/reverse_off.html", context, status=409 if request.method == "POST" else 200)


@never_cache
@login_required
@require_safe
def asked(request: HttpRequest, reference: str) -> HttpResponse:
    """One request as the force knows it."""
    reverse = _found(request, reference)
    found = reverse_page.asked(reverse, request.user)
    context = {
        "asked": found,
        "facts": reverse_page.facts(found.own),
        "answers": [reverse_page.answer_line(answer) for answer in reversed(found.answers)],
        "refused": found.kind == "refused",
        "acts": [
            {
                "label": workflow.LINES[code].label,
                "url": reverse_page.url_for("requests:reverse_asked_act", args=[reference, code]),
                "why": "" if code != "report" or reverse.starts_at <= timezone.now() else _("It has not begun yet."),
                "kind": "danger" if workflow.LINES[code].danger else "main",
            }
            for code in found.acts
        ],
        "telephone": reverse.station.telephone or reverse.country.national_unit_telephone,
    }
    return render(request, "requests_app/reverse_asked.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def asked_act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """The force withdraws, or says that it was carried out."""
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, reference)
    reverse = _found(request, reference)
    if act not in reverse_page.OWN_STEPS:
        raise Http404
    form = StepForm(request.POST or None, reverse=reverse, code=act, keeper=kept_words.token(request.user, reference))
    line = workflow.LINES[act]
    if request.method == "GET":
        if act not in reverse_page.asked(reverse, request.user).acts:
            return _too_late(request, reverse)
        context = {"own": reverse_page.asked(reverse, request.user).own, "line": line, "form": form}
        return render(request, "requests_app/reverse_asked_step.html", context)
    if not form.is_valid():
        return _too_late(request, reverse)
    try:
        move_reverse(reverse, act, by=request.user, **form.cleaned_data)
    except Refused as refused:
        if refused.kind == "right":
            raise Http404 from refused
        return _too_late(request, reverse)
    messages.success(request, _("OCHA was told."))
    return redirect(reverse.force_url)


def _found(request: HttpRequest, reference: str) -> ReverseRequest:
    """What the person's own force asked; anything else is absent."""
    rows = ReverseRequest.objects.asked_by(request.user)
    rows = rows.select_related("country", "station", "organisation", "owner").prefetch_related("answers", "moves")
    reverse = get_object_or_404(rows, force_reference=reference)
    timezone.activate(reverse.country.zone)
    return reverse


def _too_late(request: HttpRequest, reverse: ReverseRequest) -> HttpResponse:
    """Said without a word of how it stands: the page of the force says what the force knows."""
    why = _("This is not possible now.")
    return render(request, "requests_app/reverse_stopped.html", {"why": why, "back": reverse.force_url}, status=409)
