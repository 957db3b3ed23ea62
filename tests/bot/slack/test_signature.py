"""A request is Slack's only with its signature, and only while it is fresh."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from bot.slack.signature import is_signed

SECRET, NOW = "8f742231b10e8888abcd99yyyzzz85a5", 1_795_762_800
BODY = b"token=x&team_id=T1&text=%E4%BD%A0"


def signed(body: bytes = BODY, stamp: str = str(NOW), secret: str = SECRET) -> str:
    base = b"v0:" + stamp.encode("utf-8", "surrogateescape") + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def test_slacks_own_signature_is_taken() -> None:
    assert is_signed(SECRET, str(NOW), signed(), BODY, NOW)


@pytest.mark.parametrize(("age", "taken"), [(299, True), (300, True), (301, False), (-301, False)])
def test_a_request_is_fresh_for_five_minutes(age: int, taken: bool) -> None:
    assert is_signed(SECRET, str(NOW), signed(), BODY, NOW + age) is taken


@pytest.mark.parametrize(
    ("stamp", "signature"),
    [
        ("", signed()),
        ("abc", signed(stamp="abc")),
        ("1e9", signed(stamp="1e9")),
        ("-1", signed(stamp="-1")),
        (f" {NOW}", signed()),
        (f"{NOW}.0", signed(stamp=f"{NOW}.0")),
        ("９９９", signed(stamp="９９９")),
        ("9" * 400, signed(stamp="9" * 400)),
        (str(NOW), ""),
        (str(NOW), "v0="),
        (str(NOW), signed()[3:]),
        (str(NOW), signed().upper()),
        (str(NOW), signed()[:-1]),
        (str(NOW), signed() + "0"),
        (str(NOW), signed().replace("v0", "v1")),
        (str(NOW), "v0=é" + "0" * 63),
        (str(NOW), "\udce9" * 67),
        (str(NOW), signed(secret="another")),
        (str(NOW), signed(stamp=str(NOW + 1))),
        (str(NOW), signed(BODY + b"0")),
        (str(NOW), signed(BODY.lower())),
        (str(NOW), "v0=" + "0" * 1_000_000),
    ],
)
def test_whatever_is_malformed_is_refused_and_raises_nothing(stamp: str, signature: str) -> None:
    assert not is_signed(SECRET, stamp, signature, BODY, NOW)


def test_nobody_has_signed_without_a_secret() -> None:
    assert not is_signed("", str(NOW), signed(secret=""), BODY, NOW)
