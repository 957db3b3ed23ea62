"""One call of a Bot API method: its parameters, however they were sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.botapi.errors import Json, bad


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """Parameters are text: JSON-encoded where Telegram's documentation wants an object."""

    method: str
    parameters: dict[str, str]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The parameter as text."""
        return self.parameters.get(name, default)

    def number(self, name: str, default: int = 0) -> int:
        """The parameter as a whole number; the default when it is none."""
        value = self.text(name)
        return int(value) if value.lstrip("-").isdigit() else default

    def flag(self, name: str) -> bool:
        """The parameter as true or false."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def items(self, name: str) -> list[Any]:
        """The parameter as a JSON list."""
        value = self._json(name, "[]")
        return value if isinstance(value, list) else []

    def fields(self, name: str) -> Json:
        """The parameter as a JSON object."""
        value = self._json(name, "{}")
        return value if isinstance(value, dict) else {}

    @property
    def chat(self) -> int | None:
        """The chat that the call is about, if it names one."""
        return self.number("chat_id") or None

    def upload(self, name: str) -> Upload | None:
        """The file of this parameter: sent under its name, or attached and referred to."""
        attached = self.text(name).removeprefix("attach://")
        return self.uploads.get(name) or self.uploads.get(attached)

    def _json(self, name: str, default: str) -> Any:
        try:
            return json.loads(self.text(name) or default)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None


async def read_call(method: str, request: web.Request) -> Call:
    """The call in a request: query string, form, multipart form or JSON."""
    parameters = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        for name, value in (await request.json()).items():
            parameters[name] = value if isinstance(value, str) else json.dumps(value)
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                parameters[name] = value if isinstance(value, str) else value.decode()
    return Call(method, parameters, uploads)
