"""A small centre for every test of the hall."""

import pytest

from tests.hall.centre import TestCentre


@pytest.fixture
def small():
    return TestCentre()


@pytest.fixture
def opened(small):
    """Counter 2 (certification and civil status) is open; An sits there."""
    small.press("open", 2)
    return small
