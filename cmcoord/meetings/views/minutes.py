"""The minutes of a meeting: read, written point by point by two people at once, translated, printed."""

from __future__ import annotations

import secrets
from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cmcoord.accounts import kept_words
from cmcoord.activity.barrier import Side
from cmcoord.meetings import chairs, known_cases, minutes_page, minutes_paper, services
from cmcoord.meetings.minutes_forms import (
    DecisionForm,
    ItemForm,
    PointTitleForm,
    StartForm,
    TranslationForm,
    other_language,
)
from cmcoord.meetings.models import Meeting, Minutes, MinutesItem
from cmcoord.meetings.models.minutes import LANGUAGES
from cmcoord.meetings.services import writing
from cmcoord.meetings.views.meetings import found
from cmcoord.ui import typed
from cmcoord.ui.documents import CONTENT_TYPE
from cmcoord.ui.downloads import file_download
from cmcoord.ui.pages import conflict, form_page, say
from cmcoord.ui.templatetags.ui import moment_in_words

PAPERS = {"pdf": (minutes_paper.as_pdf, "application/pdf"), "docx": (minutes_paper.as_docx, CONTENT_TYPE)}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The joint text with its state; before there is one, the page that begins it."""
    meeting = found(request, uid)
    row = minutes_page.find(meeting, request.user)
    if row is None:
        return _begin(request, meeting)
    if request.method == "POST":
        return redirect(row)
    return render(request, "meetings/minutes.html", minutes_page.page(row, request.user, _language(request, row)))


def _begin(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    prepares = chairs.prepares(request.user, meeting.body)
    if request.method == "POST" and not prepares:
        raise PermissionDenied(writing.not_yours())
    start = {"language": meeting.languages[0] if meeting.languages else get_language()}
    form = StartForm(sent(request), initial=start) if prepares else None
    if form is not None and form.is_valid():
        try:
            return redirect(services.start_minutes(meeting, by=request.user, language=form.cleaned_data["language"]))
        except ValidationError as problem:
            say(form, problem)
    return form_page(request, "meetings/minutes_begin.html", {"meeting": meeting, "form": form}, *filter(None, [form]))


@never_cache
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, uid: UUID, order: int) -> HttpResponse:
    """One point: its summary, its decisions. Two may write at once; the later one sees both texts and loses neither."""
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, str(uid))
    row = _written(request, uid)
    if request.method == "POST" and not row.items.filter(order=order).exists():
        return _taken_out(request, row)
    point = _point(row, order)
    here = reverse("meetings:minutes_item", args=[uid, order])
    asked = {"item": point, "url": here, "back": row.get_absolute_url(), "page": secrets.token_hex(6)}
    asked["keeper"] = kept_words.token(request.user, str(uid))
    if request.method != "POST":
        return _item_page(request, row, point, ItemForm(typed.kept(request), **asked))
    form = ItemForm(request.POST, **asked)
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("title", "summary")}
        try:
            point = services.write_item(
                point, by=request.user, version=form.cleaned_data["base_version"], page=_alnum(form), **facts
            )
        except services.Stale as stale:
            return _both(request, row, stale.item, facts, here)
        except ValidationError as problem:
            say(form, problem)
        else:
            typed.forget(request)
            return _saved(request, row, point)
    if "X-Autosave" in request.headers:
        return JsonResponse({}, status=422)
    return _item_page(request, row, point, form, status=422)


def _taken_out(request: HttpRequest, row: Minutes) -> HttpResponse:
    """409: a colleague took the empty point out while this reader wrote on it; the words are there to be copied."""
    if "X-Autosave" in request.headers:
        return JsonResponse({}, status=409)
    words = [(_("Agenda point"), request.POST.get("title", "")), (_("Summary"), request.POST.get("summary", ""))]
    typed_words = [pair for pair in words if pair[1]]
    return conflict(request, writing.taken_out(), back=row.get_absolute_url(), typed=typed_words)


def _alnum(form: ItemForm) -> str:
    return "".join(sign for sign in form.cleaned_data["page"] if sign.isalnum())


def _saved(request: HttpRequest, row: Minutes, point: MinutesItem) -> HttpResponse:
    if "X-Autosave" in request.headers:
        time = moment_in_words(timezone.now(), "time", row.meeting.zone)
        return JsonResponse({"time": time, "fields": {"base_version": point.version}})
    messages.success(request, _("Saved."))
    after = row.items.filter(order__gt=point.order).order_by("order").first() if "next" in request.POST else None
    if after is not None:
        return redirect("meetings:minutes_item", row.meeting.uid, after.order)
    return redirect(row)


def _both(request: HttpRequest, row: Minutes, now: MinutesItem, mine: dict[str, str], here: str) -> HttpResponse:
    """409: both texts side by side, one button for each, and a third for what is made of both."""
    if "X-Autosave" in request.headers:
        return JsonResponse({}, status=409)
    typed.keep(request, person=request.user.pk, seconds=3600)
    theirs = {"title": now.title, "summary": now.summary}
    merged = mine["summary"] if not now.summary else f"{now.summary}\n\n{mine['summary']}"
    context = {
        "minutes": row, "item": now, "mine": mine, "theirs": theirs, "url": here, "merged": merged,
        "who": minutes_page.who(now.changed_by, request.user), "page": secrets.token_hex(6),
    }  # fmt: skip
    return render(request, "meetings/minutes_both.html", context, status=409)


def _item_page(request, row: Minutes, point: MinutesItem, form: ItemForm, status: int = 200) -> HttpResponse:
    decisions = list(point.decisions.order_by("id"))
    known = known_cases.references_for(request.user, {one.case_id for one in decisions if one.case_id})
    context = {
        "minutes": row,
        "item": point,
        "form": form,
        "decisions": [
            (place, one, known.get(one.case_id, _("a request")) if one.case_id else "")
            for place, one in enumerate(decisions, start=1)
        ],
        "decision_form": DecisionForm(cases=known_cases.of(request.user, row.meeting.body)),
        "points": writing.joint_text.points_of(point),
        "empty": not (point.summary or point.decisions.exists() or writing.joint_text.points_of(point)),
    }
    return render(request, "meetings/minutes_item.html", context, status=status)


@login_required
@require_POST
def add_point(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One more point at the end."""
    row = _written(request, uid)
    form = PointTitleForm(request.POST)
    return _act(
        request, row, form, lambda: services.add_minutes_item(row, by=request.user, title=form.cleaned_data["title"])
    )


