"""How do photographs and papers come to a request, apart from its questions, and how does one get them out again?

They have a page of their own, so that no answer waits for a photograph. A script sends a file in small pieces and goes
on where the line broke (`begin`, `piece`); without script the same page sends it whole.
"""

from __future__ import annotations

import re
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cmcoord.accounts import kept_words
from cmcoord.ui import typed
from cmcoord.ui.downloads import file_download
from cmcoord.ui.pages import form_page
from requests_app import classes, reading, services, uploads, workflow
from requests_app.forms.papers import AttachForm, WithdrawForm, standing_papers
from requests_app.models import ArrivingFile, Case, CaseFile
from requests_app.questions import BY_FIELD
from requests_app.services import OutOfOrder, Refused, Spoilt
from requests_app.services.papers import LARGEST_PIECE, read_by_reviewers
from requests_app.views.writing import visible, words_to_copy

STATUS = {"right": 403, "state": 409, "need": 422, "gone": 410}


def _writable(case: Case, user) -> str:
    """ "" or why nobody attaches anything any more; who has no right to is told so."""
    refused = workflow.refusal(case, "edit", user)
    if refused and refused.kind != "state":
        raise PermissionDenied(refused.sentence)
    return refused.sentence if refused else ""


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@never_cache
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, reference: str) -> HttpResponse:
    """The papers of a request that is being written: what is attached, what is on its way, one more."""
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, reference)
    case = visible(request, reference)
    if sentence := _writable(case, request.user):
        return words_to_copy(request, case, sentence, [])
    if "remove_file" in request.POST:
        return _remove(request, case)
    if "give_up" in request.POST:
        return _give_up(request, case)
    if request.FILES:
        try:
            services.count_file(request.user)
        except Refused as refused:
            return _page(request, case, AttachForm(case=case), refused.sentence)
    form = AttachForm(request.POST or None, request.FILES or None, case=case)
    if request.method == "POST" and form.is_valid() and _attach(request, form):
        return redirect(request.path)
    return _page(request, case, form)


def _page(request: HttpRequest, case: Case, form: AttachForm, refused: str = "") -> HttpResponse:
    reading.note_form(case, request.user, "papers")
    rows = list(case.files.all())
    context = {
        "case": case,
        "form": form,
        "refused": refused,
        "papers": rows,
        "read_papers": read_by_reviewers(case) if rows else set(),
        "arriving": ArrivingFile.objects.filter(case=case, by=request.user, file=None),
        "room": standing_papers(case) < uploads.MOST,
        "step": BY_FIELD["files"].step,
        "zone": case.country.timezone,
    }
    return render(request, "requests_app/papers.html", context, status=422 if refused or form.errors else 200)


def _attach(request: HttpRequest, form: AttachForm) -> bool:
    """Attach the file that came along; False when it was refused."""
    try:
        row = services.attach_file(form.case, by=request.user, paper=form.cleaned_data["file"])
    except Refused as refused:
        form.add_error("file", refused.sentence)
        return False
    _say_attached(request, row)
    return True


def _say_attached(request: HttpRequest, row: CaseFile) -> None:
    messages.success(request, _("Attached: %(name)s") % {"name": row.name})
    if row.notes_stay:
        messages.info(
            request,
            _(
                "What its program wrote into this PDF (author, program, dates) stays, all or in part: the file is "
                "signed, protected or damaged, or holds other files."
            ),
        )


def _remove(request: HttpRequest, case: Case) -> HttpResponse:
    pk = request.POST["remove_file"]
    row = case.files.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    try:
        if row:
            services.remove_file(row, by=request.user)
    except Refused as refused:
        return _page(request, case, AttachForm(case=case), refused.sentence)
    return redirect(request.path)


def _give_up(request: HttpRequest, case: Case) -> HttpResponse:
    try:
        row = get_object_or_404(_arriving(request, case), key=uuid.UUID(request.POST["give_up"]))
    except ValueError:
        raise Http404 from None
    services.give_up(row, by=request.user)
    return redirect(request.path)


