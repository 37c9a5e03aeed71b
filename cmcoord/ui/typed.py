"""Where do typed words wait when their page cannot take them yet: the session ended, or a proof is asked first?

In the session, under the address of their page and for one person only. They come back on that page when this person
opens it, are never sent by themselves, and are dropped unread when somebody else signs in.
"""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest, QueryDict

KEPT = "typed_words"
MOST = 5  # pages: somebody may have several windows open when the session ends
LONGEST = 100_000
NOT_KEPT = ("csrfmiddlewaretoken", "keeper")


def keep(request: HttpRequest, *, person: int, seconds: int) -> bool:
    """Keep what was sent to this address for this person; False when it is too long."""
    words = request.POST.copy()
    for name in NOT_KEPT:
        words.pop(name, None)
    text = words.urlencode()
    if len(text) > LONGEST:
        return False
    others = {path: entry for path, entry in request.session.get(KEPT, {}).items() if path != request.path}
    newest = sorted(others.items(), key=lambda each: each[1]["until"])[-(MOST - 1) :]
    entry = {"person": person, "until": time.time() + seconds, "words": text}
    request.session[KEPT] = {**dict(newest), request.path: entry}
    return True


def kept(request: HttpRequest) -> QueryDict | None:
    """What the signed-in person had typed on this page, while it is still to be shown."""
    found = request.session.get(KEPT, {})
    mine = {
        path: entry
        for path, entry in found.items()
        if entry["person"] == request.user.pk and time.time() < entry["until"]
    }
    if mine != found:
        request.session[KEPT] = mine
    entry = mine.get(request.path) if request.method == "GET" else None
    return QueryDict(entry["words"]) if entry else None


def bring(request: HttpRequest, forms: tuple[Any, ...]) -> None:
    """Put what the signed-in person had typed on this page into its forms, as if they had just typed it."""
    words = kept(request)
    for form in forms if words else ():
        form.brought = words  # for what travels along (ui.layout.Hidden)
        for name, field in form.fields.items():
            key = form.add_prefix(name)
            if not field.widget.value_omitted_from_data(words, {}, key):
                form.initial[name] = field.widget.value_from_datadict(words, {}, key)


def forget(request: HttpRequest) -> None:
    """The words of this page arrived: they need not wait any longer."""
    found = request.session.get(KEPT, {})
    if request.path in found:
        request.session[KEPT] = {path: entry for path, entry in found.items() if path != request.path}
