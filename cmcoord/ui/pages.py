"""Which answer does a browser get: the page, or a refusal with its sentence?"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cmcoord.ui import typed as typed_words


def form_page(request: HttpRequest, template: str, context: dict, *forms) -> HttpResponse:
    """A page with forms: 422 when one of them is bound and wrong, else 200; what was typed stays in the fields.

    On a page whose words wait for their author (accounts.kept_words.waiting) they come back into the forms.
    """
    if hasattr(request, "keeper"):
        typed_words.bring(request, forms)
    wrong = any(form.is_bound and not form.is_valid() for form in forms)
    return render(request, template, context, status=422 if wrong else 200)


def saved(request: HttpRequest, form, act: Callable[..., Any], sentence: str = "") -> bool:
    """Was the form whole, and did the service take it? What it refuses stands in the form, at its fields."""
    if not form.is_valid():
        return False
    try:
        act(**form.cleaned_data)
    except ValidationError as problem:
        say(form, problem)
        return False
    messages.success(request, sentence or _("Saved."))
    return True


def say(form, problem: ValidationError) -> None:
    """What the service refused, at the fields that it named; a field that the form lacks gets it on top."""
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem)
        return
    for name, errors in problem.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def conflict(request: HttpRequest, sentence: str, back: str = "/", typed: list[tuple] | None = None) -> HttpResponse:
    """409: the state changed meanwhile; `sentence` says who did what, `back` leads to how it stands now.

    `typed` are the words of the form, to be copied: pairs of label and text.
    """
    return render(request, "409.html", {"sentence": sentence, "back": back, "typed": typed}, status=409)


def ask_again(request: HttpRequest, *, title: str, about: str, sentence: str) -> HttpResponse:
    """Before something that cannot be taken back: what follows from it, with all that was sent, to be sent again.

    The next POST of the same form carries `sure`: "yes" goes on, "no" shows the form once more.
    """
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "sure")
        for value in values
    ]
    return render(request, "sure.html", {"title": title, "about": about, "sentence": sentence, "sent": sent})


def refusal(request: HttpRequest, sentence: str) -> HttpResponse:
    """403 with the sentence that tells the person why not; raising PermissionDenied(sentence) shows the same page."""
    return render(request, "403.html", {"exception": sentence}, status=403)
