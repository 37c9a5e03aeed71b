"""Who is on the other end of the line? One family of models per file; everything is importable from here."""

from contacts.models.bodies import Body, Category, MissingLiaison, Seat, Sitting
from contacts.models.chain import Addressee
from contacts.models.fleet import FleetDriver, FleetRow, FleetVehicle, VehicleKind
from contacts.models.force import Force
from contacts.models.posts import Holding, Person, Post, Telephone
from contacts.models.statuses import ForceStatus, StatusAnswer

__all__ = [
    "Addressee",
    "Body",
    "Category",
    "FleetDriver",
    "FleetRow",
    "FleetVehicle",
    "Force",
    "ForceStatus",
    "Holding",
    "MissingLiaison",
    "Person",
    "Post",
    "Seat",
    "Sitting",
    "StatusAnswer",
    "Telephone",
    "VehicleKind",
]
