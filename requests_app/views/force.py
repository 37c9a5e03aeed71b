"""The pages of a force: its list, one request as its papers tell it, its answers and logs.

They read ForceFile, Extract, Acknowledgement, ForceReply and RotationLog, never a field of Case. What stops a person of
the force is said in words that the force's own papers explain; what is hidden and what is absent answer the same.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.ui.pages import form_page
from requests_app import papers, services
from requests_app.forms import force as forms
from requests_app.models import Case, Extract, ForceFile, ForceReply, OnBehalf, RotationLog
from requests_app.papers import Sheet, Stage

PAGE = 25


@dataclass(frozen=True)
class Act:
    """One act of the force: its button, its form (None: one button), the sentence afterwards."""

    label: str | Promise
    form: type[forms.ReadForm] | None
    done: str | Promise
    kind: str = "line"


ACTS: dict[str, Act] = {
    "acknowledge": Act(
        gettext_lazy("Acknowledge receipt"), None, gettext_lazy("OCHA sees that you received it."), "main"
    ),
    "accept": Act(
        pgettext_lazy("reply of the force", "Accept"), forms.AcceptForm, gettext_lazy("OCHA has your answer."), "main"
    ),
    "limit": Act(gettext_lazy("Accept with limits"), forms.LimitForm, gettext_lazy("OCHA has your answer.")),
    "counter": Act(gettext_lazy("Counter-proposal"), forms.CounterForm, gettext_lazy("OCHA has your proposal.")),
    "decline": Act(gettext_lazy("Decline"), forms.DeclineForm, gettext_lazy("OCHA has your answer."), "danger"),
    "log": Act(gettext_lazy("Log the movement"), forms.LogForm, gettext_lazy("It is logged."), "main"),
    "confirm": Act(gettext_lazy("That is what I said"), None, gettext_lazy("OCHA sees that you confirmed it."), "main"),
    "dispute": Act(gettext_lazy("That is not what I said"), forms.DisputeForm, gettext_lazy("OCHA was told.")),
}
MOVE_OF = {"confirm": "confirm_record", "dispute": "dispute_record"}
COLOURS = {
    Stage.RECEIVED: "amber",
    Stage.ACKNOWLEDGED: "amber",
    Stage.ACCEPTED: "green",
    Stage.LIMITED: "green",
    Stage.COUNTERED: "violet",
    Stage.SCHEDULED: "blue",
    Stage.UNDERWAY: "blue",
    Stage.COMPLETED: "green",
    Stage.ABORTED: "red",
    Stage.SUSPENDED: "red",
    Stage.STOOD_DOWN: "red",
}


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@never_cache
@login_required
@require_safe
def force_list(request: HttpRequest) -> HttpResponse:
    """Everything that was sent to the person's force: first what waits for it, then what is ahead, then all others."""
    if not any(grant.perm == Perm.ANSWER_AS_FORCE for grant in scope.grants(request.user)):
        raise Http404
    after = _key(request.GET.get("after", ""))
    found = list(_after(ForceFile.objects.held_by(request.user), after)[: PAGE + 1])
    files, more = found[:PAGE], len(found) > PAGE
    now = timezone.now()
    sections = [
        {"title": ForceFile.Place(place).label, "rows": [_row(file, now) for file in rows]}
        for place, rows in groupby(files, key=lambda file: file.place)
    ]
    older = f"{files[-1].place}.{files[-1].sort_key}.{files[-1].pk}" if more else ""
    return render(request, "requests_app/force_list.html", {"sections": sections, "older": older, "first": not after})


def _row(file: ForceFile, now) -> dict[str, Any]:
    stage = Stage(file.stage)
    if file.ends_at and now > file.ends_at and stage not in (Stage.UNDERWAY, *papers.OVER):
        stage = Stage.ENDED
    return {"file": file, "stage": stage.label, "colour": COLOURS.get(stage, "grey")}


def _key(text: str) -> tuple[int, int, int] | None:
    """The place after which a further page begins; anything else is the first page."""
    parts = text.split(".")
    try:
        place, sort_key, pk = (int(part) for part in parts)
    except ValueError:
        return None
    return place, sort_key, pk


