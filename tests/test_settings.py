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
        ({"public_url": "https://pc/hcc"}, {}, "", "public_url: 'https://pc/hcc' has a path"),
        ({"public_url": "https://pc/%2e/"}, {}, "", "public_url: 'https://pc/%2e/' has a path"),
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


# Each is refused by every way in which it can be given: a flag, an environment variable, a file.
WRONG_TEXTS = {
    "host": ["", " ", "my pc", "pc\n", "http://pc", "a:b", "pc/", "-pc", "a" * 64, "a." * 200, "tên-máy", "\0", "[::1"],
    "port": ["", " 80", "+80", "8_000", "８０００", "80.0", "0x50", "-1", "0", "65536", "99999", "9" * 5000, "b"],
    "data": ["", "  ", "~", "~/den-luot", "a\0b", "a\nb", "\udcff", "a" * 300, __file__],
    "backup_to": [" ", "~", "a\0b", "a" * 300, "/dev/full", "/dev/null", __file__],
    "public_url": [
        "192.168.1.10", "//pc", "http:/pc", "http://", "http:///x", "ftp://pc", "javascript:alert(1)", "http://[::1",
        "http://::1", "http://[pc]", "http://pc:", "http://pc:0", "http://pc:b", "http://pc:99999", "http://pc:-1",
        "http://an:secret@pc", "http://@pc", "http://pc?x=1", "http://pc#x", "http://pc/?", "http://pc/#",
        "http://my pc", "http://pc\n", "http://pc\t", " http://pc", "http://<script>", 'http://pc/"', "http://pc/'",
        "http://pc\\@evil.example", "http://tên.vn", "http://pc\0", "http://-pc", "http://a..b", "http://" + "a" * 300,
    ],
    "async_mode": ["tornado", "Eventlet ", "threading\n"],
    "trusted_proxy": ["proxy.local", "127.0.0.1/8", "::1\0"],
}  # fmt: skip
WRONG_TOML = ["5", "0.5", "true", "[]", '["x"]', "{}", '{a = "b"}', "2026-01-05", "[[1]]", "inf"]
RIGHT_TOML = {("port", "5"), ("printer", "[]"), ("printer", '["x"]'), ("trusted_proxy", "[]")}


def said(flags, environment, config=None):
    """What is said of wrong settings, on one line; None if they are taken."""
    try:
        load(flags, environment, config)
    except WrongSetting as refusal:
        text = str(refusal)
        assert text.isprintable() and len(text) < 400, text
        return text
    return None


@pytest.mark.parametrize("name", WRONG_TEXTS)
def test_given_a_text_that_cannot_be_used_then_it_is_named(name):
    taken = []
    for text in WRONG_TEXTS[name]:
        variable = "ASYNC_MODE" if name == "async_mode" else f"DENLUOT_{name.upper()}"
        ways = [({name: text}, {}), ({}, {variable: text})]
        for flags, environment in ways[: 2 if text.strip() else 1]:  # an empty variable counts as none
            found = said(flags, environment)
            if found is None or not found.startswith(f"{name}:"):
                taken.append((text, found))
    assert taken == []


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_given_a_value_of_another_type_in_the_file_then_it_is_named(tmp_path, name):
    taken, config = [], tmp_path / "den-luot.toml"
    for value in WRONG_TOML:
        config.write_text(f"{name} = {value}\n", "utf-8")
        found = said({}, {}, config)
        if (name, value) not in RIGHT_TOML and (found is None or not found.startswith(f"{name}:")):
            taken.append((value, found))
    assert taken == []


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"port = " + b"9" * 5000, b"data = " + b"[" * 5000, b"[server]\nport = 1", b"\0", b"data = 'a\0b'"],
    ids=["utf-16", "a long number", "deep", "a table", "NUL", "NUL in a text"],
)
def test_given_a_file_that_cannot_be_read_then_it_says_so(tmp_path, content):
    (tmp_path / "den-luot.toml").write_bytes(content)
    assert said({}, {}, tmp_path / "den-luot.toml").startswith("config:")


def test_given_a_file_as_editors_of_windows_write_it_then_it_is_read(tmp_path):
    (tmp_path / "den-luot.toml").write_bytes(b"\xef\xbb\xbfport = 8001\r\n")
    assert load({}, {}, tmp_path / "den-luot.toml").port == 8001


def test_given_a_variable_that_is_misspelt_then_it_is_named():
    assert said({}, {"DENLUOT_BACKUPTO": "/media/usb"}).startswith("DENLUOT_BACKUPTO: there is no such setting")


@pytest.mark.parametrize(
    "url", ["http://192.168.1.10:8000", "https://den-luot.xa.vn", "http://[fe80::1]:8000", "HTTP://MAY_CHU"]
)
def test_given_an_address_that_phones_can_reach_then_it_is_taken(url):
    assert load({"public_url": f"{url}/"}, {}, None).public_url == url


def test_given_a_second_place_in_the_data_folder_then_it_is_refused(tmp_path):
    for second in (tmp_path, tmp_path / "second", tmp_path / "x" / ".." / "second"):
        assert said({"data": tmp_path, "backup_to": second}, {}).startswith("backup_to:")
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert said({"data": tmp_path / "data", "backup_to": tmp_path / "link"}, {}).startswith("backup_to:")
    assert said({"data": tmp_path / "data", "backup_to": tmp_path / "data-2"}, {}) is None


def test_given_a_wrong_setting_when_the_server_is_started_then_it_stops_and_says_why(tmp_path):
    words = [sys.executable, "server.py", "run", "--public-url", "nowhere", "--data", str(tmp_path / "data")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "public_url: 'nowhere' is not an address" in done.stderr
    assert not (tmp_path / "data").exists()
