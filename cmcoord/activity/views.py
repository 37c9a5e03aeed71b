"""What a person was told, which mails they want, and, in the demonstration, everybody's mailbox."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cmcoord.activity import gateway, kinds, numbers, sentences, services, sms_numbers
from cmcoord.activity.forms import PreferencesForm
from cmcoord.activity.models import DemoMail, DemoSms, Notification
from cmcoord.activity.readable import is_readable, readable
from cmcoord.ui.pages import form_page

PAGE = 25


@require_safe
@login_required
def notifications(request):
    """The person's own notifications, newest first."""
    rows = Notification.objects.in_app_of(request.user).select_related("event__by", "event__acting_for")
    rows, before = page_before(rows, request)
    side = request.user.side
    known = readable(request.user, [row.event for row in rows])
    lines = [line_for(row, side, known=row.event_id in known) for row in rows]
    context = {
        "lines": lines,
        "newest": numbers.hidden(rows[0].pk) if rows and not request.GET.get("before") else None,
        "any_unread": any(line["unread"] for line in lines),
        "before": before,
        "first_page": not request.GET.get("before"),
    }
    return render(request, "activity/notifications.html", context)


def line_for(row: Notification, side: str, *, known: bool) -> dict:
    """One line; of what is no longer the reader's only that there was something."""
    asks = known and kinds.asks_something(row.expects)
    return {
        "pk": row.pk,
        "unread": row.read_at is None,
        "sentence": sentences.sentence(row.event, side) if known else _("This is no longer yours to read."),
        "reference": sentences.reference(row.event, side) if known else "",
        "expects": kinds.expectation(row.expects).sentence if asks else "",
        "at": row.event.at,
        "zone": row.event.data.get("timezone"),
    }


@require_POST
@login_required
def read(request, pk):
    """Mark one as read and go to what it is about."""
    row = get_object_or_404(Notification.objects.in_app_of(request.user).select_related("event"), pk=pk)
    services.mark_read(request.user, pk=pk)
    if not is_readable(request.user, row.event):
        return redirect("activity:notifications")
    path = sentences.path(row.event, request.user.side)
    return redirect(path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "activity:notifications")


@require_POST
@login_required
def read_all(request):
    """Mark as read what the person had before their eyes; what came in since stays unread."""
    services.mark_all_read(request.user, up_to=numbers.shown(request.POST.get("up_to", "")))
    messages.success(request, _("Marked as read."))
    return redirect("activity:notifications")


@login_required
def preferences(request):
    """Which mails the person wants; what cannot be switched off is named."""
    form = PreferencesForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        services.set_preferences(request.user, wanted=form.cleaned_data)
        messages.success(request, _("Your choice is saved."))
        return redirect("activity:preferences")
    always = [group for group in kinds.GROUPS.values() if group.mandatory]
    context = {"form": form, "always": always, "by_sms": gateway.is_set(), "number": sms_numbers.of(request.user)}
    return form_page(request, "activity/preferences.html", context, form)


@require_safe
def mailbox(request):
    """What came by mail, and by SMS to which number. The demonstration only; elsewhere this page does not exist."""
    if not settings.DEMO:
        raise Http404
    address = request.GET.get("to", getattr(request.user, "email", ""))
    mails, before = page_before(
        DemoMail.objects.filter(address=address) if address else DemoMail.objects.none(), request
    )
    boxes = DemoMail.objects.values("address", "recipient__name").annotate(count=Count("id")).order_by("address")[:100]
    telephones = DemoSms.objects.values("number").annotate(count=Count("id")).order_by("number")[:100]
    known = {box["address"] for box in boxes} | {each["number"] for each in telephones}
    context = {
        "boxes": boxes,
        "telephones": telephones,
        "address": address,
        "empty": "" if address in known else address,
        "mails": mails,
        "before": before,
        "texts": DemoSms.objects.filter(number=address).order_by("-pk")[:PAGE],
    }
    return render(request, "activity/mailbox.html", context)


def page_before(rows, request) -> tuple[list, str | None]:
    """One keyset page, newest first, and the key with which the next one starts; None on the last."""
    before = numbers.shown(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], numbers.hidden(found[PAGE - 1].pk) if len(found) > PAGE else None
