"""What every test stands on: repeatable examples, and no setting of the person who runs them."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

OWN_SETTINGS = (
    "DATABASE_URL",
    "LOG_LEVEL",
    "TELEGRAM_BASE_FILE_URL",
    "TELEGRAM_BASE_URL",
    "TELEGRAM_TOKEN",
)

settings.register_profile(
    "fast",
    deadline=None,  # a busy machine is no failure
    derandomize=True,  # the same tests for everybody, every time
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("fast"), max_examples=1000)
settings.register_profile("search", settings.get_profile("thorough"), derandomize=False)


def pytest_configure() -> None:
    """Chooses how hard hypothesis looks: HYPOTHESIS_PROFILE is fast, thorough or search."""
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


@pytest.fixture(autouse=True)
def no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token in the environment must never make a test talk to the real Telegram."""
    for name in OWN_SETTINGS:
        monkeypatch.delenv(name, raising=False)
