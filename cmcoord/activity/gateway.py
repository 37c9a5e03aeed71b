"""How does one SMS reach the gateway of this portal? One JSON POST over HTTP, and what the answer to it means."""

import http.client
import json
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

LATER = frozenset({408, 425, 429})  # besides everything from 500 on
LOCKED_OUT = frozenset({401, 403, 404, 407})  # a fault of the settings: no SMS would be taken


class GatewayDown(Exception):
    """The gateway cannot be used now, whatever the SMS."""


class Refused(Exception):
    """The gateway does not take this SMS, now or later."""


class InDoubt(Exception):
    """The gateway may or may not have taken this SMS: it is sent again under the same key."""


def is_set() -> bool:
    """Does this portal have a gateway? Without one nothing is sent by SMS."""
    return bool(settings.SMS_GATEWAY_URL)


def send(*, number: str, text: str, key: str) -> None:
    """Hand one SMS to the gateway; returns once it was taken.

    `number` is E.164; `key` is the same at each attempt, so that the gateway can drop what it has already. Raises
    GatewayDown, Refused or InDoubt; their texts hold neither number nor text of the SMS.
    """
    at = urlsplit(settings.SMS_GATEWAY_URL)
    kind = http.client.HTTPSConnection if at.scheme == "https" else http.client.HTTPConnection
    connection = kind(at.hostname or "", at.port, timeout=settings.SMS_TIMEOUT)
    try:
        _open(connection)
        path = urlunsplit(("", "", at.path or "/", at.query, ""))
        status = _post(connection, path, {"to": number, "text": text, "id": key}, key)
    finally:
        connection.close()
    if status in LOCKED_OUT:
        raise GatewayDown(f"The gateway does not let the portal in: {status}.")
    if status in LATER or status >= 500:
        raise InDoubt(f"The gateway answered {status}.")
    if not 200 <= status < 300:
        raise Refused(f"The gateway refused it: {status}.")


def _open(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except OSError as problem:
        raise GatewayDown(type(problem).__name__) from problem


def _post(connection: http.client.HTTPConnection, path: str, content: dict, key: str) -> int:
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    if settings.SMS_GATEWAY_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_GATEWAY_TOKEN}"
    try:
        connection.request("POST", path, json.dumps(content).encode(), headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as problem:
        raise InDoubt(type(problem).__name__) from problem
