"""The whole server without a network: every door, on a folder of its own."""

from contextlib import contextmanager

import server
from access.principal import ROLES
from access.programs import issue_token
from centre import Centre
from queueing.clock import SteadyClock
from settings import Settings


@contextmanager
def whole_server(folder, **chosen):
    """A `Centre` that serves nobody; its application can be asked directly."""
    db = server.open_database(folder)
    clock = SteadyClock(server.now, server.elapsed)
    # The plain mode: nothing may be patched inside pytest.
    yield Centre(Settings(data=folder, async_mode="threading", **chosen), db, clock, [], server.offload)
    db.close()


def tokens(centre):
    """Headers of one program for each role."""
    return {role: {"Authorization": f"Bearer {issue_token(centre.access, role)}"} for role in ROLES}
