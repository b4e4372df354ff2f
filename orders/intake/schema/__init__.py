"""The JSON Schema of the events: one document, which is published and which validates.

`order_events.json` is the source; each type's example (orders/intake/examples) is put into it when it is
loaded. What JSON Schema cannot say follows in `checks`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from orders.intake.problems import EventError
from orders.intake.schema.formats import FORMATS
from orders.intake.schema.sentences import error_of

_HERE = Path(__file__).parent
EXAMPLES_DIR = _HERE.parent / "examples"


def load_examples() -> dict[str, Any]:
    """By type: one event of each, all of one order."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(EXAMPLES_DIR.glob("*.json"))}


@cache
def published_schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((_HERE / "order_events.json").read_text())
    for name, example in load_examples().items():
        schema["$defs"][name]["examples"] = [example]
    return schema


@cache
def event_types() -> tuple[str, ...]:
    return tuple(published_schema()["properties"]["type"]["enum"])


def validate_event(body: Any) -> None:
    """Raises EventError with the first thing that does not fit, by its place in the schema."""
    if not isinstance(body, dict):
        raise EventError("invalid_body", "The body must be a JSON object.", "$")
    kind = body.get("type")
    if isinstance(kind, str) and kind not in event_types():
        raise EventError("unknown_type", kind[:60], "$.type")
    version = body.get("version")
    if kind is not None and isinstance(version, (int, float)) and version != 1:
        raise EventError("unsupported_version", "", "$.version")
    error = next(_validator(kind if isinstance(kind, str) else "").iter_errors(body), None)
    if error is not None:
        raise error_of(error)


@cache
def _validator(kind: str) -> Validator:
    """Of events of this type. "" tells only of the envelope."""
    schema = dict(published_schema())
    # One alternative chosen by its type: its own errors are told, and not that none of nine fitted.
    del schema["oneOf"]
    if kind:
        schema["$ref"] = f"#/$defs/{kind}"
    validator: Validator = _OrderEventValidator(_inlined(schema, schema["$defs"]), format_checker=FORMATS)
    return validator


def _inlined(part: Any, definitions: Mapping[str, Any]) -> Any:
    """`part` with what it refers to in its place: looking references up took two thirds of the time."""
    if isinstance(part, list):
        return [_inlined(inner, definitions) for inner in part]
    if not isinstance(part, dict):
        return part
    inlined = {
        key: _inlined(inner, definitions)
        for key, inner in part.items()
        if key not in ("$defs", "examples", "$ref")
    }
    if "$ref" in part:
        referred = _inlined(definitions[part["$ref"].removeprefix("#/$defs/")], definitions)
        inlined["allOf"] = [referred, *inlined.get("allOf", ())]
    return inlined


def _pattern(validator: Validator, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if validator.is_type(instance, "string") and not _compiled(pattern).search(instance):
        yield ValidationError(f"{pattern} does not match")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    """As ECMA-262 reads it: there `$` is the end, while Python's also matches before a last line feed."""
    return re.compile(pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern)


_OrderEventValidator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, validators={"pattern": _pattern}
)
