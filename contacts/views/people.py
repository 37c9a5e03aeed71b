"""One person: how they are reached, which posts they hold, which account is theirs; and how long they stay."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cmcoord.accounts import scope
from cmcoord.accounts.models import Appointment, Invitation, User
from cmcoord.accounts.roles import Perm
from cmcoord.ui.pages import conflict, form_page
from contacts import body_page, keepers, services, shown
from contacts.forms import ConsentForm, DepartForm
from contacts.models import CheckIn, Holding, Person


@login_required
@never_cache
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The person as this reader may read them; of everybody else nobody learns that there is somebody.

    The address of somebody who was merged leads to the one they turned out to be.
    """
    row = _found(request, pk)
    if row is None:
        one = shown.merged_into(pk, request.user)
        if one is None:
            raise Http404
        return redirect(one)
    keeps = keepers.keeps_person(request.user, row)
    held = [one for one in row.holdings.all() if shown.reads_post(request.user, one.post)]
    account = row.user if keepers.is_own(row.user, row) else None
    now = timezone.now()
    for one in held:
        one.stale = one.left_at is None and one.is_stale(now)
    context = {
        "person": row,
        "reach": shown.reach_of(row, request.user),
        "now": [one for one in held if one.left_at is None],
        "before": [one for one in held if one.left_at],
        "seats": body_page.seats_of(row, request.user),
        "keeps": keeps,
        "may_answer": keeps or account == request.user,
        "account": account,
        "appointments": _appointments(request.user, account, keeps),
        "accounts": _accounts(row) if keeps and account is None else [],
        "invitations": Invitation.objects.open().filter(email__in=_mails(row)) if keeps and not account else [],
        "administers": scope.has_perm(request.user, Perm.MANAGE_ACCOUNTS),
    }
    return render(request, "contacts/person.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person shares: said by themself, or told to whoever keeps their post."""
    row = _readable(request, pk)
    if not (keepers.is_own(request.user, row) or keepers.keeps_person(request.user, row)):
        raise Http404
    if "ask" in request.POST or "nothing" in request.POST:
        act = services.ask_consent if "ask" in request.POST else services.withdraw
        try:
            act(row, by=request.user)
        except ValidationError as problem:
            return conflict(request, " ".join(problem.messages), back=row.get_absolute_url())
        messages.success(request, _("Asked.") if "ask" in request.POST else _("Saved."))
        return redirect(row)
    form = ConsentForm(request.POST or None, person=row, back=row.get_absolute_url())
    if form.is_valid():
        try:
            services.answer_consent(row, by=request.user, **form.said())
        except ValidationError as problem:
            return conflict(request, " ".join(problem.messages), back=row.get_absolute_url())
        messages.success(request, _("Saved."))
        return redirect(row)
    return form_page(request, "contacts/consent.html", {"form": form, "person": row}, form)


@login_required
@require_POST
def link_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Which account is this person's."""
    row = _readable(request, pk)
    user = next((one for one in _accounts(row) if str(one.pk) == request.POST.get("account")), None)
    if user is None:
        raise Http404
    try:
        services.link_account(row, by=request.user, user=user)
    except ValidationError as problem:
        return conflict(request, " ".join(problem.messages), back=row.get_absolute_url())
    messages.success(request, _("Saved."))
    return redirect(row)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def depart(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day in a post."""
    holding = _holding(request, pk)
    form = DepartForm(request.POST or None, back=holding.get_absolute_url(), initial={"ends": holding.ends})
    if form.is_valid():
        try:
            services.plan_departure(holding, by=request.user, ends=form.cleaned_data["ends"])
        except ValidationError as problem:
            form.add_error("ends", problem.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect(holding)
    return form_page(request, "contacts/depart.html", {"form": form, "holding": holding}, form)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Confirm, verify, or stay after all."""
    holding = _holding(request, pk)
    own = keepers.is_own(request.user, holding.person)
    how = CheckIn.How.PAGE if own or not keepers.may_verify(request.user, holding.post) else CheckIn.How.OCHA
    try:
        if what == "confirm":
            services.check_in(holding, by=request.user, how=how)
        elif what in ("verify", "stay"):
            {"verify": services.verify, "stay": services.stay}[what](holding, by=request.user)
        else:
            raise Http404
    except ValidationError as problem:
        return conflict(request, " ".join(problem.messages), back=holding.get_absolute_url())
    messages.success(request, _("Saved."))
    return redirect(holding)


def _readable(request: HttpRequest, pk: int) -> Person:
    found = _found(request, pk)
    if found is None:
        raise Http404
    return found


def _found(request: HttpRequest, pk: int) -> Person | None:
    held = Holding.objects.select_related("post__country", "post__station", "post__organisation")
    return (
        shown.people_for(request.user)
        .filter(pk=pk)
        .select_related("user__organisation")
        .prefetch_related(Prefetch("holdings", held), "telephones", "addresses")
        .first()
    )


def _holding(request: HttpRequest, pk: int) -> Holding:
    found = Holding.objects.filter(pk=pk).select_related(
        "person", "post__country", "post__station", "post__organisation"
    )
    holding = found.first()
    if holding is None or not services.may_confirm(request.user, holding):
        raise Http404
    return holding


def _mails(row: Person) -> list[str]:
    return [mail.email for mail in row.addresses.all()]


def _accounts(row: Person) -> list[User]:
    """Accounts with one of the person's addresses, in an organisation of their posts: which of them is theirs?"""
    organisations = {one.post.organisation_id for one in keepers.latest_of(row)}
    found = User.objects.filter(email__in=_mails(row), organisation__in=organisations, is_active=True, contact=None)
    return list(found.select_related("organisation"))


def _appointments(reader: User, account: User | None, keeps: bool) -> list[Appointment]:
    """The rights that come with the account: for the person, whoever keeps a post of theirs, and administrators."""
    if account is None or not (keeps or account == reader or scope.has_perm(reader, Perm.MANAGE_ACCOUNTS)):
        return []
    return list(Appointment.objects.in_force().filter(user=account).for_pages())
