"""Which side may read which field of a request and of what grew around it? (domain.md §3.1, §3.2, §4; activity.barrier)

A line's `readers` are the sides; of a side only those people read it who see the row (ROWS): the case by its
visibility, words for an audience by that audience, papers of a force by that force.
"""

from __future__ import annotations

from functools import partial

from cmcoord.activity.barrier import (
    HUMANITARIANS,
    Consent,
    Line,
    Release,
    Rows,
    Sensitivity,
    Side,
    Stage,
    Table,
    fields,
    inside,
    machinery,
    told,
)
from requests_app import consensus, convoy, figures, reverse_audience
from requests_app.classes import is_named
from requests_app.models import Case, Comment, ForceFile, ReverseRequest
from requests_app.services.reviewing import audiences_for
from requests_app.sources import stage_of
from requests_app.visibility import handles

SUM = Release.REWRITTEN
# What a force gets of a request, once its organisation has agreed that this force reads it (domain.md §4.4).
agreed = partial(told, consent=Consent.ORGANISATION)
SCHEDULED = Stage.SCHEDULED
# Who of the humanitarian side signed is not a force's affair: it reads "OCHA", and its own people by name.
SIGNED = "by acting_for on_behalf capacity"
LIMITS = {
    "force": agreed("R"),
    "axis": agreed("C"),
    "area": agreed("R"),
    **fields(agreed("R"), "valid_from valid_to rotations conditions condition_text"),
}

