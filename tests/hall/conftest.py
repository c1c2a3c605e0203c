"""A new test centre for each test of the hall."""

import pytest

from tests.hall.centre import TestCentre


@pytest.fixture
def centre():
    return TestCentre()


@pytest.fixture
def opened(centre):
    """Counter 2 (certification and civil status) is open; An sits there."""
    centre.press("open", 2)
    return centre
