"""Checks that a request over HTTP comes from Slack: its signature, and that it is fresh.

We check it ourselves because the library raises on a malformed header and logs a forged body. https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac

FRESH_SECONDS = 300
_DIGITS = 11  # of a timestamp


def is_signed(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether Slack signed this body, at most five minutes from `now` (Unix seconds).

    The same work whatever is wrong with it; never true without a secret.
    """
    stamp = timestamp if timestamp.isascii() and timestamp.isdigit() else "0"
    stamp = stamp if len(stamp) <= _DIGITS else "0"
    base = b"v0:" + stamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    same = hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape"))
    fresh = abs(now - int(stamp)) <= FRESH_SECONDS
    return bool(secret) and same and fresh
