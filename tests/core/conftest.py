"""Musterland, on which the small registers of the tests lie."""

from __future__ import annotations

import pytest
from tests.core.registers import muster_territory

from nahtstelle.core.seams import Territory


@pytest.fixture(scope="session")
def muster() -> Territory:
    """Musterland with its borders as measured on the map."""
    return muster_territory()
