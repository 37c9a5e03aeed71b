"""The administrators' pages beside people and rights: reference data that two of them change, refused mails."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cmcoord.accounts import reference_changes, refused_mail, scope, stepup
from cmcoord.accounts.models import ProposedChange
from cmcoord.accounts.views import administrators_only, with_reason
from cmcoord.activity import kinds
from cmcoord.activity.models import Notification
from cmcoord.places.models import Country

SHOWN = 100  # proposals that wait
SETTLED = 20  # the last ones that do not


# ── reference data ───────────────────────────────────────────────────────────────────────────────────────────────────


@administrators_only
def changes(request):
    """Changes of reference data that wait for a second administrator, and what became of the last ones."""
    found = ProposedChange.objects.select_related("by", "acting_for", "country", "confirmed_by", "refused_by")
    waiting = list(found.waiting().order_by("pk")[:SHOWN])
    scope.mark_lapsed(waiting, "by")
    settled = list(found.exclude(pk__in=ProposedChange.objects.waiting().values("pk"))[:SETTLED])
    rows = [line | {"acts": _acts_on(line["proposal"], request.user)} for line in reference_changes.in_words(waiting)]
    context = {"rows": rows, "settled": reference_changes.in_words(settled)}
    return render(request, "accounts/changes.html", context)


def _acts_on(proposal, by) -> list[dict]:
    own = proposal.by_id == by.pk
    return [
        {
            "label": _("Confirm"),
            "url": reverse("accounts:change_confirm", args=[proposal.pk]),
            "why": reference_changes.why_not_confirm(proposal, by=by),
            "post": True,
        },
        {
            "label": _("Take back") if own else _("Refuse"),
            "url": reverse("accounts:change_refuse", args=[proposal.pk]),
            "why": reference_changes.why_not_refuse(proposal, by=by),
        },
    ]


@require_POST
@administrators_only
@stepup.required_for_button
def change_confirm(request, pk):
    proposal = reference_changes.confirm(get_object_or_404(ProposedChange, pk=pk), by=request.user)
    if proposal.void_at:
        messages.warning(request, _("Not changed: the value it started from has changed meanwhile. It is void now."))
    else:
        messages.success(request, _("Confirmed. The new value counts from now on."))
    return redirect("accounts:changes")


@administrators_only
@stepup.required
def change_refuse(request, pk):
    proposal = get_object_or_404(ProposedChange.objects.select_related("by", "confirmed_by", "refused_by"), pk=pk)
    if refusal := reference_changes.why_not_refuse(proposal, by=request.user):
        raise PermissionDenied(refusal)
    line = reference_changes.in_words([proposal])[0]
    words = {"about": line["about"], "field": line["field"], "old": line["old"], "new": line["new"]}
    return with_reason(
        request,
        proposal,
        reference_changes.refuse,
        title=_("Refuse the change of reference data"),
        text=_("%(about)s, %(field)s: from %(old)s to %(new)s") % words,
        label=_("Refuse the change"),
        done=_("Refused. Everything stays as it is."),
        back=reverse("accounts:changes"),
    )


# ── mails ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@administrators_only
def mails(request):
    """Mails that were given up, newest first, without a word of what they say; of a request not even which, or what
    happened to it: an administrator of accounts need not be one who may know that it exists.
    """
    found = Notification.objects.refused().select_related("recipient__organisation", "event")[:SHOWN]
    zones = dict(Country.objects.values_list("pk", "timezone"))
    rows = [
        {
            "pk": row.pk,
            "person": row.recipient or row.address,
            "url": row.recipient.get_absolute_url() if row.recipient else "",
            "kind": _about(row),
            "since": row.event.at,
            "zone": zones.get(row.event.stream),
            "attempts": row.attempts,
            "reason": refused_mail.reason(row),
        }
        for row in found
    ]
    return render(request, "accounts/mails.html", {"rows": rows})


def _about(row: Notification) -> str:
    """What a mail was about, where that concerns rights or the portal itself."""
    return _("About a request") if row.event.subject_kind == "case" else str(kinds.kind_of(row.kind).headline)


@require_POST
@administrators_only
@stepup.required_for_button
def mail_send(request, pk):
    refused_mail.send_again(get_object_or_404(Notification, pk=pk, channel=Notification.Channel.MAIL), by=request.user)
    messages.success(request, _("The mail is on its way again."))
    return redirect("accounts:mails")