LINES: Table = {
    "requests_app.ProposedPolicy": fields(
        inside("R"),
        "id country values clocks in_force_from reason by acting_for at confirmed_by confirmed_at profile refused_by "
        "refused_at refusal",
    ),
    "requests_app.CaseLink": fields(inside("R"), "id case other by at"),
    "requests_app.AccessIncident": {
        **fields(inside("R"), "id case kind status drafted_at answered_by answered_at"),
        "text": inside("C"),
    },
    "requests_app.Case": {
        **fields(inside("R"), "id reference country profile status sensitivity station origin_station imported"),
        **fields(inside("R"), "destination_station created_by created_at updated_at language un_on_board"),
        **fields(
            inside("R"), "submitted_at forwarded_at transmitted_at due_at deviated ends_at decision team_consultation"
        ),
        **fields(inside("R"), "consent_partners consent_force consent_public"),
        "version": inside("R"),  # each form carries the one that its reader had before their eyes
        "client_key": machinery("R"),
        **fields(agreed("R"), "force_reference request_type urgency organisation critical_by origin destination"),
        **fields(agreed("R"), "rotations cargo no_weapons force exit_plan asset_category asset_quantity"),
        **fields(agreed("R"), "capability_needed area"),
        "passenger_count": agreed("C"),  # the number, never a list
        **fields(agreed("R", release=SUM), "need people mitigation"),  # OCHA writes the task in its place
        **fields(agreed("C"), "axis departure_at window_to vehicles"),  # of the vehicles the number, never a list
        "leader": agreed("C"),  # asked for as a function, never a name
        **fields(inside("C"), "why_safer neutrality risks risk_imposed risk_harm risk_authorities risk_boarding"),
        **fields(inside("C"), "risk_dependency risk_comparable risk_replacing risk_objection risk_unasked risk_joint"),
        # The urgent procedure: the number of whoever called, for OCHA; of patients what the force needs to fly.
        **fields(inside("R"), "civilian_within_hour form_due_at writing_due_at"),
        "call_back": inside("C"),
        **fields(agreed("C"), "patients triage"),
        # A patrol: the force reads the number of movements and whether it may be a mixed one; never whose they are.
        **fields(agreed("R"), "movements_count mixed_patrol"),
        **fields(inside("R"), "patrol_reason instead_of"),
        "search_text": machinery("C"),
    },
    "requests_app.Alternative": fields(inside("R"), "id case option asked_to tried_on outcome note"),
    "requests_app.CaseFile": fields(
        inside("C"),
        "id case file name content_type size notes_stay uploaded_by uploaded_at withdrawn_by withdrawn_at "
        "withdrawn_reason",
    )
    | fields(machinery("C"), "sha256"),
    "requests_app.ArrivingFile": {
        **fields(inside("C"), "id key case by name size received last_at file"),
        "sha256": machinery("C"),
    },
    "requests_app.FilePiece": fields(machinery("C"), "id arriving offset sha256 data"),
    "requests_app.Classification": fields(inside("R"), "id case record row sensitivity by at"),
    "requests_app.CaseUserPermission": fields(inside("R"), "id permission user content_object"),
    # The execution sheet: to the force as a supplement of its schedule, and nothing of it before (column "Force", "Y
    # after state 11"); names are for named roles, and for the force as long as the convoy is on its way.
    "requests_app.ExecutionSheet": {
        **fields(inside("R"), "id case updated_at updated_by names_destroyed_at programme_criticality join_allowed"),
        "is_complete": inside("R"),
        **fields(machinery("R"), "version sent_version"),
        **fields(inside("R"), "community_message authority_notified names_needed exit_review_on"),
        **fields(agreed("R", stage=SCHEDULED), "convoy_name handling cost_arrangement escort_rules escort_distance"),
        **fields(agreed("C", stage=SCHEDULED), "leaves_at arrives_at return_leg alternative_axis comms_plan"),
        **fields(agreed("C", stage=SCHEDULED), "convoy_leader leader_telephone focal_point focal_telephone alternate"),
        **fields(agreed("C", stage=SCHEDULED), "alternate_telephone consignee consignee_telephone casevac_plan"),
        "security_ref": inside("C"),
    },
    "requests_app.SheetVehicle": {
        **fields(inside("R"), "id sheet"),
        **fields(agreed("C", stage=SCHEDULED), "kind owner plate marking moss radio tracker"),
    },
    "requests_app.SheetPerson": {
        **fields(inside("R"), "id sheet"),
        **fields(inside("S"), "role name organisation id_number telephone"),
    },
    "requests_app.SheetStaff": {
        **fields(inside("R"), "id sheet"),
        **fields(agreed("C", stage=SCHEDULED), "organisation function count"),
    },
    "requests_app.SheetStop": {
        **fields(inside("R"), "id sheet"),
        **fields(agreed("C", stage=SCHEDULED), "place spot arrives_at leaves_at overnight"),
    },
    "requests_app.CargoLine": {
        **fields(inside("R"), "id sheet"),
        **fields(
            agreed("R", stage=SCHEDULED), "description packaging pieces weight_kg volume_m3 un_number temperature"
        ),
        "value_usd": agreed("R", stage=SCHEDULED),
    },
    "requests_app.ImportFile": {
        **fields(inside("R"), "id country station name sha256 by at agreed_at count"),
        "content": machinery("C"),
    },
    "requests_app.ImportedCase": fields(inside("R"), "id case file line original_reference ended_on"),
    # Of the others in a convoy a force gets the names and sums, no part.
    "requests_app.Participation": {
        "organisation": agreed("R"),
        **fields(agreed("C", release=SUM), "vehicles staff"),
        **fields(inside("C"), "cargo focal_post"),
        **fields(inside("R"), "id case state consent_force asked_by asked_at answered_by answered_at"),
    },
    "requests_app.IssuedPaper": {
        **fields(inside("R"), "id case kind language code sha256 size sensitivity decision by at"),
        "facts": machinery("R"),
    },
    "requests_app.ReferenceCounter": fields(machinery("R"), "series last"),
    "requests_app.OnBehalf": {
        **fields(inside("R"), "id case recorded_by"),
        **fields(told("R"), "act recorded_at confirmed_at disputed_at received_at source person person_function"),
        "addressee": told("R", release=Release.FUNCTION),
        **fields(inside("C"), "witness dispute"),
    },
    "requests_app.ConfirmationLink": {
        **fields(inside("R"), "id case record language made_by made_at expires_at used_at void_at"),
        "address": inside("C"),
        "token_digest": machinery(),
    },
    "requests_app.Confirmation": {
        **fields(inside("R"), "id case record how link agrees person_function received_at recorded_by at"),
        **fields(inside("C"), "text witness"),
    },
    "requests_app.Move": {
        **fields(inside("R"), f"id case code from_status to_status at reason_code {SIGNED}"),
        "reason": inside("C"),
        "client_key": machinery("R"),
    },
    # A force reads of its own chain who was addressed and who acknowledged, by function.
    "requests_app.Addressed": {
        **fields(told("R"), "extract place function"),
        **fields(inside("R"), "id case addressee account"),
    },
    "requests_app.Receipt": {
        **fields(told("R"), "addressed at"),
        **fields(told("R", release=Release.FUNCTION), "by on_behalf"),
        **fields(inside("R"), "id case"),
    },
    "requests_app.Call": {
        **fields(inside("R"), "id case whom function addressee by at"),
        "note": inside("C"),
    },
    "requests_app.AlarmAnswer": {
        **fields(inside("R"), "id case decided said_by source by at"),
        "reason": inside("C"),
    },
    "requests_app.Assessment": {
        **fields(inside("R"), "id case clusters by at"),
        **fields(inside("R"), "need_met authorities_met safety_met sustainability_met criteria_text support_text"),
        **fields(agreed("R"), "support_level provider_kind escort_mode"),
        **fields(inside("C"), "risk_without risk_with"),
    },
    "requests_app.RuleReading": {
        **fields(inside("R"), "id case occasion rule_set at"),
        "findings": inside("C"),
    },
    "requests_app.Consultation": fields(
        inside("R"), "id case body country case_created_at asked_by asked_at due_at answered_at lapsed_at"
    ),
    "requests_app.Opinion": {
        **fields(inside("R"), f"id case body at {SIGNED}"),
        **fields(inside("C"), "value text reference"),
    },
    # What the country team says (domain.md §3.17): for itself, OCHA and the Coordinator alone.
    "requests_app.TeamConsultation": fields(
        inside("R"),
        "id case draft opened_by opened_at closes_at members_needed ready_at ended_at ended_as",
    ),
    "requests_app.TeamSeat": fields(inside("S"), "id consultation organisation voice"),
    "requests_app.Position": fields(inside("S"), f"id case seat value condition words at {SIGNED}"),
    "requests_app.ConsensusNote": fields(inside("S"), "id case consultation decision text by capacity acting_for at"),
    "requests_app.Comment": {
        **fields(inside("R"), "id case audience is_question answers by at"),
        "text": inside("C"),
    },
    "requests_app.DecisionDraft": {
        **fields(inside("R"), "id case recommendation by at force valid_from valid_to rotations"),
        **fields(inside("R"), "conditions condition_text area"),
        **fields(inside("C"), "note axis"),
    },
    "requests_app.Decision": {
        **LIMITS,
        **fields(inside("R"), "id case country kind as_drafted decided_by acting_for delegation on_behalf"),
        "own_organisation": inside("R"),
        **fields(inside("R"), "reason_code reason decided_at"),
        "oral": inside("R"),
        "witness": inside("C"),
        "exception_text": inside("C"),
        **fields(agreed("R"), "outcome capacity"),  # a force hears of approvals only: nothing else is transmitted
    },
    "requests_app.WrittenConfirmation": {
        **fields(inside("R"), "id decision case by capacity acting_for at"),
        "text": inside("C"),
    },
    "requests_app.ExtensionRequest": {
        **fields(inside("R"), "id case until rotations asked_by asked_at decision"),
        "reason": inside("C"),
    },
    "requests_app.RotationLog": {
        **fields(inside("R"), "id case"),
        **fields(told("R"), "number side what happened_at is_last corrects by on_behalf at"),
        **fields(told("C"), "note reason"),  # each side its own
    },
    "requests_app.AfterAction": {
        **fields(inside("R"), "id case nothing_to_report by at waived_reason civilian_option_now"),
        **fields(told("R"), "as_approved conditions_respected"),
        "deviation": told("C"),
        "lesson": told("R", release=SUM),
        "incidents": told("C", release=SUM),
        "perception": inside("C"),
    },
    # Sums of a whole country, released to those who read them (figures.reads).
    "requests_app.DailyFigure": fields(
        Line(Sensitivity.RESTRICTED, HUMANITARIANS | {Side.DONOR}), "id country day figure count minutes"
    ),
    # The papers themselves: every fact in them passed `released` on its way in.
    "requests_app.Extract": {
        **fields(inside("R"), "id case sent_by"),
        **fields(told("R"), "organisation force_reference number kind language sha256 sent_at"),
        "content": agreed("C"),
    },
    "requests_app.ReleasedText": {
        **fields(inside("R"), "id case extract confirmed_by confirmed_at original_language"),
        "original": inside("C"),
        **fields(told("R"), "field language"),
        "text": agreed("R"),
    },
    "requests_app.ReleasedNames": {
        **fields(inside("R"), "id extract"),
        "salt": machinery(),
        "field": told("R", stage=SCHEDULED),
        "text": agreed("S", stage=SCHEDULED),
    },
    "requests_app.Acknowledgement": fields(told("R"), "id extract by on_behalf at"),
    "requests_app.ForceReply": {
        "case": inside("R"),
        **fields(told("R"), f"id extract reply decline_reason other_force at {SIGNED}"),
        **fields(told("C"), "text other_axis departure_at window_to days"),
    },
    # What a force did it reads itself; what is said of it, it does not.
    "requests_app.PatrolLog": {
        "case": inside("R"),
        **fields(told("R"), f"id extract km direction corrects at {SIGNED}"),
        **fields(told("C"), "day reason"),
    },
    "requests_app.PatrolFeedback": {
        **fields(inside("R"), f"id case helped at {SIGNED}"),
        **fields(inside("C"), "text incidents"),
    },
    "requests_app.Agreement": {
        **fields(inside("R"), f"id case reply at {SIGNED}"),
        "text": inside("C"),
    },
    "requests_app.ForceFile": {
        "case": inside("R"),
        "sort_key": machinery("R"),
        **fields(told("R"), "id organisation country force_reference stage expects due_at urgency origin"),
        **fields(told("R"), "destination request_type asset_category ends_at place closed strict"),
        "departure_at": told("C"),
    },
    **reverse_audience.LINES,
}


