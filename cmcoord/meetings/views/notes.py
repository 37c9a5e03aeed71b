"""Notes beside a meeting, for the humanitarian side alone. To everybody else these addresses do not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cmcoord.meetings import minutes_page, services, visibility
from cmcoord.meetings.minutes_forms import NoteForm
from cmcoord.meetings.models import HumanitarianNote, Meeting
from cmcoord.meetings.views.meetings import found
from cmcoord.meetings.views.minutes import say, sent
from cmcoord.ui import typed
from cmcoord.ui.pages import form_page
from requests_app import kept_words


@never_cache
@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The notes to a meeting, and a form for one more."""
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, str(uid))
    meeting = _noted(request, uid)
    asked = {"back": meeting.get_absolute_url(), "label": _("Keep the note"), "keeper": _keeper(request, uid)}
    form = NoteForm(sent(request), **_brought(request), **asked)
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("title", "text")}
        try:
            services.add_note(meeting, by=request.user, **facts)
        except ValidationError as problem:
            say(form, problem)
        else:
            typed.forget(request)
            messages.success(request, _("Saved."))
            return redirect("meetings:notes", uid)
    rows = HumanitarianNote.objects.filter(meeting=meeting).select_related("changed_by")
    return form_page(request, "meetings/notes.html", {"meeting": meeting, "form": form, "notes": rows}, form)


@never_cache
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Change one note; who saves second sees both texts."""
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, str(uid))
    meeting = _noted(request, uid)
    row = HumanitarianNote.objects.filter(meeting=meeting, pk=pk).select_related("changed_by").first()
    if row is None:
        raise Http404
    back = reverse("meetings:notes", args=[uid])
    start = {"title": row.title, "text": row.text, "base_version": row.version}
    keeper = _keeper(request, uid)
    form = NoteForm(sent(request), back=back, label=_("Save"), keeper=keeper, **_brought(request, start))
    theirs = None
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("title", "text")}
        try:
            services.write_note(row, by=request.user, version=form.cleaned_data["base_version"] or 0, **facts)
        except services.StaleNote as stale:
            theirs = stale.note
            form = NoteForm(facts | {"base_version": theirs.version}, back=back, label=_("Save mine"), keeper=keeper)
        except ValidationError as problem:
            say(form, problem)
        else:
            typed.forget(request)
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {"meeting": meeting, "note": row, "form": form, "theirs": theirs}
    context["who"] = minutes_page.who(theirs.changed_by, request.user) if theirs else ""
    page = form_page(request, "meetings/note.html", context, form)
    page.status_code = 409 if theirs else page.status_code
    return page


def _keeper(request: HttpRequest, uid: UUID) -> str:
    return kept_words.token(request.user, str(uid))


def _brought(request: HttpRequest, start: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the fields begin with: what was typed here when the session ended, else how the note stands."""
    words = typed.kept(request)
    return {"initial": (start or {}) | (words.dict() if words else {})}


def _noted(request: HttpRequest, uid: UUID) -> Meeting:
    meeting = found(request, uid)
    if not visibility.reads_notes(request.user, meeting.body):
        raise Http404
    return meeting
