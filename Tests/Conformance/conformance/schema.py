"""As much of JSON Schema as the conversations here use."""

from __future__ import annotations

import re
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "null": (type(None),),
    "number": (int, float), "integer": (int,),
}  # fmt: skip


def _has_type(value: object, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, TYPES[name])


def _same(one: object, other: object) -> bool:
    """Equal as JSON: true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def problem(value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, path: str = "") -> str | None:
    """What is wrong with the value, or None."""
    root = schema if root is None else root
    if "$ref" in schema:
        target: Any = root
        for name in schema["$ref"].removeprefix("#").strip("/").split("/"):
            target = target[name] if name else target
        return problem(value, target, root, path)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(_has_type(value, name) for name in types):
        return f"{path or '/'} is no {' or '.join(types)}"
    if "enum" in schema and not any(_same(value, one) for one in schema["enum"]):
        return f"{path or '/'} is none of {schema['enum']}"
    if "const" in schema and not _same(value, schema["const"]):
        return f"{path or '/'} is not {schema['const']!r}"
    if "anyOf" in schema and all(problem(value, one, root, path) for one in schema["anyOf"]):
        return f"{path or '/'} is none of its {len(schema['anyOf'])} forms"
    if isinstance(value, dict):
        return _object_problem(value, schema, root, path)
    if isinstance(value, list):
        return _array_problem(value, schema, root, path)
    if isinstance(value, str):
        return _text_problem(value, schema, path)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            return f"{path or '/'} is out of bounds"
    return None


def _object_problem(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], path: str) -> str | None:
    for name in schema.get("required", []):
        if name not in value:
            return f"{path}/{name} is missing"
    members = schema.get("properties", {})
    for name, member in value.items():
        if name in members:
            if found := problem(member, members[name], root, f"{path}/{name}"):
                return found
        elif schema.get("additionalProperties") is False:
            return f"{path}/{name} is not allowed"
    return None


def _array_problem(value: list[Any], schema: dict[str, Any], root: dict[str, Any], path: str) -> str | None:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return f"{path or '/'} has {len(value)} items"
    for index, item in enumerate(value):
        if found := problem(item, schema.get("items", {}), root, f"{path}/{index}"):
            return found
    return None


def _text_problem(value: str, schema: dict[str, Any], path: str) -> str | None:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        return f"{path or '/'} has {len(value)} characters"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return f"{path or '/'} does not match {schema['pattern']}"
    return None
