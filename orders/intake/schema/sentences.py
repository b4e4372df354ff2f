"""What the validator found, as a code and a sentence that its sender understands.

jsonschema's own messages repeat the value, which may be long or personal.
"""

from __future__ import annotations

from typing import Any

from jsonschema import ValidationError

from orders.intake.problems import EventError

_TYPES = {
    "object": "must be an object",
    "array": "must be a list",
    "string": "must be text",
    "integer": "must be a whole number",
}
_SENTENCES = {
    "const": "must be %(value)s",
    "maxLength": "must have at most %(value)s characters",
    "minimum": "must be at least %(value)s",
    "maximum": "must be at most %(value)s",
    "minItems": "must not be empty",
    "maxItems": "must have at most %(value)s entries",
    "uniqueItems": "must not name one twice",
}
_TEXT_KEYWORDS = ("maxLength", "minLength", "pattern", "not")


def error_of(error: ValidationError) -> EventError:
    value: Any = error.validator_value
    if error.validator == "required":
        given: Any = error.instance
        missing = next(name for name in value if name not in given)
        return EventError("missing_field", f"“{missing}” is missing.", f"{error.json_path}.{missing}")
    told = error.schema.get("x-error") if isinstance(error.schema, dict) else None
    code = told["code"] if told else "invalid_text" if error.validator in _TEXT_KEYWORDS else "invalid_body"
    says = told["says"] if told else _says(error)
    return EventError(code, f"“{_name(error)}” {says}.", error.json_path)


def _name(error: ValidationError) -> str:
    """The nearest field: the list's where the value is one of a list."""
    names = [part for part in error.absolute_path if isinstance(part, str)]
    return names[-1] if names else "The body"


def _says(error: ValidationError) -> str:
    keyword = error.validator
    value: Any = error.validator_value
    if keyword == "type":
        return _TYPES[value]
    if keyword == "enum":
        return "must be one of " + ", ".join(value)
    if keyword == "pattern" and value == "\\S":
        return "must not be empty"
    return _SENTENCES.get(str(keyword), "does not have the form that the schema asks for") % {"value": value}
