"""What may a force learn of somebody in a post? The function, and the telephones that the person lets it have."""

from __future__ import annotations

from cmcoord.activity.barrier import Side, Stage, released
from contacts.models import Post, Telephone


def for_force(post: Post, stage: Stage = Stage.TRANSMITTED) -> dict[str, object]:
    """For a paper: {"function": text, "telephones": [E.164, …]}; never a name or an address (domain.md §3.8, §4.4)."""
    function = released(post, "function", to=Side.FORCE, stage=stage)
    holder = post.holder
    numbers = shared_with_force(holder.person.telephones.all()) if holder and holder.person.share_force else []
    return {"function": function, "telephones": [_number(each, stage) for each in numbers]}


def shared_with_force(telephones) -> list[Telephone]:
    """What answers day and night first."""
    return sorted(telephones, key=lambda each: (not each.day_and_night, each.pk))


def _number(telephone: Telephone, stage: Stage) -> str:
    return str(released(telephone, "number", to=Side.FORCE, stage=stage, consent=telephone.person.share_force))
