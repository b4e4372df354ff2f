"""What the validator found, as a code and a sentence that its sender understands.

jsonschema's own messages repeat the value, which may be long or personal.
"""

from __future__ import annotations

from typing import Any

from jsonschema import ValidationError

from orders.intake.problems import Refusal

_TYPES = {
    "object": "must be an object",
    "array": "must be a list",
    "string": "must be text",
    "integer": "must be a whole number",
}
_TEXT_KEYWORDS = ("maxLength", "minLength", "pattern", "not")


def refusal_of(error: ValidationError) -> Refusal:
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return Refusal("missing_field", f"“{missing}” is missing.", f"{error.json_path}.{missing}")
    told = error.schema.get("x-error") if isinstance(error.schema, dict) else None
    code = told["code"] if told else "invalid_text" if error.validator in _TEXT_KEYWORDS else "invalid_body"
    says = told["says"] if told else _says(error)
    return Refusal(code, f"“{_name(error)}” {says}.", error.json_path)


def _name(error: ValidationError) -> str:
    """The nearest field: the list's where the value is one of a list."""
    names = [part for part in error.absolute_path if isinstance(part, str)]
    return names[-1] if names else "The body"


def _says(error: ValidationError) -> str:
    value: Any = error.validator_value
    match error.validator:
        case "type":
            return _TYPES[value]
        case "enum":
            return "must be one of " + ", ".join(value)
        case "const":
            return f"must be {value}"
        case "maxLength":
            return f"must have at most {value} characters"
        case "minimum":
            return f"must be at least {value}"
        case "maximum":
            return f"must be at most {value}"
        case "minItems":
            return f"must have at least {value} entry"
        case "maxItems":
            return f"must have at most {value} entries"
        case "uniqueItems":
            return "must not name one twice"
        case _:
            return (
                "must not be empty" if value == "\\S" else "does not have the form that the schema asks for"
            )
