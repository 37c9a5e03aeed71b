"""Numbers outside the portal: they come back, tell nothing, and strange signs are no number."""

import pytest
from django.test import override_settings

from cmcoord.activity import numbers


def test_every_number_comes_back():
    some = [0, 1, 2, 1000, 2**24 - 1, 2**24, 2**48 - 1]
    assert [numbers.shown(numbers.hidden(number)) for number in some] == some
    assert len({numbers.hidden(number) for number in range(2000)}) == 2000


def test_numbers_that_follow_each_other_do_not_look_so():
    near = [int(numbers.hidden(number), 16) for number in range(200)]
    steps = [later - earlier for earlier, later in zip(near, near[1:], strict=False)]
    assert len(set(steps)) == len(steps)
    assert 60 < sum(step > 0 for step in steps) < 140


def test_another_installation_writes_other_signs():
    own = numbers.hidden(7)
    with override_settings(SECRET_KEY="another installation, another key"):
        assert numbers.hidden(7) != own


@pytest.mark.parametrize("text", ["", "7", "no number", "g" * 12, "0" * 13, "٠" * 12, "A" * 12])
def test_strange_signs_are_no_number(text):
    assert numbers.shown(text) is None


@pytest.mark.parametrize("number", [-1, 2**48])
def test_what_cannot_be_a_row_is_refused(number):
    with pytest.raises(ValueError):
        numbers.hidden(number)
