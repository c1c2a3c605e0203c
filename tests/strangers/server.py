"""The whole server without a network: every route, with a data folder of its own."""

from contextlib import contextmanager
from secrets import token_hex

import server
from access.principal import ROLES
from access.programs import issue_token
from queueing.clock import SteadyClock
from runtime.centre import Centre
from settings import Settings


@contextmanager
def whole_server(folder, **chosen):
    """A `Centre` that serves nobody; its application can be asked directly."""
    # The plain mode: nothing may be patched inside pytest.
    settings = Settings(data=folder, async_mode="threading", **chosen)
    db = server.open_database(settings)
    yield Centre(settings, db, SteadyClock(server.now, server.elapsed), [], server.offload)
    db.close()


class Asker:
    """Send requests as any role, with a program's token; without one for the role of nobody."""

    def __init__(self, centre):
        self.centre = centre
        self.keys = {role: {"Authorization": f"Bearer {issue_token(centre.access, role)}"} for role in ROLES}
        self.client = centre.app.test_client(use_cookies=False)

    def get(self, role, path):
        return self.ask(role, "GET", f"/api/v1/{path}")

    def post(self, role, path, body=None):
        return self.ask(role, "POST", f"/api/v1/{path}", json={} if body is None else body)

    def ask(self, role, method, path, **options):
        headers = self.keys.get(role, {}) | {"Idempotency-Key": token_hex(16)}
        return self.client.open(path, method=method, headers=headers, **options)
