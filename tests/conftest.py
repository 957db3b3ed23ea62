"""What every test stands on: repeatable examples, and no setting of the person who runs them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from bot.config import Settings

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


@pytest.fixture(autouse=True, scope="session")
def no_settings_of_ours() -> Iterator[None]:
    """Runs all tests without the settings of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        forget_settings(patch)
        yield


def forget_settings(patch: pytest.MonkeyPatch) -> None:
    """Takes every setting out of the environment and lets no `.env` be read.

    A token found there must never make a test talk to the real Telegram or Slack. Settings are
    read whatever the case of their names, so they are taken out whatever it is.
    """
    for name in list(os.environ):
        if name.lower() in Settings.model_fields:
            patch.delenv(name)
    patch.setitem(Settings.model_config, "env_file", None)