# ── in pieces ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _arriving(request: HttpRequest, case: Case):
    return ArrivingFile.objects.filter(case=case, by=request.user).select_related("case", "file")


@never_cache
@require_POST
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Announce a file by name, size and SHA-256; the answer says where to send its pieces and what is there already."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    case = visible(request, reference)
    size, sha256 = request.POST.get("size", ""), request.POST.get("sha256", "")
    if not re.fullmatch("[0-9]{1,12}", size) or not re.fullmatch("[0-9a-f]{64}", sha256):
        return JsonResponse({"sentence": _("Choose the file again, please.")}, status=422)
    try:
        row = services.begin_file(
            case, by=request.user, name=request.POST.get("name", ""), size=int(size), sha256=sha256
        )
    except Refused as refused:
        return _refused(refused)
    return _how_far(request, row)


@never_cache
@require_POST
def piece(request: HttpRequest, reference: str, key: uuid.UUID) -> HttpResponse:
    """One piece, as the body, at ?offset=; the answer says how much has arrived."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    case = visible(request, reference)
    row = _arriving(request, case).filter(key=key).first()
    if row is None:
        return JsonResponse({"sentence": services.Gone().sentence}, status=404)
    offset = request.GET.get("offset", "")
    if not re.fullmatch("[0-9]{1,9}", offset) or int(request.headers.get("Content-Length") or 0) > LARGEST_PIECE:
        return JsonResponse({"sentence": _("This piece is too large or too small.")}, status=422)
    try:
        row = services.take_piece(row, by=request.user, offset=int(offset), data=request.body)
    except Spoilt as spoilt:
        services.give_up(row, by=request.user)
        return _refused(spoilt)
    except OutOfOrder as refused:
        return _refused(refused, received=refused.received)
    except Refused as refused:
        return _refused(refused)
    return _how_far(request, row)


def _how_far(request: HttpRequest, row: ArrivingFile) -> JsonResponse:
    if row.file:
        _say_attached(request, row.file)
    return JsonResponse({"key": row.key, "received": row.received, "attached": row.file_id is not None})


def _refused(refused: Refused, **more: int) -> JsonResponse:
    return JsonResponse({"sentence": refused.sentence, **more}, status=STATUS.get(refused.kind, 404))


# ── out again ────────────────────────────────────────────────────────────────────────────────────────────────────────


@login_required
@require_safe
def paper(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """One attached paper, always saved and never shown inside the portal, for those who see the request."""
    seen = Case.objects.visible_to(request.user).only("pk", "sensitivity", "reference")
    case = get_object_or_404(seen, reference=reference)
    row = get_object_or_404(CaseFile, pk=pk, case=case)
    if classes.is_closed(case, row):
        return redirect(case)  # it has a button of its own there, which records who reads it
    return paper_response(row)


def paper_response(row: CaseFile) -> HttpResponse:
    """The bytes of one paper, to be saved; no browser keeps them."""
    try:
        file = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = file_download(file, row.name, row.content_type)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw_paper(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Mark a paper that OCHA could read as withdrawn, with a reason; it stays, shown struck."""
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, reference)
    case = visible(request, reference)
    row = get_object_or_404(CaseFile, pk=pk, case=case)
    sentence = _writable(case, request.user)
    form = WithdrawForm(request.POST or typed.kept(request), row=row)
    if not sentence and row.withdrawn_at:
        sentence = _("This file was withdrawn already.")
    if sentence:
        return words_to_copy(request, case, sentence, form.words())
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_file(row, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as stopped:
            return words_to_copy(request, case, stopped.sentence, form.words())
        typed.forget(request)
        messages.success(request, _("Marked as withdrawn: %(name)s") % {"name": row.name})
        return redirect("requests:papers", reference)
    context = {"case": case, "paper": row, "form": form, "keeper": kept_words.token(request.user, reference)}
    return form_page(request, "requests_app/withdraw_paper.html", context, form)
