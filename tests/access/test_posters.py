"""The routes of the notice board: from a file in pieces to the wall that shows it, and those who may not."""

import base64
import io
import json

import pytest
from PIL import Image

import supervisor.posters
from access.devices import pair_device
from access.gate import device_cookie
from access.texts import Texts
from media.content import REASONS
from media.folder import PIECE_LARGEST
from tests.access.conftest import AccessTestCentre, at_once
from tests.centre import ROOT
from tests.media.files import PAGE, huge_png, mp4, picture, webm

UPLOAD = "0123456789abcdef"


def board(data):
    centre = AccessTestCentre()
    supervisor.posters.add_routes(centre.routes, centre.hall, data, at_once)
    return centre


@pytest.fixture
def centre(tmp_path):
    return board(tmp_path)


@pytest.fixture
def sinh(centre):
    return centre.signed_in()


def paired(centre, kind):
    """A screen of the hall."""
    return centre.browser(pair_device(centre.store, kind, "Màn hình", centre.clock()), device_cookie(kind))


def piece(browser, content, at=0, upload=UPLOAD):
    return browser.post("media/pieces", {"upload": upload, "at": at, "content": base64.b64encode(content).decode()})


def send(browser, content, name="ảnh.png", upload=UPLOAD):
    for at in range(0, len(content), PIECE_LARGEST):
        assert piece(browser, content[at : at + PIECE_LARGEST], at, upload).status_code == 200
    return browser.post("media", {"upload": upload, "name": name})


def test_given_a_picture_when_it_is_sent_then_anybody_gets_it_by_its_content_and_the_log_says_from_whom(centre, sinh):
    answer = send(sinh, picture("jpeg"), "../../Cổng\u202e<b>.html")
    assert (answer.status_code, answer.json["new"]) == (201, True)
    name = answer.json["id"]
    (file,) = sinh.get("posters").json["files"]
    assert (file["name"], file["kind"], file["used"], file["missing"]) == (".. .. Cổng<b>.html", "jpeg", False, False)
    event = centre.hall.store.events(answer.json["seq"] - 1, 1)[0]
    assert event.data["what"] == "media_added" and centre.gate.name_of(event.data["by"]) == "Sinh"
    wall = centre.browser()
    got = wall.client.get(f"/media/{name}")
    assert (got.status_code, got.mimetype) == (200, "image/jpeg")
    assert got.headers["X-Content-Type-Options"] == "nosniff" and "immutable" in got.headers["Cache-Control"]
    assert "object-src 'none'" in got.headers["Content-Security-Policy"]
    again = send(sinh, picture("jpeg"), "khác.png", "f" * 16)
    assert (again.json["id"], again.json["new"], len(sinh.get("posters").json["files"])) == (name, False, 1)


