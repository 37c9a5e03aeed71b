"""Who is on the other end of the line? One family of models per file; everything is importable from here."""

from contacts.models.bodies import Body, Category, MissingLiaison, Seat, Sitting
from contacts.models.chain import Addressee
from contacts.models.exports import DirectoryExport, ExportedPerson
from contacts.models.figures import DirectoryFigure
from contacts.models.fleet import FleetDriver, FleetRow, FleetVehicle, VehicleKind
from contacts.models.force import Force
from contacts.models.holdings import FRESH, Capacity, CheckIn, Handover, Holding
from contacts.models.lists import ContactLine, ContactList
from contacts.models.merges import Merge
from contacts.models.people import Address, Language, Person, Telephone
from contacts.models.posts import CmcoordRole, Post
from contacts.models.sharing import Circle, Shares
from contacts.models.statuses import ForceStatus, StatusAnswer

__all__ = [
    "FRESH",
    "Address",
    "Addressee",
    "Body",
    "Capacity",
    "Category",
    "CheckIn",
    "Circle",
    "ContactLine",
    "ContactList",
    "CmcoordRole",
    "DirectoryExport",
    "DirectoryFigure",
    "ExportedPerson",
    "FleetDriver",
    "FleetRow",
    "FleetVehicle",
    "Force",
    "ForceStatus",
    "Handover",
    "Holding",
    "Language",
    "MissingLiaison",
    "Merge",
    "Person",
    "Post",
    "Seat",
    "Shares",
    "Sitting",
    "StatusAnswer",
    "Telephone",
    "VehicleKind",
]
