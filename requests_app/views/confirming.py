"""Confirming what OCHA filed: the pages of OCHA, and the page that an organisation without an account opens."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cmcoord.accounts import limits, scope
from cmcoord.accounts.roles import Perm
from cmcoord.ui.pages import conflict
from requests_app import case_page, dossier, filed_for, services
from requests_app.forms.confirming import AskForm, CallForm, CorrectForm, SecretForm
from requests_app.issuing import codes
from requests_app.models import Case, ConfirmationLink
from requests_app.services import Refused
from requests_app.services.confirming import why_not_ask


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirmation(request: HttpRequest, reference: str) -> HttpResponse:
    """For OCHA: ask the organisation by a link or a code, or write down its call."""
    case = case_page.find(reference, request.user)
    if case is None:
        raise Http404
    dossier.read(case)
    filing = filed_for.filing_of(case)
    if filing is None:
        raise Http404
    now = timezone.now()
    act = request.POST.get("act", "") if request.method == "POST" else ""
    ask = AskForm(request.POST if act == "ask" else None, initial={"language": case.language})
    call = CallForm(
        request.POST if act == "call" else None, zone=case.country.zone, now=now, function=filing.person_function
    )
    if why := why_not_ask(case, filing, request.user):
        if filing.confirmed_at and request.method == "GET":
            return redirect(case)
        if filing.confirmed_at:
            return conflict(request, why, back=case.get_absolute_url())
        raise PermissionDenied(why)
    context: dict[str, Any] = {"case": case, "zone": case.country.timezone, "ask": ask, "call": call}
    form: Any = {"ask": ask, "call": call}.get(act)
    if form is not None and form.is_valid():
        try:
            if act == "ask":
                return _asked(request, case, ask, context)
            services.log_call(case, by=request.user, now=now, **call.facts())
        except Refused as refused:
            if refused.kind == "state":
                return conflict(request, refused.sentence, back=case.get_absolute_url())
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Written down."))
            return redirect(case)
    context["standing"] = filed_for.standing(case)
    context["open_link"] = ConfirmationLink.objects.usable(now).filter(case=case).first()
    status = 422 if request.method == "POST" else 200
    return render(request, "requests_app/confirmation.html", context, status=status)


def _asked(request: HttpRequest, case: Case, ask: AskForm, context: dict[str, Any]) -> HttpResponse:
    if limits.count("ask_confirmation", str(request.user.pk)) > limits.LIMITS["ask_confirmation"].most:
        return render(request, "429.html", status=429)
    handed = services.ask_to_confirm(case, by=request.user, **ask.cleaned_data)
    if handed.link.address:
        messages.success(request, _("The link is on its way to %(address)s.") % {"address": handed.link.address})
        return redirect(case)
    page = settings.PORTAL_URL + reverse("requests:confirm_code")
    context |= {"code": codes.shown(handed.secret), "link": handed.link, "page": page}
    return render(request, "requests_app/confirmation_code.html", context)


# ── without an account ───────────────────────────────────────────────────────────────────────────────────────────────


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def with_code(request: HttpRequest) -> HttpResponse:
    """Where somebody types the code that OCHA read out, and answers. It stands in no address, since logs keep those.

    Codes are counted, since they can be guessed. A right one tells nothing either once there were too many wrong ones.
    """
    form = SecretForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "requests_app/confirm_code.html", {"form": form, "hide_sign_in": True}, status=status)
    address = get_adapter(request).get_client_ip(request)
    if limits.is_used_up("confirmation", address) or limits.is_used_up("every_confirmation", ""):
        return render(request, "429.html", status=429)
    code = codes.read(form.cleaned_data["code"])
    link = services.link_of(code, timezone.now()) if code else None
    if link is None:
        if code:
            limits.count("confirmation", address)
            limits.count("every_confirmation", "")
        return _nothing(request)
    return _asks(request, code, link, answers="choice" in request.POST, code=code)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """What the organisation itself said, and one button for each answer. Opening it does nothing.

    Nobody guesses a link, and whoever floods the portal bars none. A code in its place opens nothing.
    """
    link = None if codes.read(secret) else services.link_of(secret, timezone.now())
    if link is None:
        return _nothing(request)
    return _asks(request, secret, link, answers=request.method == "POST")


def _asks(request: HttpRequest, secret: str, link: ConfirmationLink, *, answers: bool, code: str = "") -> HttpResponse:
    """The words with both answers, or what became of the answer; a typed `code` goes along with the next one."""
    with translation.override(link.language), timezone.override(link.case.country.zone):
        form = CorrectForm(request.POST if request.POST.get("choice") == "no" else None, code=code)
        if answers:
            _check_not_ocha(request, link)
            return _answered(request, secret, link, form)
        return _words(request, link, form)


def _check_not_ocha(request: HttpRequest, link: ConfirmationLink) -> None:
    """Whoever tries the link or the code while signed in must not answer for the organisation by a tap."""
    if request.user.is_authenticated and scope.grant_for(request.user, Perm.RECORD_FOR_OTHERS, link.case):
        raise PermissionDenied(_("The organisation answers here, not OCHA. If it called you, write the call down."))


def _answered(request: HttpRequest, secret: str, link: ConfirmationLink, form: CorrectForm) -> HttpResponse:
    agrees = request.POST.get("choice") == "yes"
    if not agrees and not form.is_valid():
        return _words(request, link, form, status=422)
    text = "" if agrees else form.cleaned_data["text"]
    try:
        answer = services.answer_by_link(secret, agrees=agrees, seen=request.POST.get("seen", ""), text=text)
    except Refused as refused:
        return _words(request, link, form, sentence=refused.sentence, status=409)
    if answer is None:
        return _nothing(request)
    return render(request, "requests_app/confirmed.html", {"agrees": agrees, "case": link.case, "hide_sign_in": True})


def _words(
    request: HttpRequest, link: ConfirmationLink, form: CorrectForm, *, sentence: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "case": link.case,
        "record": link.record,
        "zone": link.case.country.timezone,
        "words": filed_for.words_of(link.case, link.language),
        "form": form,
        "sentence": sentence,
        "expires_at": link.expires_at,
        "hide_sign_in": True,
    }
    return render(request, "requests_app/confirm.html", context, status=status)


def _nothing(request: HttpRequest) -> HttpResponse:
    """One page for what was never there, what is used, and what ran out."""
    return render(request, "requests_app/confirm_closed.html", {"hide_sign_in": True}, status=410)
