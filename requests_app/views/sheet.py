"""The execution sheet of a request: the whole of it with what is missing, and each part, saved by itself."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cmcoord.accounts import kept_words, limits, scope
from cmcoord.accounts.roles import Perm
from cmcoord.ui import typed
from cmcoord.ui.formsets import with_one_more_row
from cmcoord.ui.templatetags.ui import moment_in_words
from requests_app import classes, execution_sheet, reading, services, sheet_page, workflow
from requests_app.forms import fleet, posts
from requests_app.forms.sheet import SheetForm
from requests_app.models import Case
from requests_app.questions import SHEET_PARTS, Question
from requests_app.services import Refused
from requests_app.services.preparing import KIND
from requests_app.views.writing import both_versions, opened_page, own_autosave, too_late, visible


@login_required
@never_cache
@require_GET
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole sheet as it stands: what is missing first, then every part."""
    case = visible(request, reference)
    if classes.is_closed(case, case):
        _check_named(request, case)
        reading.note_form(case, request.user, "sheet")
    timezone.activate(case.country.zone)
    return render(request, "requests_app/sheet.html", sheet_page.context(case, request.user))


@never_cache
@require_http_methods(["GET", "POST"])
def sheet_part(request: HttpRequest, reference: str, part: int) -> HttpResponse:
    """One part: shown, saved as far as it is valid, or shown again with what was typed."""
    if part not in SHEET_PARTS:
        raise Http404
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, reference)
    case = visible(request, reference)
    timezone.activate(case.country.zone)
    if part not in execution_sheet.parts_of(case):
        raise Http404
    refused = workflow.refusal(case, "sheet", request.user)
    if refused:
        return too_late(request, case, refused, partial(_bound, request, case, part))
    if request.method == "POST":
        return _save(request, case, part)
    _note_reading(request, case, part)
    words = typed.kept(request)
    return _part_page(request, _bound(request, case, part, words), kept=words is not None)


@login_required
@never_cache
@require_POST
def sheet_names(request: HttpRequest, reference: str) -> HttpResponse:
    """The names on the sheet, for the named roles, for this answer only; each reading is recorded first."""
    case = visible(request, reference)
    lists = sheet_page.names_in_words(execution_sheet.sheet_of(case))
    if not lists:
        return redirect("requests:sheet", case.reference)
    if limits.count("open_secret", str(request.user.pk)) > limits.LIMITS["open_secret"].most:
        return render(request, "429.html", status=429)
    try:
        services.open_secret(case, by=request.user, what="names")
    except Refused as refused:
        raise PermissionDenied(refused.sentence) from None
    return render(request, "requests_app/opened.html", {"case": case, "label": _("Names"), "value": lists})


def _note_reading(request: HttpRequest, case: Case, part: int) -> None:
    """Before a page that prints stored answers: of a strictly confidential request, and of names in any.

    The answer to an autosave prints none.
    """
    if "X-Autosave" in request.headers:
        return
    reading.note_form(case, request.user, "sheet")
    if part == sheet_page.PART_OF_NAMES and sheet_page.names_in_words(execution_sheet.sheet_of(case)):
        services.open_secret(case, by=request.user, what="names")


def _check_named(request: HttpRequest, case: Case) -> None:
    """Of a strictly confidential request only those who work on it read the sheet."""
    if not classes.is_named(request.user, case):
        raise PermissionDenied(_("This request is strictly confidential: only those who work on it open its sheet."))


def _bound(request: HttpRequest, case: Case, part: int, data) -> SheetForm:
    found = execution_sheet.sheet_of(case)
    return SheetForm(data, case=case, sheet=found, part=part, user=request.user, now=timezone.now())


