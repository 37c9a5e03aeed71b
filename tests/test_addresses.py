"""Is every address declared, and does each answer as its declaration says? The answers are those of the hand-written
matrix in tests/test_permission_matrix.py."""

import pytest

from cmcoord import addresses as declarations
from cmcoord.accounts.roles import Role
from cmcoord.addresses import ADDRESSES, Reach, addresses
from tests.test_permission_matrix import ANON, LINES

ROLE_OF = {
    "requester_bria": Role.REQUESTER,
    "colleague_bria": Role.REQUESTER,
    "requester_birao": Role.REQUESTER,
    "ocha_bria": Role.OCHA_OFFICER,
    "ocha_obo": Role.OCHA_OFFICER,
    "ocha_bgi": Role.OCHA_NATIONAL,
    "ocha_bko": Role.OCHA_NATIONAL,
    "hoo": Role.HEAD_OF_OFFICE,
    "hc": Role.HC,
    "hc_ml": Role.HC,
    "log_cluster": Role.CLUSTER,
    "undss": Role.UNDSS,
    "ngosec": Role.NGO_SECURITY,
    "donor": Role.DONOR,
    "admin": Role.ADMIN,
    "admin2": Role.ADMIN,
    "force_u3": Role.FORCE_OPS,
    "force_sector": Role.FORCE_SECTOR,
    "force_ml": Role.FORCE_OPS,
}
SERVED = {200, 409, 422}


def undeclared() -> list[str]:
    return [one.route for one in addresses() if one.audience is None]


def test_every_address_says_for_whom_it_is():
    assert undeclared() == []
    assert set(ADDRESSES) <= {one.name for one in addresses()}


def test_an_address_without_a_declaration_is_found(monkeypatch):
    monkeypatch.delitem(declarations.ADDRESSES, "requests:case")
    assert undeclared() == ["/requests/<slug:reference>/"]


@pytest.mark.parametrize("name", LINES)
def test_nobody_is_served_whom_the_declaration_leaves_out(name):
    audience, _methods = ADDRESSES[name]
    for line in LINES[name]:
        for status, people in line.items():
            for person in people.split():
                if status not in SERVED:
                    continue
                if person == ANON:
                    assert audience.signed_out in (200, 404) and not audience.perms, f"{name} serves those signed out"
                elif person in ROLE_OF:
                    assert audience.reach_of(ROLE_OF[person]) != Reach.NONE, f"{name} serves {person} with {status}"


@pytest.mark.parametrize("name", LINES)
def test_the_methods_are_those_that_answer(name):
    methods = ADDRESSES[name][1].split()
    for method, line in zip(("GET", "POST"), LINES[name], strict=True):
        refused = set(line) <= {302, 405} and 405 in line
        assert (method not in methods) or not refused, f"{name}: {method} is refused"