def _sees(user, case: Case) -> bool:
    """One request, by those who need to know it: found on their own page already, or asked of visible_to."""
    if user.pk in (case.seen_by, case.listed_by):
        return case.seen_by == user.pk
    return Case.objects.visible_to(user).filter(pk=case.pk).order_by().exists()


def _is_listed(user, case: Case) -> bool:
    """One request, by them and by whoever finds it in their list for its class."""
    if user.pk in (case.seen_by, case.listed_by):
        return True
    return Case.objects.listed_for(user).filter(pk=case.pk).order_by().exists()


def _reach(user, case: Case) -> Sensitivity:
    """Whoever sees a request for its class alone reads of it what is restricted."""
    return Sensitivity.STRICT if _sees(user, case) else Sensitivity.RESTRICTED


def _of_case(user, row) -> bool:
    return _sees(user, row.case)


def _of_team(user, row) -> bool:
    """What was said in the consultation: for the country team, OCHA and the Humanitarian Coordinator."""
    return _sees(user, row.case) and consensus.reads_positions(user, row.case)


def _holds(user, organisation: int, reference: str) -> bool:
    files = ForceFile.objects.held_by(user).filter(organisation=organisation, force_reference=reference)
    return files.order_by().exists()


def _event(user, row) -> bool:
    if row.subject_kind == ReverseRequest.activity_kind:
        return user.side != Side.FORCE and reverse_audience.sees(user, ReverseRequest(pk=row.subject_id))
    return row.subject_kind == Case.activity_kind and _sees(user, Case(pk=row.subject_id))