def _after(files, key: tuple[int, int, int] | None):
    if key is None:
        return files
    place, sort_key, pk = key
    return files.filter(place__gte=place).filter(
        Q(place__gt=place) | Q(sort_key__gt=sort_key) | Q(sort_key=sort_key, pk__gt=pk)
    )


# ── one request ──────────────────────────────────────────────────────────────────────────────────────────────────────


def sheet_of(file: ForceFile) -> Sheet:
    """All that the force knows of one request: four queries. Of the convoy's logs only the fact is read."""
    extracts = (
        Extract.objects.filter(organisation=file.organisation_id, force_reference=file.force_reference)
        .select_related("acknowledgement__by", "acknowledgement__on_behalf")
        .order_by("number")
    )
    replies = ForceReply.objects.filter(
        extract__organisation=file.organisation_id, extract__force_reference=file.force_reference
    ).select_related("by", "on_behalf", "other_force", "other_axis")
    logs = RotationLog.objects.filter(case=file.case_id)
    convoy = logs.exclude(side=forms.FORCE).order_by("id").values_list("number", "what", "is_last")
    return Sheet(
        extracts=list(extracts),
        replies=list(replies.order_by("id")),
        own_logs=list(logs.filter(side=forms.FORCE).select_related("by", "on_behalf").order_by("id")),
        convoy_logs=[papers.LogFact(number, what, is_last) for number, what, is_last in convoy],
    )


@never_cache
@login_required
@require_safe
def force_case(request: HttpRequest, reference: str) -> HttpResponse:
    """One request, composed from its papers: how it stands, what is expected, what was sent and answered."""
    file = _file(request, reference)
    sheet, now = sheet_of(file), timezone.now()
    return render(request, "requests_app/force_case.html", _page(request, file, sheet, now))


def _file(request: HttpRequest, reference: str) -> ForceFile:
    files = ForceFile.objects.held_by(request.user).select_related("country", "organisation")
    return get_object_or_404(files, force_reference=reference)


def _page(request: HttpRequest, file: ForceFile, sheet: Sheet, now) -> dict[str, Any]:
    stage = Stage(sheet.stage(now))
    return {
        "file": file,
        "sheet": sheet,
        "stage": stage.label,
        "colour": COLOURS.get(stage, "grey"),
        "urgency": file.get_urgency_display() if file.urgency != "routine" else "",
        "expect": _expected(sheet, stage, now),
        "acts": (acts := _acts(file, sheet, now)),
        "receipt_is_main": not any(act["kind"] == "main" and not act["why"] for act in acts),
        "papers": [_paper(paper) for paper in reversed(sheet.extracts)],
        "several": len(sheet.waiting) > 1,
        "telephone": next((fact.value for fact in sheet.facts if fact.kind == "telephone"), ""),
        "client_key": uuid.uuid4(),
        "rotations": _rotations(sheet),
        "happened": _happened(sheet),
        "recorded": _recorded(request, file, sheet),
    }


def _acts(file: ForceFile, sheet: Sheet, now) -> list[dict[str, Any]]:
    return [
        {
            "label": ACTS[code].label,
            "kind": "line" if code == "log" and sheet.waiting else ACTS[code].kind,
            "url": reverse("requests:force_act", args=[file.force_reference, code]),
            "why": sheet.why_not(code, now),
        }
        for code in sheet.offers(now)
    ]


