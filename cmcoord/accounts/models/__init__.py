"""Who is who? One family of models per file; everything is importable from here."""

from cmcoord.accounts.models.appointments import Appointment, StandIn
from cmcoord.accounts.models.delegations import DecisionDelegation
from cmcoord.accounts.models.invitations import Invitation
from cmcoord.accounts.models.organisations import SIDE_OF_TYPE, Organisation
from cmcoord.accounts.models.people import LANGUAGES, SignIn, User, UserManager
from cmcoord.accounts.models.proposals import FactorReset, ProposedChange

__all__ = [
    "LANGUAGES",
    "SIDE_OF_TYPE",
    "Appointment",
    "DecisionDelegation",
    "FactorReset",
    "Invitation",
    "Organisation",
    "ProposedChange",
    "SignIn",
    "StandIn",
    "User",
    "UserManager",
]
