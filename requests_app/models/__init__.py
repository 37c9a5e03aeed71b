"""What is a case made of? One family of models per file; everything is importable from here."""

from requests_app.models.alarm import AlarmAnswer
from requests_app.models.assessment import Assessment, EscortMode, Met, ProviderKind, Risk, SupportLevel
from requests_app.models.case import Alternative, Case, CaseFile, CaseUserPermission, ReferenceCounter
from requests_app.models.chain import Addressed, Call, Receipt
from requests_app.models.classification import Classification
from requests_app.models.confirming import Confirmation, ConfirmationLink
from requests_app.models.consultation import ConsensusNote, Position, TeamConsultation, TeamSeat
from requests_app.models.decision import (
    Condition,
    Decision,
    DecisionDraft,
    DecisionOutcome,
    DenialReason,
    ExtensionRequest,
    WrittenConfirmation,
)
from requests_app.models.execution import HAPPENED, AfterAction, RotationLog
from requests_app.models.figures import DailyFigure
from requests_app.models.files import ArrivingFile, FilePiece
from requests_app.models.imported import ImportedCase, ImportFile
from requests_app.models.incidents import AccessIncident
from requests_app.models.issued import IssuedPaper
from requests_app.models.links import CaseLink
from requests_app.models.participation import Participation
from requests_app.models.patrol import DIRECTIONS, PatrolFeedback, PatrolLog
from requests_app.models.policy import ProposedPolicy
from requests_app.models.process import Comment, Consultation, Move, OnBehalf, Opinion
from requests_app.models.reverse import (
    AssetWanted,
    Content,
    OwnerConsent,
    PurposeKind,
    ReverseAnswer,
    ReverseCondition,
    ReverseMove,
    ReverseRequest,
    ReverseStatus,
    Validation,
)
from requests_app.models.rule_reading import RuleReading
from requests_app.models.sheet import (
    CargoLine,
    Costs,
    Criticality,
    EscortRule,
    ExecutionSheet,
    ReturnLeg,
    SheetPerson,
    SheetStaff,
    SheetStop,
    SheetVehicle,
)
from requests_app.models.terms import (
    AssetCategory,
    Mixed,
    Patients,
    PatrolReason,
    RequestType,
    Status,
    Triage,
    Urgency,
)
from requests_app.models.transmission import (
    Acknowledgement,
    Agreement,
    Extract,
    ForceFile,
    ForceReply,
    ReleasedNames,
    ReleasedText,
)

__all__ = [
    "DIRECTIONS",
    "CaseLink",
    "AccessIncident",
    "ProposedPolicy",
    "AssetWanted",
    "Content",
    "OwnerConsent",
    "PurposeKind",
    "ReverseAnswer",
    "ReverseCondition",
    "ReverseMove",
    "ReverseRequest",
    "ReverseStatus",
    "Validation",
    "SupportLevel",
    "Risk",
    "ProviderKind",
    "Met",
    "EscortMode",
    "Assessment",
    "SheetVehicle",
    "SheetStop",
    "SheetStaff",
    "SheetPerson",
    "ReturnLeg",
    "ExecutionSheet",
    "EscortRule",
    "Criticality",
    "Costs",
    "CargoLine",
    "HAPPENED",
    "Acknowledgement",
    "Addressed",
    "AfterAction",
    "Agreement",
    "AlarmAnswer",
    "Alternative",
    "ArrivingFile",
    "Call",
    "Case",
    "CaseFile",
    "CaseUserPermission",
    "Classification",
    "Comment",
    "Condition",
    "Confirmation",
    "ConfirmationLink",
    "ConsensusNote",
    "Consultation",
    "DailyFigure",
    "Decision",
    "DecisionDraft",
    "DecisionOutcome",
    "DenialReason",
    "ExtensionRequest",
    "Extract",
    "FilePiece",
    "ForceFile",
    "ForceReply",
    "ImportFile",
    "ImportedCase",
    "IssuedPaper",
    "Move",
    "OnBehalf",
    "Opinion",
    "Mixed",
    "Patients",
    "PatrolFeedback",
    "PatrolLog",
    "PatrolReason",
    "Triage",
    "WrittenConfirmation",
    "Receipt",
    "Participation",
    "Position",
    "ReferenceCounter",
    "ReleasedNames",
    "ReleasedText",
    "AssetCategory",
    "RequestType",
    "RotationLog",
    "RuleReading",
    "Status",
    "TeamConsultation",
    "TeamSeat",
    "Urgency",
]
