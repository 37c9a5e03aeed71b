"""How a template tells what happened and how much of it is unread."""

from django import template

from cmcoord.activity import sentences
from cmcoord.activity.models import UNREAD_CAP, Notification

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_count(context) -> str:
    """The number of unread notifications: "" for none and for visitors, "99+" at most."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return ""
    count = Notification.objects.unread_count(user)
    return f"{UNREAD_CAP - 1}+" if count >= UNREAD_CAP else str(count or "")


@register.simple_tag
def event_sentence(event, side=sentences.HUMANITARIAN) -> str:
    """One event in a sentence, for a reader of this side."""
    return sentences.sentence(event, side)
