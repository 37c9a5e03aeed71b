"""Which contacts of a sheet come from the posts of the organisation? (contacts.models.posts)

A post fills in its function, and the telephone where its holder shares it with a force that escorts: the sheet goes
there. The words stay words, so that they stand when the post changes hands, and anybody else can be typed.
"""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from contacts import shown
from contacts.forms import PostField
from contacts.models import Circle, Post
from requests_app.forms import fleet
from requests_app.models import Case

# words of the sheet → the telephone beside them
TELEPHONES = {
    "convoy_leader": "leader_telephone",
    "focal_point": "focal_telephone",
    "alternate": "alternate_telephone",
}


def name_of(contact: str) -> str:
    return f"post_{contact}"


def field(case: Case, label: str) -> PostField:
    return PostField(
        organisation=case.organisation_id, country=case.country_id, required=False,
        label=_("%(contact)s: one of your posts") % {"contact": label}, empty_label=_("none of the list"),
    )  # fmt: skip


def are_offered(case: Case, user: User) -> bool:
    """Those who file for the organisation choose among its posts, where it has any that are held."""
    return fleet.keeps(case, user) and field(case, "").queryset.exists()


def with_chosen(data: QueryDict, case: Case, *, user: User) -> QueryDict:
    """What was typed, with the chosen posts in place of the words; a post of another organisation is not there."""
    chosen = {contact: pk for contact in TELEPHONES if (pk := data.get(name_of(contact)))}
    if not chosen or not fleet.keeps(case, user):
        return data
    grown = data.copy()
    for contact, pk in chosen.items():
        post = (
            field(case, "").queryset.filter(pk=int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 10 else 0).first()
        )
        if post:
            grown[contact], grown[TELEPHONES[contact]] = post.function, _telephone(post)
            del grown[name_of(contact)]
    return grown


def _telephone(post: Post) -> str:
    """The first number of its holder that is shared with a force, else the post's own; "" where none is."""
    rows = shown.shared_with(post.holder.person, Circle.FORCE).telephones if post.holder else ()
    return str(rows[0].number) if rows else shown.lines_for(post, Circle.FORCE).telephone
