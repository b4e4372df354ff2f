"""The door of the order events: what comes through is recorded, everything else is told why not."""

from __future__ import annotations

import json
import logging
import time
from functools import cache
from http import HTTPStatus

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils import timezone, translation
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from orders.intake.checks import check_event
from orders.intake.parsing import parse_body
from orders.intake.problems import EventError
from orders.intake.recording import record_event
from orders.intake.schema import published_schema, validate_event
from orders.intake.secrets import event_secrets
from orders.intake.signature import verify_signature

logger = logging.getLogger(__name__)
RETRY_SECONDS = 5


@csrf_exempt  # signed by its sender; there is no session that a page could abuse
def receive_event(request: HttpRequest) -> HttpResponse:
    """202 with what became of the event, or 4xx with a code, a reason, and the field where there is one."""
    try:
        return _take(request)
    except EventError as error:
        logger.info("Order event refused: %s at %s", error.code, error.field or "-")
        return _refuse(error)
    except DataError:
        # The schema should have stopped it. The sender cannot do better by trying again.
        logger.exception("An order event fits the schema and not the database")
        return _refuse(EventError("unstorable"))
    except (OperationalError, InterfaceError):
        logger.exception("An order event cannot be recorded: the database is away")
        return JsonResponse(
            {"error": "unavailable", "reason": "The event could not be recorded now; send it again."},
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Retry-After": str(RETRY_SECONDS)},
        )


@require_safe
@cache_control(max_age=300, public=True)
def event_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of all types, with an example each: the one that events are checked against."""
    return HttpResponse(_schema_text(), content_type="application/schema+json")


def _take(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise EventError("method_not_allowed")
    body = _read_body(request)
    signed = verify_signature(
        request.headers, body, secrets=event_secrets(), now=time.time(), max_age=settings.EVENT_MAX_AGE
    )
    event = parse_body(body)
    validate_event(event)
    check_event(event, now=timezone.now())
    status = record_event(source=signed.source, event_id=signed.event_id, body=event)
    return JsonResponse({"status": status, "event": signed.event_id}, status=HTTPStatus.ACCEPTED)


def _read_body(request: HttpRequest) -> bytes:
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    if (
        request.content_type != "application/json"
        or charset.lower() not in ("utf-8", "utf8")
        or request.headers.get("Content-Encoding", "identity") != "identity"
    ):
        raise EventError("unsupported_media_type")
    most = settings.EVENT_MAX_BYTES
    try:
        # Not request.body: that has a limit of its own, and reads up to it what is too large anyway.
        body = request.read(most + 1)
    except UnreadablePostError:
        raise EventError("body_cut_short") from None
    if len(body) > most:
        raise EventError("body_too_large", str(most))
    told = request.headers.get("Content-Length", "")
    if told.isdigit() and len(body) < int(told):  # the sender hung up; not all servers tell
        raise EventError("body_cut_short")
    return body


def _refuse(error: EventError) -> HttpResponse:
    with translation.override("en"):  # the interface's language, not the browser's
        answer = {"error": error.code, "reason": str(error)}
    if error.field:
        answer["field"] = error.field
    headers = {"Allow": "POST"} if error.status == HTTPStatus.METHOD_NOT_ALLOWED else {}
    return JsonResponse(answer, status=error.status, headers=headers)


@cache
def _schema_text() -> str:
    return json.dumps(published_schema(), ensure_ascii=False, indent=2)
