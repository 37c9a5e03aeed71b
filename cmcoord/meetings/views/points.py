"""Action points: one's own, one of them, those of a body and of a post, a new one, and what goes upwards."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cmcoord.accounts import kept_words
from cmcoord.meetings import cell_page, following, points_page
from cmcoord.meetings.models import Meeting, MinutesItem
from cmcoord.meetings.models.points import Escalation, InternalPoint, Point
from cmcoord.meetings.point_forms import AnswerForm, EscalateForm, OwnerForm, PointForm, StepForm
from cmcoord.meetings.services import owning
from cmcoord.meetings.services import points as services
from cmcoord.ui.pages import conflict, form_page, saved, say
from contacts import keepers, shown
from contacts.models import Body
from requests_app import incidents


@login_required
@never_cache
@require_GET
def points(request: HttpRequest) -> HttpResponse:
    """What the reader has to do, late first."""
    lines = points_page.mine(request.user)
    late = [line for line in lines if line.is_late]
    groups = [(_("Late"), late), (_("To be done"), [line for line in lines if not line.is_late])]
    return render(request, "meetings/points.html", {"groups": groups, "count": len(lines)})


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def point(request: HttpRequest, reference: str) -> HttpResponse:
    """One point; the buttons under it say what is done with it."""
    row = _found(request, reference)
    context = points_page.page(request.user, row)
    form = StepForm(request.POST or None, point=row, choices=context["choices"])
    if request.method == "POST":
        step = following.BY_NAME.get(request.POST.get("step", ""))
        if step is None:
            form.add_error(None, _("Choose what is to be done with the point."))
        elif form.is_valid():
            if row.status not in step.sources:
                typed = [(form.fields["comment"].label, form.cleaned_data["comment"])]
                return conflict(request, following.why_not(request.user, row, step), row.get_absolute_url(), typed)
            try:
                services.move_point(row, step.name, by=request.user, **form.cleaned_data)
            except ValidationError as problem:
                say(form, problem)
            else:
                messages.success(request, _("Saved."))
                return redirect(row)
    return form_page(request, "meetings/point.html", context | {"form": form}, form)


@login_required
@never_cache
@require_GET
def body_points(request: HttpRequest, pk: int) -> HttpResponse:
    """The points of a body that go on; with ?ended=1 those that have ended."""
    body = _body(request, pk)
    ended = bool(request.GET.get("ended"))
    groups, left_out = points_page.of_body(request.user, body, ended=ended)
    prepares = following.leads(request.user, body)
    context = {"body": body, "groups": groups, "left_out": left_out, "ended": ended, "prepares": prepares}
    return render(request, "meetings/body_points.html", context)


@login_required
@never_cache
@require_GET
def post_points(request: HttpRequest, pk: int) -> HttpResponse:
    """For a handover: which points go with a post, and which its organisation owes through no post."""
    post = shown.posts_for(request.user).filter(pk=pk).select_related("organisation", "station").first()
    if post is None or not keepers.may_keep(request.user, post):
        raise Http404
    return render(request, "meetings/post_points.html", {"post": post, **points_page.of_post(request.user, post)})


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def new_point(request: HttpRequest, pk: int) -> HttpResponse:
    """A point of the table."""
    return _new(request, _body(request, pk), internal=False)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def new_internal(request: HttpRequest, pk: int) -> HttpResponse:
    """A point of the humanitarian side: for all others this address does not exist."""
    body = _body(request, pk)
    if not body.noted:
        raise Http404
    return _new(request, body, internal=True)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """Mend a point that was just written."""
    row = _found(request, reference)
    if refused := services.why_not_correct(request.user, row):
        if following.leads(request.user, row.body):
            return conflict(request, refused, back=row.get_absolute_url())
        raise PermissionDenied(refused)
    internal = isinstance(row, InternalPoint)
    owners = services.owners_for(row.body, by=request.user, internal=internal, meeting=row.meeting)
    names = ("words", "owner_organisation", "owner_post", "due", "priority", "needs_evidence", "needs_check")
    form = PointForm(
        request.POST or None, body=row.body, owners=owners, back=row.get_absolute_url(), internal=internal,
        initial={name: getattr(row, name) for name in names},
    )  # fmt: skip
    if saved(request, form, partial(services.correct_point, row, by=request.user)):
        return redirect(row)
    return form_page(request, "meetings/new_point.html", {"form": form, "body": row.body, "point": row}, form)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody else does it from now on."""
    row = _found(request, reference)
    if refused := owning.why_not_give(request.user, row):
        if following.leads(request.user, row.body):
            return conflict(request, refused, back=row.get_absolute_url())
        raise PermissionDenied(refused)
    internal = isinstance(row, InternalPoint)
    owners = services.owners_for(row.body, by=request.user, internal=internal, meeting=row.meeting)
    form = OwnerForm(request.POST or None, body=row.body, owners=owners, back=row.get_absolute_url())
    if saved(request, form, partial(owning.give, row, by=request.user)):
        return redirect(row)
    return form_page(request, "meetings/owner.html", {"form": form, "point": row}, form)


