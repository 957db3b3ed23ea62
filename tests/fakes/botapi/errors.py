"""The refusals of the Bot API, in Telegram's words."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


class ApiError(Exception):
    """A refusal: HTTP status, `description`, and `parameters` (retry_after, migrate_to_chat_id)."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    @property
    def body(self) -> Json:
        """The answer's JSON, as https://core.telegram.org/bots/api#making-requests has it."""
        return failure(self.code, self.description, self.parameters)


def failure(code: int, description: str, parameters: Json | None = None) -> Json:
    """The JSON of a failed request."""
    body: Json = {"ok": False, "error_code": code, "description": description}
    return body | ({"parameters": parameters} if parameters else {})


def bad(reason: str, **parameters: int) -> ApiError:
    """400 with the reason after "Bad Request: "."""
    return ApiError(400, f"Bad Request: {reason}", parameters)


def forbidden(reason: str) -> ApiError:
    """403 with the reason after "Forbidden: "."""
    return ApiError(403, f"Forbidden: {reason}")


def too_many(seconds: int) -> ApiError:
    """429 that asks to wait; the server repeats the seconds in a Retry-After header."""
    description = f"Too Many Requests: retry after {seconds}"
    return ApiError(429, description, {"retry_after": seconds})
