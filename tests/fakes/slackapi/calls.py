"""One call of a Web API method: whose token, and its arguments, however they were sent."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.slackapi.errors import ApiError, Json
from tests.fakes.slackapi.workspaces import Workspace


def _nobody() -> Workspace:
    return Workspace("", "", "", "", "", "")


@dataclass(frozen=True)
class Call:
    """Arguments as they came; JSON in a form is read where an object or list is wanted."""

    method: str
    token: str
    arguments: Json = field(default_factory=dict)
    basic: tuple[str, str] = ("", "")
    team: Workspace = field(default_factory=_nobody)

    def text(self, name: str, default: str = "") -> str:
        """The argument as text."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        """The argument as true or false."""
        return self.text(name).lower() in ("true", "1")

    def number(self, name: str) -> int:
        """The argument as a whole number, 0 when it is none."""
        value = self.text(name)
        return int(value) if value.isdecimal() else 0

    def required(self, name: str) -> str:
        """The argument as text. Raises ApiError when it is missing."""
        value = self.text(name)
        if not value:
            raise ApiError("invalid_arguments", f"missing required field: {name}")
        return value

    def json(self, name: str) -> Any:
        """The argument as JSON, None when there is none."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise ApiError("invalid_arguments", f"{name} is no JSON") from None


async def read_call(method: str, request: web.Request) -> Call:
    """The call in a request: query string, form, multipart form or JSON."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        try:
            read = json.loads(body) if body else {}
        except ValueError:
            raise ApiError("invalid_json") from None
        if not isinstance(read, dict):
            raise ApiError("json_not_object")
        arguments |= read
    else:
        arguments |= dict(await request.post())
    return Call(method, _token(request, arguments), arguments, _basic(request))


def _token(request: web.Request, arguments: Json) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else str(arguments.get("token", ""))


def _basic(request: web.Request) -> tuple[str, str]:
    scheme, _, coded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ("", "")
    name, _, secret = base64.b64decode(coded).decode().partition(":")
    return (name, secret)
