"""A test centre as a process of its own: the real server on a free port, started as people start it."""

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from secrets import randbelow, token_hex

import requests

ROOT = Path(__file__).resolve().parent.parent
START_S = 20
STOP_S = 10
PORTS = range(15_000, 32_000)


class TestCentreProcess:
    """One server over one data folder; may be stopped, killed and started again on its port.

    It is never patched or imported: what tests see is what a centre sees.
    """

    __test__ = False  # a harness: pytest shall not collect it
    start_s = START_S

    def __init__(self, data, async_mode=None, options=(), root=ROOT, files=None):
        self.root = root  # where the program lies
        self.files = files  # that the system lets it open; None: as many as here
        self.data = Path(data)
        self.port = free_port()
        self.async_mode = async_mode or os.environ.get("ASYNC_MODE", "eventlet")
        self.options = options
        self.log = self.data.with_name(self.data.name + ".log")
        self.process = None
        self._local = threading.local()

    @property
    def url(self):
        """The address programs use."""
        return f"http://127.0.0.1:{self.port}"

    def at(self, name):
        """The address under a host name that the browser maps to this machine."""
        return f"http://{name}:{self.port}"

    def start(self):
        """Start the server and wait until the hall can issue tickets."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command("run", "--host", "127.0.0.1", "--port", str(self.port), *self.options),
                cwd=self.root,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=self._limit_files if self.files else None,
                start_new_session=True,  # its own group, so that kill() also reaches its children
            )
        self._wait_until_healthy()
        return self

    def stop(self):
        """Ask the server to finish (SIGTERM), and return its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self):
        """End the server as a power cut does (SIGKILL)."""
        return self._end(signal.SIGKILL)

    def freeze(self):
        """Let the server hang with its connections open: a silent failure."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self):
        """Let a frozen server go on."""
        os.killpg(self.process.pid, signal.SIGCONT)

    def command(self, *words):
        """Run `server.py WORDS --data DIR` and return what it printed.

        Raises subprocess.CalledProcessError when it refuses.
        """
        done = subprocess.run(
            self._command(*words),
            cwd=self.root,
            env=self._environment(),
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout

    def lose_since_backup(self, happens):
        """Lose what `happens` after a backup, as a dead disk does: no daily file has it. Restore, and start again."""
        self.command("backup")
        happens()
        self.kill()
        for path in self.data.glob("hall.db*"):
            path.unlink()
        shutil.rmtree(self.data / "log")
        self.command("restore")
        return self.start()

    def token(self, role, counter=None, limit=None):
        """A bearer token made on the command line."""
        words = ["token", "--role", role]
        for name, value in (("--counter", counter), ("--limit", limit)):
            words += [] if value is None else [name, str(value)]
        return self.command(*words).strip()

    def setup_link(self):
        """The one-time address for the first supervisor, as printed at the first start."""
        found = re.findall(r"\S*/setup\?key=[\w-]+", self.output())
        if not found:
            raise AssertionError(f"no set-up link in what the server printed:\n{self.output()}")
        return found[-1]

    def setup_key(self):
        """The key in the set-up link."""
        return self.setup_link().partition("key=")[2]

    def output(self):
        """Everything the server printed so far."""
        return self.log.read_text("utf-8", errors="replace") if self.log.exists() else ""

    def get(self, path, token=None, **options):
        """GET an address of the API; the answer is returned whatever its status."""
        return self._ask("GET", path, token, **options)

    def post(self, path, body=None, key=None, token=None, **options):
        """POST JSON under an Idempotency-Key, a fresh one unless `key` is given."""
        headers = {"Idempotency-Key": key or token_hex(16), **options.pop("headers", {})}
        return self._ask("POST", path, token, json={} if body is None else body, headers=headers, **options)

    def _ask(self, method, path, token, headers=None, **options):
        headers = dict(headers or {})
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        options.setdefault("timeout", 15)
        return self._session().request(method, self.url + path, headers=headers, **options)

    def _session(self):
        """One connection for each thread, without cookies: the token alone says who asks."""
        if not hasattr(self._local, "session"):
            session = requests.Session()
            session.trust_env = False
            session.cookies.set_policy(NoCookies())
            self._local.session = session
        return self._local.session

    def _command(self, *words):
        return [sys.executable, "server.py", *words, "--data", str(self.data)]

    def _limit_files(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (self.files, self.files))

    def _environment(self):
        # Compiling everything again at every start would take longer than most tests.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return kept | {"ASYNC_MODE": self.async_mode, "PYTHONUNBUFFERED": "1"}

    def _wait_until_healthy(self):
        deadline = time.monotonic() + self.start_s
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.output()}")
            try:
                if self.get("/health", timeout=1).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.05)
        self.kill()
        raise AssertionError(f"the server was not healthy after {self.start_s} s:\n{self.output()}")

    def _end(self, how):
        if self.process is None or self.process.poll() is not None:
            return None if self.process is None else self.process.returncode
        if how == signal.SIGKILL:
            os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.send_signal(how)
        try:
            return self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_S)
            raise AssertionError(f"the server did not stop within {STOP_S} s:\n{self.output()}") from None


def wait_for_forecasts(centre):
    """Wait until the process of the forecasts has answered for the first time."""
    deadline = time.monotonic() + START_S
    while "denluot_forecast_age_seconds" not in centre.get("/metrics").text:
        assert time.monotonic() < deadline
        time.sleep(0.05)


class NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):
    """Keep nothing and send nothing."""

    def set_ok(self, cookie, request):
        return False

    def return_ok(self, cookie, request):
        return False


def free_port():
    """A port nobody listens on at this moment.

    It lies below those that outgoing connections get: one of these could take it before the server does.
    """
    while True:
        with socket.socket() as probe, suppress(OSError):
            port = PORTS.start + randbelow(len(PORTS))
            probe.bind(("127.0.0.1", port))
            return port