def _save(request: HttpRequest, case: Case, part: int) -> HttpResponse:
    """Save what is valid, keep on the page what is not, and go where the button says."""
    sent = request.POST
    if "from_fleet" in sent:
        sent = fleet.with_ticked(sent, case, user=request.user)
    if "X-Autosave" not in request.headers:
        sent = posts.with_chosen(sent, case, user=request.user)
    form = _bound(request, case, part, sent)
    chosen = {name.removeprefix("keep-"): value for name, value in request.POST.items() if name.startswith("keep-")}
    here = reverse("requests:sheet_part", args=[case.reference, part])
    if request.POST.get("base_version") != str(form.sheet.version):
        differing = form.differing()
        if differing and not own_autosave(request, case, version=form.sheet.version, kind=KIND):
            _note_reading(request, case, part)
            return both_versions(request, form, differing, url=here, version=form.sheet.version, kind=KIND)
    elif theirs := [field for field, value in chosen.items() if value == "theirs"]:
        _note_reading(request, case, part)
        form = _bound(request, case, part, form.with_theirs(theirs))
    fine = form.is_valid()
    try:
        saved = services.save_sheet(
            case,
            by=request.user,
            base_version=form.sheet.version,
            answers=form.answers(),
            rows=form.rows(),
            page=opened_page(request),
        )
    except Refused as refused:
        fresh = visible(request, case.reference)
        if refused.kind == "state" and workflow.refusal(fresh, "sheet", request.user) is None:
            return _save(request, fresh, part)
        return too_late(request, fresh, refused, partial(_bound, request, fresh, part))
    typed.forget(request)
    form.renew(visible(request, case.reference), saved)
    if "X-Autosave" in request.headers:
        fields = {"base_version": saved.version, "marks": form.marks_now()}
        return JsonResponse({"time": moment_in_words(timezone.now(), "time", str(case.country.zone)), "fields": fields})
    return _after_saving(request, form, fine)


def _after_saving(request: HttpRequest, form: SheetForm, fine: bool) -> HttpResponse:
    if "add_row" in request.POST:
        return _part_page(request, form.with_data(with_one_more_row(form.data)))
    for name in {request.POST.get("from_fleet"), request.POST.get("keep_fleet")} & set(form.row_sets):
        if request.POST.get("keep_fleet") == name:
            _keep_in_fleet(request, form, name)
        if not fine:
            return _part_page(request, form, status=422)
        if "from_fleet" in request.POST:
            messages.success(request, _("Saved."))
        return redirect(
            "requests:sheet_part", form.case.reference, form.part
        )  # with an anchor a script would stay here
    if fine and "from_posts" in request.POST:
        messages.success(request, _("Saved."))
        return redirect("requests:sheet_part", form.case.reference, form.part)
    if not fine or form.ask_for_missing():
        return _part_page(request, form, status=422)
    if following := _next_part(form):
        return redirect("requests:sheet_part", form.case.reference, following)
    messages.success(request, _("Saved."))
    return redirect("requests:sheet", form.case.reference)


def _keep_in_fleet(request: HttpRequest, form: SheetForm, name: str) -> None:
    """Keep the rows of this question for the next convoy, and say how many came new."""
    try:
        done = fleet.kept(form.case, name, form.row_sets[name].values(), by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return
    said = _("Kept for the next convoy: %(added)d new, %(changed)d brought up to date.")
    messages.success(request, said % {"added": done.added, "changed": done.changed})


def _part_page(request: HttpRequest, form: SheetForm, *, kept: bool = False, status: int = 200) -> HttpResponse:
    case = form.case
    lacking = execution_sheet.missing(case)
    form.offer_fleet()
    form.offer_posts()
    context = {
        "case": case,
        "form": form,
        "sheet": form.sheet,
        "part": form.part,
        "part_label": SHEET_PARTS[form.part],
        "steps": sheet_page.parts(case, lacking, here=form.part),
        "missing": _gaps(case, lacking),
        "further": reverse("requests:sheet_part", args=[case.reference, following])
        if (following := _next_part(form))
        else reverse("requests:sheet", args=[case.reference]),
        "keeper": kept_words.token(request.user, case.reference),
        "kept": kept,
        "zone": case.country.timezone,
        "for_others": scope.grant_for(request.user, Perm.FILE_CASE, case) is None,
    }
    return render(request, "requests_app/sheet_part.html", context, status=status)


def _next_part(form: SheetForm) -> int | None:
    return next((part for part in execution_sheet.parts_of(form.case) if part > form.part), None)


def _gaps(case: Case, lacking: list[Question]) -> list[dict[str, Any]]:
    return [
        {"label": row.label, "step": row.step, "part": SHEET_PARTS[row.step], "url": sheet_page.url_of(case, row)}
        for row in lacking
    ]