def _paper(user, row) -> bool:
    """A paper, a reply or a file: the force that holds it, and the humanitarians who see its case."""
    if user.side != Side.FORCE:
        return _sees(user, row.case)
    paper = getattr(row, "extract", row)
    return _holds(user, paper.organisation_id, paper.force_reference)


def _names(user, row) -> bool:
    """Names: for the force that was sent them, and for the named roles of the request."""
    return _paper(user, row.extract) and (user.side == Side.FORCE or is_named(user, row.extract.case))


def _log(user, row) -> bool:
    """Of what was logged a force reads its own; the convoy's it learns as a fact, from its page alone."""
    if user.side != Side.FORCE:
        return _sees(user, row.case)
    return row.side == row.Side.FORCE and ForceFile.objects.held_by(user).filter(case=row.case_id).exists()


def _recorded(user, row) -> bool:
    """What OCHA wrote down for somebody: for the humanitarians who see the case, and for that person's own force."""
    if user.side != Side.FORCE:
        return _sees(user, row.case)
    held = ForceFile.objects.held_by(user).filter(case=row.case_id, organisation=user.organisation_id)
    return bool(row.person_id) and row.person.organisation_id == user.organisation_id and held.exists()


ROWS: Rows = {
    "requests_app.Case": _is_listed,
    "requests_app.Alternative": lambda user, row: _is_listed(user, row.case),
    **dict.fromkeys(
        (
            "requests_app.CaseFile",
            "requests_app.Classification",
            "requests_app.Move",
            "requests_app.Consultation",
            "requests_app.Opinion",
            "requests_app.Decision",
            "requests_app.WrittenConfirmation",
            "requests_app.ExtensionRequest",
            "requests_app.AfterAction",
            "requests_app.IssuedPaper",
            "requests_app.Agreement",
            "requests_app.PatrolFeedback",
            "requests_app.Confirmation",
            "requests_app.ImportedCase",
            "requests_app.ExecutionSheet",
            "requests_app.Assessment",
            "requests_app.RuleReading",
            "requests_app.Call",
            "requests_app.TeamConsultation",
            "requests_app.AlarmAnswer",
        ),
        _of_case,
    ),
    **dict.fromkeys(("requests_app.Position", "requests_app.ConsensusNote"), _of_team),
    "requests_app.TeamSeat": lambda user, row: _of_team(user, row.consultation),
    **dict.fromkeys(
        (
            "requests_app.SheetVehicle",
            "requests_app.SheetStaff",
            "requests_app.SheetStop",
            "requests_app.CargoLine",
        ),
        lambda user, row: _sees(user, row.sheet.case),
    ),
    "requests_app.SheetPerson": lambda user, row: _sees(user, row.sheet.case) and is_named(user, row.sheet.case),
    "requests_app.ArrivingFile": lambda user, row: row.by_id == user.pk and _sees(user, row.case),
    "requests_app.Comment": lambda user, row: _sees(user, row.case) and row.audience in audiences_for(row.case, user),
    "requests_app.DecisionDraft": lambda user, row: (
        _sees(user, row.case)
        and not {Comment.Audience.DECISION, Comment.Audience.TEAM}.isdisjoint(audiences_for(row.case, user))
    ),
    **dict.fromkeys(
        ("requests_app.Extract", "requests_app.ForceReply", "requests_app.ForceFile", "requests_app.PatrolLog"), _paper
    ),
    "requests_app.Addressed": lambda user, row: _paper(user, row.extract),
    "requests_app.Receipt": lambda user, row: _paper(user, row.addressed.extract),
    "requests_app.ReleasedText": lambda user, row: _paper(user, row.extract),
    "requests_app.ReleasedNames": _names,
    "requests_app.RotationLog": _log,
    "activity.Event": _event,
    "requests_app.CaseLink": lambda user, row: _sees(user, row.case) and _sees(user, row.other),
    "requests_app.AccessIncident": lambda user, row: handles(user, row.case),
    "requests_app.DailyFigure": figures.reads,
    "requests_app.OnBehalf": _recorded,
    "requests_app.Participation": convoy.sees,
    "requests_app.Acknowledgement": lambda user, row: _paper(user, row.extract),
    **reverse_audience.ROWS,
}

