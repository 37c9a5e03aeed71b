"""Minutes are signed, objected to, adopted, released and corrected.

What makes them final, and what sends them out, needs a fresh proof.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cmcoord.accounts import kept_words, stepup
from cmcoord.meetings import chairs, minutes_page, releasing, services, signing
from cmcoord.meetings.minutes_forms import AddendumForm, AdoptForm, ObjectForm, ReleaseForm, SignForm
from cmcoord.meetings.models import Minutes
from cmcoord.meetings.services import writing
from cmcoord.meetings.views.minutes import minutes_of, sent
from cmcoord.ui.pages import conflict, form_page, say


@login_required
@never_cache
@stepup.required
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The whole text, its digest, and one button: the same text for both chairs."""
    row = _of_chair(request, uid)
    form = SignForm(sent(request), of=row.digest)
    why = signing.why_not_sign(request.user, row)
    if request.method == "POST" and why:
        return conflict(request, why, back=row.get_absolute_url())
    if form.is_valid():
        try:
            services.sign_minutes(
                row, by=request.user, digest=form.cleaned_data["digest"], proved_at=stepup.proven_at(request)
            )
        except ValidationError as problem:
            return conflict(request, " ".join(problem.messages), back=request.path)
        final = minutes_of(request, uid).is_final
        messages.success(request, _("Signed: the minutes are final.") if final else _("Signed."))
        return redirect(row)
    whole = minutes_page.find(row.meeting, request.user)
    context = minutes_page.page(whole, request.user, row.language) | {"form": form, "why": why}
    return form_page(request, "meetings/minutes_sign.html", context, form)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A chair writes down what they do not agree with."""
    row = _of_chair(request, uid)
    if row.is_final:
        return conflict(request, writing.already_final(), back=row.get_absolute_url())
    form = ObjectForm(sent(request), back=row.get_absolute_url(), of=row.digest)
    if form.is_valid():
        try:
            services.object_to_minutes(row, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            words = [(str(form.fields["text"].label), form.cleaned_data["text"])]
            return conflict(request, " ".join(problem.messages), back=request.path, typed=words)
        messages.success(request, _("The objection is recorded."))
        return redirect(row)
    return _form(request, row, form, _("Objection to the minutes"))


@login_required
@never_cache
@stepup.required
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A chair records that a later meeting adopted the text; the other one confirms it."""
    row = _of_chair(request, uid)
    meetings = signing.adopters_of(row)
    if row.is_final or not meetings:
        why = writing.already_final() if row.is_final else _("No later meeting of this body was held yet.")
        return conflict(request, why, back=row.get_absolute_url())
    back = row.get_absolute_url()
    before = signing.adoptions_of(row)
    start = {"by_meeting": str(before[-1].by_meeting.uid)} if before else {}
    form = AdoptForm(sent(request), of=row.digest, meetings=meetings, back=back, initial=start)
    if form.is_valid():
        try:
            services.adopt_minutes(
                row, by=request.user, digest=form.cleaned_data["digest"], by_meeting=form.chosen(),
                proved_at=stepup.proven_at(request),
            )  # fmt: skip
        except ValidationError as problem:
            return conflict(request, " ".join(problem.messages), back=back)
        final = minutes_of(request, uid).is_final
        said = _("Adopted: the minutes are final.") if final else _("Recorded: the other chair confirms it.")
        messages.success(request, said)
        return redirect(row)
    return _form(request, row, form, _("Adoption by a later meeting"))


@login_required
@never_cache
@stepup.required
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, uid: UUID) -> HttpResponse:
    """OCHA sends final minutes as PDF to listed members who have no account."""
    row = minutes_of(request, uid)
    if refused := releasing.why_not(request.user, row):
        if not releasing.may(request.user, row):
            raise PermissionDenied(refused)
        return conflict(request, refused, back=row.get_absolute_url())
    addressees = releasing.addressees(row.meeting)
    form = ReleaseForm(sent(request), addressees=addressees, back=row.get_absolute_url())
    if form.is_valid():
        try:
            services.release_minutes(row, by=request.user, addresses=form.cleaned_data["addresses"])
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Released."))
            return redirect(row)
    return _form(request, row, form, _("Release the minutes"), text=releasing.explained(addressees))


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is wrong in final minutes is corrected beside them."""
    row = minutes_of(request, uid)
    if not chairs.prepares(request.user, row.meeting.body):
        raise PermissionDenied(writing.not_yours())
    if not row.is_final:
        return conflict(request, _("These minutes are not final: correct the text itself."), row.get_absolute_url())
    form = AddendumForm(sent(request), back=row.get_absolute_url())
    if form.is_valid():
        try:
            services.amend_minutes(row, by=request.user, text=form.cleaned_data["text"])
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("The correction waits for the chairs."))
            return redirect(row)
    return _form(request, row, form, _("Correct the minutes"))


@login_required
@never_cache
@stepup.required
@require_http_methods(["GET", "POST"])
def addendum(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """One correction, for a chair to sign."""
    row = _of_chair(request, uid)
    correction = row.addenda.filter(number=number).first()
    if correction is None:
        raise Http404
    correction.minutes = row
    if why := signing.why_not_sign_addendum(request.user, correction):
        return conflict(request, why, back=row.get_absolute_url())
    form = SignForm(sent(request), of=correction.digest)
    if form.is_valid():
        try:
            services.sign_addendum(
                correction, by=request.user, digest=form.cleaned_data["digest"], proved_at=stepup.proven_at(request)
            )
        except ValidationError as problem:
            return conflict(request, " ".join(problem.messages), back=row.get_absolute_url())
        messages.success(request, _("Signed."))
        return redirect(row)
    return _form(request, row, form, str(correction), text=correction.text)


def _form(request: HttpRequest, row: Minutes, form, title: str, text: str = "") -> HttpResponse:
    context = {"minutes": row, "form": form, "title": title, "text": text}
    return form_page(request, "meetings/minutes_form.html", context, form)


def _of_chair(request: HttpRequest, uid: UUID) -> Minutes:
    row = minutes_of(request, uid)
    if chairs.seat_of(request.user, row.meeting.body) is None:
        raise PermissionDenied(signing.no_chair())
    return row
