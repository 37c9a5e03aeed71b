"""Can everything that was taken away be taken over again, with nothing lost? (lesson 35)"""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from cmcoord.places.models import DutyStation
from contacts.entries import entries, eyes_of
from contacts.finding import Asked
from contacts.importing.numbers import numbers_in
from contacts.models import CheckIn, DirectoryExport, ExportedPerson, Holding, Person, Post
from contacts.services import taking
from tests.contacts.directory import alternate_in, post_of
from tests.contacts.lists import states, taken

pytestmark = pytest.mark.django_db


def everything(user) -> list:
    """What stands in the directory, without the keys of its rows and the times at which they were written."""
    posts = Post.objects.standing().with_holders().prefetch_related("covers").order_by("function")
    plain = {"post": 0, "person": 0, "holding": 0, "confirmed_at": None, "source": ""}
    return [replace(one, **plain) for one in entries(posts, eyes_of(user))]


@pytest.fixture
def full(people):
    """Posts with all that a post can have: roles with commas in their labels, two in a post, one that nobody holds."""
    by = people.ocha_bgi
    first = post_of(
        by, "=Liaison, « ɛ ɔ ŋ »", "Élodie Ngaïssona", numbers=("+23672000001", "+8821612345678"),
        roles=("ocha_focal_point", "force_liaison"), mailbox="liaison@example.org", duty_telephone="+23670000009",
        covers=tuple(DutyStation.objects.filter(code__in=("birao", "obo"))), remark="+ see the list; or call",
    )  # fmt: skip
    alternate_in(first, by, "Brice Ouaïmon", "+23675000003")
    phone = first.holder.person.telephones.get(number="+8821612345678")
    phone.kind, phone.day_and_night, phone.whatsapp = "satellite", True, True
    phone.save()
    post_of(by, "Logistician", station="birao", roles=("logistics",), duty_telephone="+23670000010")
    return first


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_full_file_comes_in_again_with_nothing_lost(people, full, form, language):
    by, before = people.ocha_bgi, everything(people.ocha_bgi)
    with translation.override(language):
        content = taking.take(by=by, asked=Asked(), form=form, confidential=True, reason="The full list").content
        for model in (ExportedPerson, DirectoryExport, CheckIn, Holding, Person, Post):
            model.objects.all().delete()
        kept = taken(by, content, name=f"contacts.{form}")
    assert (kept.state, set(states(kept).values())) == ("done", {"taken"})
    assert everything(by) == before


def test_the_same_file_again_adds_nobody(people, full):
    content = taking.take(by=people.ocha_bgi, asked=Asked(), form="csv", confidential=True, reason="Again").content
    with pytest.raises(ValidationError, match="Nothing new stands in this file"):
        taken(people.ocha_bgi, content)
    assert (Person.objects.count(), Post.objects.count()) == (2, 2)


def test_what_was_said_behind_one_number_is_of_that_number():
    first, second = numbers_in("+236 72 00 00 01; +88 216 1234 5678 (satellite 24h/24 WhatsApp)", "CF")
    assert (first.day_and_night, first.whatsapp, first.kind) == (False, False, "mobile")
    assert (second.day_and_night, second.whatsapp, second.kind) == (True, True, "satellite")
