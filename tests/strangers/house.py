"""The whole server without a network: every door, on a folder of its own."""

from contextlib import contextmanager

import pytest

import server
from access.principal import ROLES
from access.programs import issue_token
from settings import Settings


@contextmanager
def whole_server(folder, **chosen):
    """A `server.Centre` that serves nobody; its application can be asked directly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "ASYNC_MODE", "threading")  # nothing may be patched inside pytest
        centre = server.Centre(Settings(data=folder, **chosen))
        yield centre
        centre.db.close()


def tokens(centre):
    """Headers of one program for each role."""
    return {role: {"Authorization": f"Bearer {issue_token(centre.access, role)}"} for role in ROLES}
