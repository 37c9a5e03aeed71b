"""A list of contacts on its way in: the template, the upload, the preview, the choices, the yes, and giving it up."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cmcoord.accounts.models import Organisation
from cmcoord.places.models import DutyStation
from cmcoord.ui.downloads import template_download
from cmcoord.ui.pages import conflict, form_page
from contacts import keepers
from contacts.importing.columns import COLUMNS
from contacts.list_forms import AgreeForm, ChoicesForm, ContactListForm
from contacts.models import Capacity, CmcoordRole, ContactLine, ContactList, Language
from contacts.services import lists

SIZE = 50  # rows of a page
SOON = "3"  # seconds until a page about work that goes on asks again, without script too
State = ContactLine.State
SHOWN = {
    "read": (State.ALIKE, State.WRONG, State.FRESH, State.MORE, State.KNOWN),
    "done": (State.WRONG, State.LEFT),
}
CHOSEN_ABOUT = (State.ALIKE, State.FRESH, State.MORE)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a list; what it would bring is shown next."""
    _keepers_only(request)
    country = keepers.country_of(request.user)
    form = ContactListForm(request.POST or None, request.FILES or None, user=request.user, country=country)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            kept = lists.keep_list(
                by=request.user, country=country, name=form.name, content=values["file"].read(),
                organisation=values["organisation"], station=values["station"], role=values["role"],
            )  # fmt: skip
        except ValidationError as problem:
            form.add_error("file", problem)
        else:
            return redirect(kept)
    before = ContactList.objects.filter(by=request.user).defer("content")[:5]
    words = [
        (_("Role in the coordination"), CmcoordRole.labels),
        (_("Holder or alternate"), Capacity.labels),
        (_("Languages"), Language.labels),
    ]
    context = {"form": form, "columns": COLUMNS, "words": words, "before": before}
    return form_page(request, "contacts/list_new.html", context, form)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the list is, and what it would bring; agreeing takes it over."""
    kept = _mine(request, pk)
    count = lists.counted(kept)
    form = AgreeForm(request.POST if request.method == "POST" else None, wrong=count[State.WRONG])
    if request.method == "POST" and form.is_valid():
        try:
            lists.agree(kept, by=request.user, without_wrong=form.cleaned_data.get("without_wrong", False))
        except ValidationError as problem:
            if kept.state != ContactList.State.READ:
                return conflict(request, " ".join(problem.messages), back=kept.get_absolute_url())
            form.add_error(None, problem)
        else:
            return redirect(kept)
    context = {"kept": kept, "form": form, "count": count} | _rows(request, kept, count)
    if kept.state == ContactList.State.READ:
        context["to_take"] = lists.to_take(kept)
    if kept.state == ContactList.State.TAKING:
        context["of"] = kept.count + lists.to_take(kept)
    page = form_page(request, "contacts/list.html", context, form)
    if kept.is_working:
        page.headers["Refresh"] = SOON
    return page


@login_required
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what somebody chose about the rows of one page."""
    kept = _mine(request, pk)
    told = [name[4:] for name in request.POST if name.startswith("row-")]
    numbers = [int(number) for number in told if number.isdecimal() and len(number) < 10][:SIZE]
    form = ChoicesForm(request.POST, lines=list(kept.lines.filter(number__in=numbers, state__in=CHOSEN_ABOUT)))
    try:
        if not form.is_valid():
            raise ValidationError(_("Choose one from the list."))
        lists.choose(kept, by=request.user, choices=form.choices())
    except ValidationError as problem:
        return conflict(request, " ".join(problem.messages), back=kept.get_absolute_url())
    messages.success(request, _("Saved."))
    return redirect(f"{kept.get_absolute_url()}?{request.GET.urlencode()}")


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the list up."""
    kept = _mine(request, pk)
    try:
        lists.cancel(kept, by=request.user)
    except ValidationError as problem:
        return conflict(request, " ".join(problem.messages), back=kept.get_absolute_url())
    return redirect(kept)


@login_required
@require_GET
def template(request: HttpRequest, form: str) -> HttpResponse:
    """An empty list with the headings in the reader's language."""
    _keepers_only(request)
    headings = [(str(column.heading), column.required) for column in COLUMNS]
    about = [(_("Role in the coordination"), ", ".join(map(str, CmcoordRole.labels)))]
    try:
        return template_download(form, _("contacts"), _("Contacts"), headings, about)
    except KeyError:
        raise Http404 from None


def _rows(request: HttpRequest, kept: ContactList, count) -> dict:
    """The rows in one state, and a way to those in the others."""
    shown = [state for state in SHOWN.get(kept.state, ()) if count[state]]
    if not shown:
        return {}
    wanted = request.GET.get("rows", "")
    state = next((each for each in shown if each == wanted), shown[0])
    after = request.GET.get("after", "")
    after = int(after) if after.isdecimal() and len(after) < 10 else 0
    found = list(lists.rows_of(kept, state, after, SIZE + 1))
    lines = found[:SIZE]
    labels = {code: label.capitalize() for code, label in ContactLine.State.choices}
    chooser = ChoicesForm(lines=lines) if kept.state == ContactList.State.READ and state in CHOSEN_ABOUT else None
    return {
        "tabs": [
            {"label": labels[each], "url": f"?rows={each}", "current": each == state, "count": count[each]}
            for each in shown
        ],
        "state": state,
        "lines": [(line, chooser[f"row-{line.number}"] if chooser else None) for line in lines],
        "chooser": chooser,
        "names": _names(lines),
        "here": f"rows={state}&after={after}",
        "older": f"?rows={state}&after={lines[-1].number}" if len(found) > SIZE else "",
        "newer": f"?rows={state}" if after else "",
    }


def _names(lines: list[ContactLine]) -> dict[str, dict[int, str]]:
    """Of organisations and stations that the rows name."""
    told = [line.values for line in lines]
    organisations = Organisation.objects.filter(pk__in={one.get("organisation") for one in told})
    stations = DutyStation.objects.filter(pk__in={one.get("station") for one in told})
    return {
        "organisations": {row.pk: str(row) for row in organisations},
        "stations": {row.pk: str(row) for row in stations},
    }


def _keepers_only(request: HttpRequest) -> None:
    if not keepers.keeps_something(request.user):
        raise PermissionDenied(_("Posts are kept by requesting organisations and by OCHA."))


def _mine(request: HttpRequest, pk: int) -> ContactList:
    """A list of this person's own; of all others nobody learns whether they exist."""
    kept = ContactList.objects.filter(pk=pk, by=request.user).select_related("country", "by").defer("content").first()
    if kept is None or not keepers.keeps_something(request.user):
        raise Http404
    return kept
