"""The posts of an organisation: the list, one post, who holds it next."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cmcoord.accounts import kept_words
from cmcoord.ui.pages import conflict, form_page
from contacts import keepers, services, shown
from contacts.forms import DescribeForm, HandOverForm, HolderForm, PostForm
from contacts.models import Capacity, Handover, Post

SHOWN = 200


@login_required
@never_cache
@require_GET
def posts(request: HttpRequest) -> HttpResponse:
    """The posts that this person keeps, by organisation."""
    _keepers_only(request)
    found = list(
        keepers.kept_by(request.user).with_holders().order_by("organisation__acronym", "function", "pk")[: SHOWN + 1]
    )
    now = timezone.now()
    for row in found:
        for one in row.in_post:
            one.reach, one.stale = shown.reach_of(one, request.user), one.is_stale(now)
    return render(request, "contacts/posts.html", {"posts": found[:SHOWN], "more": len(found) > SHOWN})


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new post with who holds it."""
    _keepers_only(request)
    country = keepers.country_of(request.user)
    form = PostForm(
        request.POST or None, user=request.user, today=country.today, country=country.pk,
        back=reverse("contacts:posts"), label=_("Keep this post"),
    )  # fmt: skip
    if form.is_valid():
        values = form.cleaned_data
        try:
            post = services.open_post(
                by=request.user, organisation=values["organisation"], station=values["station"],
                function=values["function"], starts=values["starts"], details=form.details(),
                holder=None if values["vacant"] else form.holder(),
            )  # fmt: skip
        except ValidationError as problem:
            _say(form, problem)
        except PermissionDenied as refusal:
            form.add_error("station", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(post)
    return form_page(request, "contacts/new.html", {"form": form}, form)


@login_required
@never_cache
@require_GET
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """One post: what it is for, who holds it, how it is reached; for whoever keeps it, who held it before too."""
    row = shown.posts_for(request.user).with_holders().filter(pk=pk).first()
    if row is None:
        raise Http404
    keeps = keepers.may_keep(request.user, row)
    now, standing = timezone.now(), row.holdings.select_related("person")
    for one in row.in_post:
        one.reach, one.stale = shown.reach_of(one, request.user), one.is_stale(now)
        one.own = keepers.is_own(request.user, one.person)
        one.oneself = keepers.is_oneself(request.user, one.person)
    inside = keepers.is_inside(request.user)
    before = list(standing.exclude(left_at=None)[:20]) if keeps else []
    opens = set(shown.people_for(request.user).filter(holdings__in=before).values_list("pk", flat=True))
    context = {
        "post": row,
        "keeps": keeps,
        "inside": inside,
        "verifies": keepers.may_verify(request.user, row),
        "lines": shown.lines_of(row, request.user),
        "covers": row.covers.order_by("name"),
        "next": standing.filter(left_at=None, starts__gt=row.country.today) if keeps else (),
        "handovers": Handover.objects.filter(holding__post=row, closed_at=None).select_related("holding__person")
        if keeps and not row.closed_at
        else (),
        "before": [(one, one.person_id in opens) for one in before],
    }
    return render(request, "contacts/post.html", context)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def holder(request: HttpRequest, pk: int) -> HttpResponse:
    """How whoever is in post is reached, and with whom that is shared."""
    row = _mine(request, pk)
    capacity = request.GET.get("as", Capacity.HOLDER)
    held = row.alternate if capacity == Capacity.ALTERNATE else row.holder
    if row.closed_at or held is None:
        return conflict(request, _("Nobody holds this post now."), back=row.get_absolute_url())
    form = HolderForm(
        request.POST or None, country=row.country_id, back=row.get_absolute_url(), label=_("Save"),
        person=held.person, initial=HolderForm.initial_of(held.person),
    )  # fmt: skip
    if form.is_valid():
        try:
            services.change_holder(row, by=request.user, holder=form.holder(), capacity=held.capacity)
        except ValidationError as problem:
            _say(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(row)
    return form_page(request, "contacts/holder.html", {"form": form, "post": row}, form)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """What a post is for, and how it is reached whoever holds it."""
    row = _mine(request, pk)
    form = DescribeForm(request.POST or None, post=row)
    if form.is_valid():
        try:
            services.describe_post(row, by=request.user, details=form.details())
        except ValidationError as problem:
            _say(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(row)
    return form_page(request, "contacts/describe.html", {"form": form, "post": row}, form)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Who holds the post next, or answers in its holder's place."""
    row = _mine(request, pk)
    form = HandOverForm(
        request.POST or None, post=row, user=request.user, country=row.country_id, back=row.get_absolute_url(),
        label=_("Hand the post over"), initial={"starts": row.country.today, "capacity": request.GET.get("as")},
    )  # fmt: skip
    if form.is_valid():
        try:
            services.hand_over(
                row, by=request.user, holder=form.holder(), starts=form.cleaned_data["starts"],
                capacity=form.cleaned_data["capacity"] or Capacity.HOLDER,
            )  # fmt: skip
        except ValidationError as problem:
            _say(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(row)
    return form_page(request, "contacts/hand_over.html", {"form": form, "post": row}, form)


@login_required
@require_POST
def end(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The holder leaves without a successor, or the post is no more."""
    row = _mine(request, pk)
    act = {"leave": services.leave, "close": services.close_post}.get(what)
    if act is None:
        raise Http404
    try:
        act(row, by=request.user)
    except ValidationError as problem:
        return conflict(request, " ".join(problem.messages), back=row.get_absolute_url())
    messages.success(request, _("Saved."))
    return redirect(row)


def _say(form, problem: ValidationError) -> None:
    for name, sentences in getattr(problem, "message_dict", {None: problem.messages}).items():
        form.add_error(name if name in form.fields else None, sentences)


def _keepers_only(request: HttpRequest) -> None:
    if not keepers.keeps_something(request.user):
        raise PermissionDenied(_("Posts are kept by requesting organisations and by OCHA."))


def _mine(request: HttpRequest, pk: int) -> Post:
    """A post that this person keeps; of all others nobody learns whether they exist."""
    row = shown.posts_for(request.user).with_holders().filter(pk=pk).first()
    if row is None or not keepers.may_keep(request.user, row):
        raise Http404
    return row
