"""The refusals of Slack's Web API, in Slack's words."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal: `error` as the method's page lists it, with what else the answer says."""

    def __init__(self, error: str, *messages: str, status: int = 200, retry_after: int = 0) -> None:
        super().__init__(error)
        self.error = error
        self.messages = [f"[ERROR] {message}" for message in messages]
        self.status = status
        self.retry_after = retry_after

    @property
    def body(self) -> Json:
        """The answer's JSON."""
        body: Json = {"ok": False, "error": self.error}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


class Malformed(Exception):
    """What a block or view has that Slack's schema does not allow, and where (a JSON pointer)."""

    def __init__(self, reason: str, pointer: str) -> None:
        super().__init__(f"{reason} [json-pointer:{pointer}]")


def too_many(seconds: int) -> ApiError:
    """429: the server repeats the seconds in a Retry-After header."""
    return ApiError("ratelimited", status=429, retry_after=max(1, seconds))