@login_required
@require_POST
def remove_point(request: HttpRequest, uid: UUID, order: int) -> HttpResponse:
    """Take an empty point out."""
    row = _written(request, uid)
    point = _point(row, order)
    return _act(request, row, None, lambda: services.remove_minutes_item(point, by=request.user))


@login_required
@require_POST
def decide(request: HttpRequest, uid: UUID, order: int) -> HttpResponse:
    """Add what was decided on a point."""
    row = _written(request, uid)
    point = _point(row, order)
    form = DecisionForm(request.POST, cases=known_cases.of(request.user, row.meeting.body))
    back = reverse("meetings:minutes_item", args=[uid, order])
    return _act(
        request, row, form, lambda: services.add_decision(point, by=request.user, **form.cleaned_data), back=back
    )


@login_required
@require_POST
def undecide(request: HttpRequest, uid: UUID, order: int, place: int) -> HttpResponse:
    """Take a decision out again, by its place on the page."""
    row = _written(request, uid)
    rows = list(_point(row, order).decisions.order_by("id"))
    if not 0 < place <= len(rows):
        raise Http404
    back = reverse("meetings:minutes_item", args=[uid, order])
    return _act(request, row, None, lambda: services.remove_decision(rows[place - 1], by=request.user), back=back)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def translation(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The minutes in the other language, beside the words that are signed."""
    row = minutes_of(request, uid)
    if not chairs.prepares(request.user, row.meeting.body):
        raise PermissionDenied(writing.not_yours())
    language, content = other_language(row), minutes_page.content_of(row)
    kept = row.translations.filter(language=language).first()
    words = kept.content if kept else []
    form = TranslationForm(sent(request), content=content, kept=words, of=row.digest)
    if form.is_valid():
        try:
            services.translate_minutes(
                row, by=request.user, language=language, digest=form.cleaned_data["digest"], words=form.words()
            )
        except ValidationError as problem:
            pairs = [(group, "\n".join(str(one.value() or "") for one in own)) for group, own in form.groups()]
            return conflict(request, " ".join(problem.messages), back=row.get_absolute_url(), typed=pairs)
        messages.success(request, _("Saved."))
        return redirect(f"{row.get_absolute_url()}?language={language}")
    context = {"minutes": row, "form": form, "language": dict(LANGUAGES)[language]}
    return form_page(request, "meetings/minutes_translation.html", context, form)


@login_required
@never_cache
@require_GET
def paper(request: HttpRequest, uid: UUID, form: str) -> HttpResponse:
    """The minutes as PDF or as a document; what a force takes of final ones stands in the release ledger."""
    row = minutes_of(request, uid)
    if form not in PAPERS:
        raise Http404
    made, content_type = PAPERS[form]
    whole = minutes_page.whole_of(row, request.user, _language(request, row))
    content = made(whole)
    if request.user.side == Side.FORCE:
        services.fetch_minutes(row, by=request.user, content=content)
    name = f"{row.meeting.reference.replace(' ', '-')}-{whole.language}.{form}"
    return file_download(BytesIO(content), name, content_type)


def _language(request: HttpRequest, row: Minutes) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(LANGUAGES) else row.language


def minutes_of(request: HttpRequest, uid: UUID) -> Minutes:
    """The minutes of a meeting that this person sees."""
    meeting = found(request, uid)
    row = Minutes.objects.filter(meeting=meeting).first()
    if row is None:
        raise Http404
    row.meeting = meeting
    return row


def _written(request: HttpRequest, uid: UUID) -> Minutes:
    """The minutes, if this person writes on them."""
    row = minutes_of(request, uid)
    if not chairs.prepares(request.user, row.meeting.body):
        raise PermissionDenied(writing.not_yours())
    return row


def _point(row: Minutes, order: int) -> MinutesItem:
    point = row.items.filter(order=order).select_related("changed_by").first()
    if point is None:
        raise Http404
    point.minutes = row
    return point


def _act(request: HttpRequest, row: Minutes, form, act, back: str = "") -> HttpResponse:
    """A button of the minutes: done, or a sentence why not with what was typed."""
    back = back or row.get_absolute_url()
    if form is not None and not form.is_valid():
        sentence = " ".join(str(each) for errors in form.errors.values() for each in errors)
        typed_words = [(str(field.label), str(field.value())) for field in form.visible_fields() if field.value()]
        return conflict(request, sentence, back=back, typed=typed_words)
    try:
        act()
    except ValidationError as problem:
        return conflict(request, " ".join(problem.messages), back=back)
    messages.success(request, _("Saved."))
    return redirect(back)


def sent(request: HttpRequest):
    """What was sent, were it nothing at all; None where the page was only opened."""
    return request.POST if request.method == "POST" else None
