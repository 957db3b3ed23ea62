"""The office that tests of the handlers play in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office, opened


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as office:
        yield office


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for a whole file: what a test leaves behind must not trip a later one either."""
    with opened(tmp_path_factory.mktemp("lasting")) as office:
        yield office
