"""One meeting, and the list of one's own."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cmcoord.meetings.models import Meeting


def found(request: HttpRequest, uid: UUID) -> Meeting:
    """A meeting that this person sees; of all others nobody learns whether they exist."""
    meeting = Meeting.objects.visible_to(request.user).with_body().filter(uid=uid).first()
    if meeting is None:
        raise Http404
    return meeting


@login_required
@require_safe
def meeting(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One meeting."""
    return render(request, "meetings/meeting.html", {"meeting": found(request, uid)})
