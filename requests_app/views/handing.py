"""The page on which what somebody left behind with a post is passed on to whoever holds it next."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cmcoord.ui.pages import conflict
from contacts import keepers
from contacts.models import Handover
from requests_app.services import handing
from requests_app.services.made import Refused


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """The open requests that are offered, each with a box; the seats that stay with the post."""
    found = Handover.objects.filter(holding__post__in=keepers.kept_by(request.user), pk=pk).select_related(
        "holding__post__organisation", "holding__post__station", "holding__post__country", "holding__person__user",
        "successor__person__user",
    )  # fmt: skip
    row = found.first()
    if row is None:
        raise Http404
    post = row.holding.post
    if request.method == "POST":
        chosen = {int(key) for key in request.POST.getlist("case") if key.isascii() and key.isdigit() and len(key) < 19}
        try:
            taken = handing.pass_on(row, by=request.user, chosen=chosen)
        except Refused as refused:
            return conflict(request, refused.sentence, back=post.get_absolute_url())
        word = ngettext("%(count)d request was passed on.", "%(count)d requests were passed on.", len(taken))
        messages.success(request, word % {"count": len(taken)})
        return redirect(post)
    context = {
        "handover": row,
        "post": post,
        "cases": handing.left_behind(row, by=request.user),
        "seats": handing.seats_kept(row),
        "why": handing.why_not_pass_on(row, by=request.user),
    }
    return render(request, "requests_app/handover.html", context)
