"""Where the SMS of the demonstration go: it is its own gateway, over HTTP, into rows that the mailbox page shows."""

import hmac
import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cmcoord.activity.models import DemoSms

LARGEST = 5_000  # bytes


@csrf_exempt
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take one SMS as a gateway does; the same key twice is one SMS. Exists in the demonstration only."""
    if not settings.DEMO:
        raise Http404
    if not hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {settings.SMS_GATEWAY_TOKEN}"):
        return HttpResponse(status=401)
    try:
        content = json.loads(request.body[:LARGEST])
        facts = {"number": str(content["to"])[:20], "text": str(content["text"])[:640]}
        DemoSms.objects.get_or_create(key=str(content["id"])[:80], defaults=facts)
    except (ValueError, KeyError, TypeError):
        return HttpResponse(status=400)
    return HttpResponse(status=202)