def test_given_files_that_are_none_of_ours_then_the_reason_is_said_and_nothing_is_kept(centre, sinh, tmp_path):
    said = Texts().words("error")
    for lang in said:
        assert REASONS - said[lang].keys() == set()
    for content, code in (
        (PAGE, "media_unknown"),
        (b"GIF89a" + bytes(99), "media_unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "media_unknown"),
        (huge_png(60_000, 60_000), "media_pixels"),
        (picture()[:200], "media_damaged"),
        (mp4(b"hvc1"), "media_codec"),
        (webm() + PAGE, "media_damaged"),
    ):
        answer = send(sinh, content, "ảnh.png")
        assert (answer.status_code, answer.json["code"]) == (400, code)
        assert answer.json["message"] and "{" not in answer.json["message"]
    assert sinh.get("posters").json["files"] == [] and list((tmp_path / "media").iterdir()) == []
    assert sinh.post("media", {"upload": "e" * 16, "name": "x"}).json["code"] == "media_incoming"
    for upload in ("../hall.db", "..%2f", "0" * 15, "", "😀" * 16, "\u0000" * 16):
        assert piece(sinh, b"x", upload=upload).json["code"] in ("media_incoming", "bad_text")
    assert piece(sinh, b"x", at=-5).json["code"] == piece(sinh, b"x", at=10**15).json["code"] == "media_incoming"
    assert piece(sinh, bytes(PIECE_LARGEST + 1)).status_code in (400, 413, 422)


def test_given_addresses_that_lead_elsewhere_then_no_file_is_given(centre, sinh, tmp_path):
    (tmp_path / "hall.db").write_bytes(b"secret")
    name = send(sinh, picture()).json["id"]
    (tmp_path / "media" / ("c" * 64)).write_bytes(PAGE)  # not one that the settings name
    browser = centre.browser().client
    for wrong in ("../hall.db", "..%2fhall.db", "%2e%2e/hall.db", name[:-1], name.upper(), f"{name}/", "c" * 64,
                  "incoming-" + UPLOAD, f"{name}%00.html", ".", "a" * 3000):  # fmt: skip
        answer = browser.get(f"/media/{wrong}")
        assert answer.status_code in (404, 414) and b"secret" not in answer.data, wrong


def test_given_a_notice_board_then_a_wall_is_told_and_a_file_can_be_removed_once_it_is_not_shown(centre, sinh):
    name = send(sinh, picture()).json["id"]
    shown = {"kind": "pictures", "files": [name], "seconds": 8}
    assert (
        sinh.post("settings/posters", {"posters": [shown, {"kind": "text", "texts": {"vi": "Nghỉ"}}]}).status_code
        == 200
    )
    wall = paired(centre, "display")
    posters = wall.get("posters/shown").json
    assert [poster["kind"] for poster in posters["posters"]] == ["pictures", "text"]
    assert posters["posters"][0]["files"] == [{"id": name, "kind": "png", "width": 160, "height": 90}]
    assert sinh.get("posters").json["files"][0]["used"]
    refused = sinh.post(f"media/{name}/remove")
    assert (refused.status_code, refused.json["code"]) == (409, "media_used")
    wrong = sinh.post("settings/posters", {"posters": [shown | {"seconds": 1}]})
    assert (wrong.status_code, wrong.json["field"]) == (400, "hall.posters.1.seconds")
    assert sinh.post("settings/posters", {"posters": []}).status_code == 200
    assert sinh.post(f"media/{name}/remove").status_code == 200
    assert centre.browser().client.get(f"/media/{name}").status_code == 404
    assert sinh.post(f"media/{name}/remove").status_code == 404
    assert sinh.post("media/hall.db/remove").status_code == 404


def test_given_a_logo_then_screens_get_it_small_and_nothing_else_by_that_address(centre, sinh):
    name = send(sinh, picture("png", (2000, 1000))).json["id"]
    other = send(sinh, picture("jpeg"), upload="f" * 16).json["id"]
    browser = centre.browser().client
    assert browser.get(f"/logo/{name}").status_code == 404
    assert sinh.post("settings/hall", {"logo": name, "colour": "#7a1f1f"}).status_code == 200
    answer = browser.get(f"/logo/{name}")
    assert (answer.status_code, answer.mimetype) == (200, "image/png") and len(answer.data) < 20_000
    with Image.open(io.BytesIO(answer.data)) as small:
        assert small.size == (320, 160)
    assert [browser.get(f"/logo/{wrong}").status_code for wrong in (other, "x", "../media")] == [404] * 3
    assert sinh.get("posters").json["logo"] == name
    assert sinh.post(f"media/{name}/remove").json["code"] == "media_used"


def test_given_a_file_that_was_lost_from_the_disk_then_the_supervisor_is_told_and_the_wall_gets_nothing(
    centre, sinh, tmp_path
):
    name = send(sinh, picture()).json["id"]
    (tmp_path / "media" / name).write_bytes(picture()[:-9])
    assert [file["missing"] for file in sinh.get("posters").json["files"]] == [True]
    (tmp_path / "media" / name).unlink()
    assert [file["missing"] for file in sinh.get("posters").json["files"]] == [True]
    assert centre.browser().client.get(f"/media/{name}").status_code == 404
    assert not send(sinh, picture(), upload="f" * 16).json["new"]  # sent once more it is whole again
    assert [file["missing"] for file in sinh.get("posters").json["files"]] == [False]


def test_given_other_roles_then_they_neither_send_nor_change_anything(centre, sinh):
    name = send(sinh, picture()).json["id"]
    others = [centre.signed_in(each, role=each) for each in ("clerk", "greeter", "inspector")]
    for other in (*others, paired(centre, "display"), paired(centre, "kiosk"), centre.browser()):
        for answer in (
            piece(other, b"x"),
            other.post("media", {"upload": UPLOAD, "name": "x"}),
            other.post(f"media/{name}/remove"),
            other.post("settings/posters", {"posters": []}),
        ):
            assert answer.status_code in (401, 403)
    assert others[2].get("posters").status_code == 200 and others[0].get("posters").status_code == 403


def test_given_the_files_of_the_notice_board_then_the_operator_is_told_that_no_backup_has_them():
    operating = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert "| `media` |" in operating
    assert json.loads((ROOT / "static/text/vi.json").read_text("utf-8"))["posters"]["no_backup"]