def _new(request: HttpRequest, body: Body, *, internal: bool) -> HttpResponse:
    if refused := following.why_not_raise(request.user, body, internal=internal):
        raise PermissionDenied(refused)
    meeting = _meeting(request, body)
    item = None if internal else _item(request, meeting)
    back = meeting.get_absolute_url() if meeting else cell_page.url_of(body)
    if item is not None:
        back = reverse("meetings:minutes_item", args=[meeting.uid, item.order])
    owners = services.owners_for(body, by=request.user, internal=internal, meeting=meeting)
    form = PointForm(request.POST or None, body=body, owners=owners, back=back, internal=internal)
    if form.is_valid():
        try:
            services.raise_point(
                body, by=request.user, internal=internal, meeting=meeting, item=item, **form.cleaned_data
            )
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {"form": form, "body": body, "internal": internal, "meeting": meeting, "back": back}
    return form_page(request, "meetings/new_point.html", context, form)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def escalate(request: HttpRequest, reference: str) -> HttpResponse:
    """Put a point that is stuck to the strategic level."""
    row = _found(request, reference)
    if not keepers.is_inside(request.user):
        raise Http404
    if refused := services.why_not_escalate(request.user, row):
        raise PermissionDenied(refused)
    form = EscalateForm(request.POST or None, back=row.get_absolute_url())
    if form.is_valid():
        try:
            services.escalate(row, by=request.user, why=form.cleaned_data["why"])
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("The strategic level was told."))
            return redirect(row)
    return form_page(request, "meetings/escalate.html", {"form": form, "point": row}, form)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def escalate_incident(request: HttpRequest, reference: str) -> HttpResponse:
    """Put an access incident to the strategic level; what was answered before stands beside it."""
    incident = incidents.visible_to(request.user).select_related("case").filter(case__reference=reference).first()
    if incident is None:
        raise Http404
    body = next(iter(services.bodies_of(incident, user=request.user)), None)
    if body is None:
        raise PermissionDenied(services.no_body())
    why, back = services.why_not_put_up(incident), incident.get_absolute_url()
    if request.method == "POST" and why:
        return conflict(request, why, back=back)
    form = EscalateForm(request.POST or None, back=back)
    if form.is_valid():
        try:
            services.escalate_incident(incident, body=body, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("The strategic level was told."))
            return redirect(incident)
    rows = list(
        Escalation.objects.filter(incident=incident, body__in=points_page.noted_by(request.user)).order_by("id")
    )
    context = {"form": form, "incident": incident, "body": body, "why": why, "rows": rows, "back": back}
    return form_page(request, "meetings/escalate_incident.html", context, form)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def escalation(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer of the strategic level."""
    rows = Escalation.objects.select_related("body__country", "point", "internal_point", "incident__case", "by")
    row = rows.filter(pk=pk, body__in=points_page.noted_by(request.user)).first()
    if row is None:
        raise Http404
    if refused := services.why_not_answer(request.user, row):
        raise PermissionDenied(refused)
    if row.answered_at:
        return conflict(request, _("This was answered already."), back=_back_of(request, row))
    form = AnswerForm(request.POST or None, back=_back_of(request, row))
    if saved(request, form, partial(services.answer_escalation, row, by=request.user)):
        return redirect(_back_of(request, row))
    context = {"form": form, "row": row, "back": _back_of(request, row)}
    return form_page(request, "meetings/escalation.html", context, form)


def _back_of(request: HttpRequest, row: Escalation) -> str:
    """The point; of an incident its page for who reads it, else the page of the body."""
    if not row.incident_id:
        return row.get_absolute_url()
    reads = incidents.visible_to(request.user).filter(pk=row.incident_id).exists()
    return row.incident.get_absolute_url() if reads else cell_page.url_of(row.body)


def _found(request: HttpRequest, reference: str) -> Point:
    row = points_page.find(request.user, reference)
    if row is None:
        raise Http404
    return row


def _body(request: HttpRequest, pk: int) -> Body:
    """A body whose meetings the reader sees; of all others nobody learns whether they exist."""
    body = cell_page.find(request.user, pk)
    if body is None:
        raise Http404
    return body


def _item(request: HttpRequest, meeting: Meeting | None) -> MinutesItem | None:
    """The point of the minutes from which it comes, by its place in the address."""
    order = request.GET.get("item", "")
    if meeting is None or not (order.isascii() and order.isdigit() and len(order) < 5):
        return None
    rows = MinutesItem.objects.select_related("minutes__meeting")
    return rows.filter(minutes__meeting=meeting, order=int(order)).first()


def _meeting(request: HttpRequest, body: Body) -> Meeting | None:
    """The meeting at which it was said, named in the address."""
    try:
        uid = uuid.UUID(request.GET.get("meeting", ""))
    except ValueError:
        return None
    return Meeting.objects.filter(uid=uid, body=body).first()
