"""Notes beside a meeting, for the humanitarian side alone. To everybody else these addresses do not exist."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cmcoord.accounts import kept_words
from cmcoord.meetings import minutes_page, services, visibility
from cmcoord.meetings.minutes_forms import NoteForm
from cmcoord.meetings.models import HumanitarianNote, Meeting
from cmcoord.meetings.views.meetings import found
from cmcoord.meetings.views.minutes import sent
from cmcoord.ui.pages import form_page, say


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The notes to a meeting, and a form for one more."""
    meeting = _noted(request, uid)
    form = NoteForm(sent(request), back=meeting.get_absolute_url(), label=_("Keep the note"))
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("title", "text")}
        try:
            services.add_note(meeting, by=request.user, **facts)
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("meetings:notes", uid)
    rows = HumanitarianNote.objects.filter(meeting=meeting).select_related("changed_by")
    return form_page(request, "meetings/notes.html", {"meeting": meeting, "form": form, "notes": rows}, form)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Change one note; who saves second sees both texts."""
    meeting = _noted(request, uid)
    row = HumanitarianNote.objects.filter(meeting=meeting, pk=pk).select_related("changed_by").first()
    if row is None:
        raise Http404
    back = reverse("meetings:notes", args=[uid])
    start = {"title": row.title, "text": row.text, "base_version": row.version}
    form = NoteForm(sent(request), back=back, label=_("Save"), initial=start)
    theirs = None
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("title", "text")}
        try:
            services.write_note(row, by=request.user, version=form.cleaned_data["base_version"] or 0, **facts)
        except services.StaleNote as stale:
            theirs = stale.note
            form = NoteForm(facts | {"base_version": theirs.version}, back=back, label=_("Save mine"))
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {"meeting": meeting, "note": row, "form": form, "theirs": theirs}
    context["who"] = minutes_page.who(theirs.changed_by, request.user) if theirs else ""
    page = form_page(request, "meetings/note.html", context, form)
    page.status_code = 409 if theirs else page.status_code
    return page


def _noted(request: HttpRequest, uid: UUID) -> Meeting:
    meeting = found(request, uid)
    if not visibility.reads_notes(request.user, meeting.body):
        raise Http404
    return meeting