def _expected(sheet: Sheet, stage: Stage, now) -> dict[str, Any]:
    """What the force is asked to do now, by when; or, in quiet words, that it need do nothing."""
    due = sheet.due_at(now)
    words = {
        Stage.RECEIVED: (_("Please acknowledge and reply"), _("Your reply acknowledges receipt too.")),
        Stage.ACKNOWLEDGED: (_("Please reply"), _("Accept, accept with limits, make a counter-proposal, or decline.")),
        Stage.ACCEPTED: (_("OCHA has your answer"), _("OCHA will send the schedule.")),
        Stage.LIMITED: (_("OCHA has your answer"), _("OCHA will tell you how it goes on.")),
        Stage.COUNTERED: (_("OCHA has your answer"), _("OCHA will tell you how it goes on.")),
        Stage.NOT_TAKEN_UP: (_("Counter-proposal not taken up"), _("Nothing more is expected from you.")),
        Stage.DECLINED: (_("You declined"), _("Nothing more is expected from you.")),
        Stage.SCHEDULED: (_("Scheduled"), _("Please log the start when the movement begins.")),
        Stage.UNDERWAY: (_("Under way"), _("Please log the end of each rotation.")),
        Stage.COMPLETED: (_("Completed"), _("Nothing more is expected from you.")),
        Stage.ABORTED: (_("Aborted"), _("Nothing more is expected from you.")),
        Stage.SUSPENDED: (_("Suspended"), _("The escort does not take place until OCHA tells you otherwise.")),
        Stage.STOOD_DOWN: (_("Stood down"), _("The escort does not take place.")),
        Stage.ENDED: (_("Ended"), _("The approved period is over. The escort does not take place.")),
    }
    title, text = words[stage]
    if sheet.waiting and stage != Stage.RECEIVED:
        text = f"{text} {_('Please acknowledge what was sent.')}"
    if due is not None and due < now or stage in (Stage.SUSPENDED, Stage.STOOD_DOWN):
        colour = "red"
    else:
        colour = "" if sheet.expects(now) else "quiet"
    return {"title": title, "text": text, "due": due if sheet.expects(now) else None, "colour": colour}


def _paper(paper: Extract) -> dict[str, Any]:
    received = papers.acknowledgement_of(paper)
    return {
        "paper": paper,
        "facts": papers.facts_of(paper),
        "received": received,
        "by": papers.signer_of(received) if received else "",
    }


def _rotations(sheet: Sheet) -> list[dict[str, Any]]:
    """Each rotation: what the force logged, with hour and remark, and what the convoy logged, as a fact."""
    labels = dict(RotationLog.What.choices)
    numbers = range(1, sheet.rotations_allowed + 1) if sheet.logs else ()
    return [
        {
            "number": number,
            "own": [log for log in sheet.own_logs if log.number == number],
            "convoy": [labels[log.what] for log in sheet.convoy_logs if log.number == number],
        }
        for number in numbers
    ]


def _happened(sheet: Sheet) -> list[dict[str, Any]]:
    """What was sent, received, answered and logged, newest first."""
    told = [
        {"at": paper.sent_at, "sentence": _("OCHA sent paper no. %(number)d: %(kind)s.") % _named(paper), "key": True}
        for paper in sheet.extracts
    ]
    for paper in sheet.extracts:
        received = papers.acknowledgement_of(paper)
        if received:
            sentence = _("Paper no. %(number)d was acknowledged.") % {"number": paper.number}
            told.append({"at": received.at, "sentence": sentence, "by": papers.signer_of(received)})
    told += [
        {"at": reply.at, "sentence": reply.get_reply_display(), "by": papers.signer_of(reply), "key": True}
        for reply in sheet.replies
    ]
    told += [
        {
            "at": log.happened_at,
            "sentence": _("Rotation %(number)d: %(what)s.") % {"number": log.number, "what": log.get_what_display()},
            "by": papers.signer_of(log),
        }
        for log in sheet.own_logs
    ]
    return sorted(told, key=lambda line: line["at"], reverse=True)


def _named(paper: Extract) -> dict[str, Any]:
    return {"number": paper.number, "kind": paper.get_kind_display()}


def _recorded(request: HttpRequest, file: ForceFile, sheet: Sheet) -> list[dict[str, Any]]:
    """What OCHA wrote down for this person, to confirm or dispute: the oldest first, as it is asked."""
    rows = OnBehalf.objects.filter(
        case=file.case_id, person=request.user, confirmed_at=None, disputed_at=None
    ).order_by("id")[:1]
    return [{"row": row, "what": _recorded_what(row, sheet)} for row in rows]


def _recorded_what(row: OnBehalf, sheet: Sheet) -> str:
    reply = next((reply for reply in sheet.replies if reply.on_behalf_id == row.pk), None)
    if reply:
        return ": ".join(part for part in (str(reply.get_reply_display()), reply.text) if part)
    log = next((log for log in sheet.own_logs if log.on_behalf_id == row.pk), None)
    if log:
        return _("Rotation %(number)d: %(what)s.") % {"number": log.number, "what": log.get_what_display()}
    return _("Receipt was acknowledged.")


# ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@never_cache
@login_required
def force_act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """One answer, receipt or log: a form, or one button; its POST makes the move."""
    file = _file(request, reference)
    rule = ACTS.get(act)
    if rule is None:
        raise Http404
    sheet = sheet_of(file)
    if rule.form is None:
        return _press(request, file, sheet, act) if request.method == "POST" else redirect(file)
    why = "" if act == "dispute" else sheet.why_not(act, timezone.now())
    if why and not _sent_before(request):
        return _stopped(request, file, why)
    form = rule.form(request.POST or None, file=file, sheet=sheet)
    if request.method == "POST" and form.is_valid():
        refused = _make(request, file, _code(act, sheet), form.facts())
        if refused is None:
            messages.success(request, rule.done)
            return redirect(file)
        if refused.kind != "need" or why:
            return _too_late(request, file, act, form)
        form.add_error(None, refused.sentence)
    context = {"file": file, "form": form, "label": rule.label, "brief": _brief(sheet)}
    return form_page(request, "requests_app/force_act.html", context, form)


def _press(request: HttpRequest, file: ForceFile, sheet: Sheet, act: str) -> HttpResponse:
    """A button without a form: the receipt of one paper or of all that were on the screen, or a confirmation."""
    facts: dict[str, Any] = {"client_key": _uuid(request.POST.get("client_key", ""))}
    code = MOVE_OF.get(act, "")
    if act == "acknowledge":
        number, seen = _number(request.POST.get("number")), _number(request.POST.get("seen"))
        meant = [paper for paper in sheet.waiting if number in (None, paper.number)]
        is_step = sheet.request in meant and sheet.stage(timezone.now()) == Stage.RECEIVED
        code = "acknowledge" if is_step else "receive"
        facts |= {"seen": seen or 0} if number is None else {"numbers": [number]}
    refused = _make(request, file, code, facts)
    if refused is not None:
        return _too_late(request, file, act)
    messages.success(request, ACTS[act].done)
    return redirect(file)


def _code(act: str, sheet: Sheet) -> str:
    """The first log of all starts the movement; every other one is logged beside it."""
    if act == "log":
        return "log" if sheet.logs else "start"
    return MOVE_OF.get(act, act)


def _make(request: HttpRequest, file: ForceFile, code: str, facts: dict[str, Any]) -> services.Refused | None:
    try:
        services.make_move(Case(pk=file.case_id), code, by=request.user, **facts)
    except services.Refused as refused:
        if refused.kind in ("undeclared", "right"):
            raise Http404 from refused
        return refused
    return None


def _too_late(request: HttpRequest, file: ForceFile, act: str, form: forms.ReadForm | None = None) -> HttpResponse:
    """The state changed meanwhile: said by the force's own papers, never by the state of the case."""
    sheet = sheet_of(file)
    seen = _number(request.POST.get("seen"))
    if seen is not None and sheet.last_number > seen:
        why = _("Meanwhile OCHA sent paper no. %(number)d. Please read it first.") % {"number": sheet.last_number}
    elif act in MOVE_OF:
        why = _("Nothing waits for your confirmation any more.")
    else:
        why = sheet.why_not(act, timezone.now())
    return _stopped(request, file, why or _("This is not possible now."), form.typed() if form else [])


def _stopped(request: HttpRequest, file: ForceFile, why: str, typed: list[tuple] | None = None) -> HttpResponse:
    """409 with the reason, and with what was typed, so that nothing is lost."""
    context = {"file": file, "why": why, "typed": typed}
    return render(request, "requests_app/force_stopped.html", context, status=409)


def _sent_before(request: HttpRequest) -> bool:
    """A POST with its key may be the second click of one that was made; the service knows."""
    return request.method == "POST" and _uuid(request.POST.get("client_key", "")) is not None


def _brief(sheet: Sheet) -> list[papers.Fact]:
    """What stands above a form: enough to know which movement is meant."""
    wanted = ("task", "departure_at", "window_to", "axis", "rotations", "valid_from", "valid_to")
    keys = [papers.KEYS[name] for name in wanted]
    return [fact for fact in sheet.facts if fact.key in keys]


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 6 else None
