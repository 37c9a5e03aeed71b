"""The secret address of one's calendar: made, taken back, and read without a session."""

from __future__ import annotations

import datetime as dt

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cmcoord.accounts import limits
from cmcoord.meetings import ics, services
from cmcoord.meetings.models import FeedToken, Meeting

BACK, MOST = dt.timedelta(days=90), 500


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Make an address, or take it back. It is shown once, on the page that answers."""
    address = ""
    if "revoke" in request.POST:
        services.revoke_feed(by=request.user)
        messages.success(request, _("The address opens nothing any more."))
        return redirect("meetings:feed")
    if "make" in request.POST:
        word = services.open_feed(by=request.user)
        address = f"{settings.PORTAL_URL}{reverse('meetings:calendar', args=[word])}"
    token = FeedToken.objects.filter(user=request.user, revoked_at=None).first()
    return render(request, "meetings/feed.html", {"address": address, "token": token})


@login_not_required
@never_cache
@require_safe
def calendar(request: HttpRequest, word: str) -> HttpResponse:
    """The meetings that the person of this address sees now; 404 for every other address, alike."""
    reader = services.reader_of(word)
    if reader is None:
        whom = get_adapter(request).get_client_ip(request)
        if limits.count("feed", whom) > limits.LIMITS["feed"].most:
            return render(request, "429.html", status=429)
        raise Http404
    rows = Meeting.objects.visible_to(reader).filter(ends__gt=timezone.now() - BACK).with_body().order_by("starts")
    with translation.override(reader.language):
        content = ics.feed(rows[:MOST], at=timezone.now())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
