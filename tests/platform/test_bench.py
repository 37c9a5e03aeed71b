"""Does the bench stay away from a portal in use?"""

import pytest
from django.core.management import CommandError, call_command

from cmcoord.management.bench.data import weights

pytestmark = pytest.mark.django_db


def test_the_bench_refuses_a_database_that_is_not_its_own():
    with pytest.raises(CommandError):
        call_command("bench", cases=1000)


@pytest.mark.parametrize("path", ["/bench/floor/", "/bench/create/", "/bench/create-small/"])
def test_the_floor_exists_only_for_the_bench(client, requester_bria, path):
    client.force_login(requester_bria)
    assert client.get(path).status_code == 404


def test_every_chance_has_a_status():
    for is_open in (True, False):
        bounds = [upto for opened, _status, upto in weights() if opened == is_open]
        assert bounds == sorted(bounds)
        assert bounds[-1] >= 1
