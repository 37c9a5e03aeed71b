"""The person's own page about SMS: on which number, how it is confirmed, and how it stops."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cmcoord.activity import gateway, sms_consent, sms_numbers
from cmcoord.activity.forms import CodeForm, NumberForm
from cmcoord.ui.pages import form_page


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def sms(request: HttpRequest) -> HttpResponse:
    """Which number is used, or waits for its code; a new one is typed in here."""
    form = NumberForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            sms_consent.ask_code(number=form.cleaned_data["number"], by=request.user)
        except PermissionDenied as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("A code is on its way. Type it in here."))
            return redirect("activity:sms")
    return _page(request, number_form=form)


@never_cache
@login_required
@require_POST
def sms_code(request: HttpRequest) -> HttpResponse:
    """The code that came by SMS."""
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            sms_consent.confirm_number(code=form.cleaned_data["code"], by=request.user)
        except (PermissionDenied, ValidationError) as refused:
            form.add_error(None if isinstance(refused, PermissionDenied) else "code", _sentence(refused))
        else:
            messages.success(request, _("Your number is confirmed."))
            return redirect("activity:sms")
    return _page(request, code_form=form)


def _sentence(refused: Exception) -> str:
    return " ".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)


@login_required
@require_POST
def sms_stop(request: HttpRequest) -> HttpResponse:
    sms_consent.stop(by=request.user)
    messages.success(request, _("No SMS go to you any more."))
    return redirect("activity:sms")


def _page(request: HttpRequest, *, number_form: NumberForm | None = None, code_form: CodeForm | None = None):
    row = sms_numbers.of(request.user)
    waits = bool(row and not row.confirmed_at and not sms_numbers.why_not_confirm(row))
    context = {
        "number": row,
        "waits": waits,
        "possible": gateway.is_set(),
        "number_form": number_form or NumberForm(),
        "code_form": code_form or CodeForm(),
    }
    return form_page(request, "activity/sms.html", context, code_form or context["number_form"])
