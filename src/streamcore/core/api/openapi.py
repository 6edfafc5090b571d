"""The description of the interface: what the framework knows, with our types as the answers."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from streamcore.core.access import Access, answer_of, rule_of
from streamcore.core.api.shapes import ApiProblem

__all__ = ["describe"]

_REFS = "#/components/schemas/{name}"


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an app of ours."""
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    document = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=routes)
    types = [answer_of(route.endpoint) for route in routes]
    known = [found for found in types if found is not None]
    schemas, components = msgspec.json.schema_components(
        [*known, ApiProblem], ref_template=_REFS, schema_hook=_any_value
    )
    by_type = dict(zip(map(id, known), schemas, strict=False))
    for route, answer in zip(routes, types, strict=True):
        for method in route.methods or ():
            operation = document["paths"][route.path][method.lower()]
            schema = by_type.get(id(answer)) if answer is not None else None
            _describe_operation(operation, route, schema, schemas[-1])
    own = document.setdefault("components", {})
    kept = own.get("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        kept.pop(name, None)
    own["schemas"] = dict(sorted({**kept, **components}.items()))
    own["securitySchemes"] = {
        "session": {
            "type": "http",
            "scheme": "bearer",
            "description": "A session token, or the `token` in `run.json`.",
        }
    }
    return document


def _any_value(cls: type) -> dict[str, Any]:
    """Describe `object`, which the types use for whatever JSON has."""
    if cls is not object:
        raise NotImplementedError(cls)
    return {"description": "Any JSON value."}


def _describe_operation(
    operation: dict[str, Any], route: APIRoute, schema: object, problem: object
) -> None:
    good = route.status_code or 200
    answer: dict[str, Any] = {"description": "Done."}
    if schema is not None:
        answer["content"] = {"application/json": {"schema": schema}}
    operation["responses"] = {
        str(good): answer,
        "default": {
            "description": "Refused.",
            "content": {"application/problem+json": {"schema": problem}},
        },
    }
    if rule_of(route.endpoint) is not Access.OPEN:
        operation["security"] = [{"session": []}]
