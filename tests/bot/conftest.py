"""The office that tests of the processes play in, and the post that leaves it."""

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
