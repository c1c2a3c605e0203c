"""A wrong setting of the PC stops the start, with its name and the reason."""

import subprocess
import sys
from pathlib import Path

import pytest

from settings import Settings, WrongSetting, load
from tests.centre import ROOT


def test_given_nothing_then_the_defaults_hold():
    assert load({}, {}, None) == Settings()


def test_given_flag_environment_and_file_then_the_flag_wins_and_the_file_comes_last(tmp_path):
    config = tmp_path / "den-luot.toml"
    config.write_text('port = 1001\nhost = "10.0.0.5"\npublic_url = "http://10.0.0.5:1001/"\n', "utf-8")
    chosen = load({"port": 1003, "host": None}, {"DENLUOT_PORT": "1002", "DENLUOT_DATA": "/srv/hall"}, config)
    assert chosen == Settings("10.0.0.5", 1003, Path("/srv/hall"), "eventlet", "http://10.0.0.5:1001")


@pytest.mark.parametrize(
    "file", ['trusted_proxy = "127.0.0.1 ::1"', 'trusted_proxy = ["127.0.0.1", "0:0::1"]'], ids=["one text", "a list"]
)
def test_given_proxies_then_each_is_an_address(tmp_path, file):
    (tmp_path / "den-luot.toml").write_text(file, "utf-8")
    assert load({}, {}, tmp_path / "den-luot.toml").trusted_proxy == ("127.0.0.1", "::1")


@pytest.mark.parametrize(
    ("flags", "environment", "file", "named"),
    [
        ({"port": 0}, {}, "", "port: 0"),
        ({}, {"DENLUOT_PORT": "eighty"}, "", "port: 'eighty'"),
        ({}, {}, "port = 65536", "port: 65536"),
        ({}, {}, "prot = 8000", "'prot'"),
        ({}, {}, "port = ", "config:"),
        ({}, {"ASYNC_MODE": "tornado"}, "", "async_mode: 'tornado'"),
        ({"host": "my pc"}, {}, "", "host: 'my pc'"),
        ({"public_url": "192.168.1.10"}, {}, "", "public_url: '192.168.1.10'"),
        ({"public_url": "ftp://pc/"}, {}, "", "public_url: 'ftp://pc/'"),
        ({"data": __file__}, {}, "", "data: "),
        ({"trusted_proxy": ("proxy.local",)}, {}, "", "trusted_proxy: 'proxy.local'"),
        ({}, {}, "trusted_proxy = 5", "trusted_proxy: 5 is neither"),
    ],
)
def test_given_a_wrong_setting_then_it_is_named_with_the_reason(tmp_path, flags, environment, file, named):
    config = tmp_path / "den-luot.toml"
    config.write_text(file, "utf-8")
    with pytest.raises(WrongSetting) as refusal:
        load(flags, environment, config)
    assert named in str(refusal.value)


def test_given_a_wrong_setting_when_the_server_is_started_then_it_stops_and_says_why(tmp_path):
    words = [sys.executable, "server.py", "run", "--public-url", "nowhere", "--data", str(tmp_path / "data")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "public_url: 'nowhere' is not an address" in done.stderr
    assert not (tmp_path / "data").exists()