REACH = {"requests_app.Case": _reach}

STAGES = {
    "requests_app.Extract": lambda row: stage_of(row.kind),
    "requests_app.ReleasedNames": lambda row: SCHEDULED,  # they go with the schedule, or after it
}


def _is_shared(user, row) -> bool:
    """Does the organisation still agree that this force has it? What was taken back stays closed."""
    paper = getattr(row, "extract", row)
    kept = ForceFile.objects.filter(organisation=paper.organisation_id, force_reference=paper.force_reference)
    return kept.filter(closed=False).exists()


CONSENTS = dict.fromkeys(
    ("requests_app.Extract", "requests_app.ReleasedText", "requests_app.ReleasedNames"), _is_shared
)

# Reasons that were written for OCHA and the Humanitarian Coordinator only.
REASONS_OF_THE_DECISION = ("take_back", "send_back", "redecide", "dispute_record", "lower_class")
FIELDS = {
    "requests_app.DecisionDraft.note": lambda user, row: (
        Comment.Audience.DECISION in audiences_for(row.case, user)  # the team reads the limits, not the note
    ),
    **reverse_audience.FIELDS,
    "requests_app.Move.reason": lambda user, row: (
        row.code not in REASONS_OF_THE_DECISION or Comment.Audience.DECISION in audiences_for(row.case, user)
    ),
}


def _class_of_case(pk: int) -> Sensitivity | None:
    found = Case.objects.filter(pk=pk).order_by().values_list("sensitivity", flat=True).first()
    return Sensitivity(found) if found else None


def _theirs(user, keys: set[int]) -> set[int]:
    """Of these requests those of which this person is told: a force of what it holds, the others of what they see or
    were asked to join.
    """
    if user.side == Side.FORCE:
        return set(ForceFile.objects.held_by(user).filter(case__in=keys).order_by().values_list("case", flat=True))
    seen = set(Case.objects.visible_to(user).filter(pk__in=keys).order_by().values_list("pk", flat=True))
    if keys <= seen:
        return seen
    return seen | set(convoy.of_organisations(user).filter(case__in=keys).order_by().values_list("case", flat=True))


SUBJECTS = {Case.activity_kind: _theirs, ReverseRequest.activity_kind: reverse_audience.theirs}

# What a mail or an export says about the class of the record that an event is about.
CLASSES = {Case.activity_kind: _class_of_case, ReverseRequest.activity_kind: reverse_audience.class_of}
