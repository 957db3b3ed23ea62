"""The office that tests of the handlers play in, and the messages that leave it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery.loop import Delivery
from tests.bot.delivery.recorder import Recorder
from tests.office import Office, opened


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as office:
        yield office


@pytest.fixture
def post(office: Office) -> Recorder:
    return Recorder(office.clock)


@pytest.fixture
def delivery(office: Office, post: Recorder) -> Delivery:
    return Delivery(office.app, {post.platform: post})


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for a whole file: what a test leaves behind must not trip a later one either."""
    with opened(tmp_path_factory.mktemp("lasting")) as office:
        yield office
