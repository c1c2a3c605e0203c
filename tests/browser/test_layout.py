"""The measure of layouts measures itself: small pages, each with one fault or with none."""

import pytest

from tests.browser.layout import layout_faults, watch_moves

pytestmark = pytest.mark.browser

STYLE = """<!doctype html><meta charset="utf-8"><title>layout</title><style>
* { box-sizing: border-box; margin: 0 }
body { font: 20px/1.2 sans-serif; width: 600px; height: 400px; background: #eee }
.card { width: 200px; padding: 8px; border: 2px solid; background: #fff }
.place { position: absolute; left: 20px; top: 20px }
</style>"""

SOUND = {
    "a paragraph of many lines": "<p style='width: 120px; line-height: 1.1'>Ông Ậ phục vụ ở quầy giữa Ổ Ẫ gọi</p>",
    "lines of two pieces, tight": "<h1 style='line-height: 1.1'><b style='display: block'>Kính gửi</b>Ông/bà</h1>",
    "a card": "<div class='card'>Chứng thực <b>B 027</b></div>",
    "a key with words and drawing": "<button class='card'><svg width=20 height=20></svg> Gọi số tiếp theo</button>",
    "a tag that hangs on a corner": (
        "<div class='card' style='position: relative'>Quầy 2"
        "<b style='position: absolute; right: -30px; top: 40px; width: 60px; background: #fff'>3</b></div>"
    ),
    "a list that may scroll": (
        "<div class='list' style='height: 50px; overflow: auto'><p>Một</p><p>Hai</p><p>Ba</p><p>Bốn</p></div>"
    ),
    "a list that may scroll over a text": (
        "<div class='list' style='height: 50px; overflow: auto'><p>Một</p><p>Hai</p><p>Ba</p><p>Bốn</p></div>"
        "<p>Năm</p><button>Xong</button>"
    ),
    "what is not shown": (
        "<p class='place'>Một</p><p class='place' hidden>Hai</p><p class='place' style='opacity: 0'>Ba</p>"
    ),
    "a label around its box": "<label><input type='checkbox'> Có máy in</label>",
    "a bar with its figure on it": (
        "<div style='position: relative; height: 30px'><hr class='bar place' style='width: 90px'>"
        "<span class='place' style='top: 8px'>12 phút</span></div>"
    ),
    "a modal question over a page": (
        "<p>Sau lưng</p><dialog style='padding: 8px'>Hủy số này?</dialog>"
        "<script>document.querySelector('dialog').showModal()</script>"
    ),
}

UNSOUND = {
    "two texts in one place": ("<p class='place'>Một</p><p class='place'>Hai</p>", "lie on one another"),
    "a line over the next": (
        "<p style='height: 8px'>Chứng thực</p><p>Đất đai</p>",
        '"Chứng thực" and "Đất đai" lie on one another',
    ),
    "a line through a text": (
        "<p class='place'>Trước ông/bà còn</p><hr class='place' style='top: 31px; width: 300px'>",
        "lie on one another",
    ),
    "a text over a key": (
        "<button class='place'>Xong</button><p class='place' style='top: 30px'>Mời ngồi</p>",
        "lie on",
    ),
    "a key over a key": (
        "<button class='place'>Gọi</button><button class='place' style='left: 40px'>Hủy</button>",
        "lie on one another",
    ),
    "a picture over a text": (
        "<p>Mời ngồi chờ</p><canvas class='place' width=90 height=90 style='top: 0'></canvas>",
        "lie on one another",
    ),
    "a card over a text": (
        "<p>Mời ngồi chờ</p><div style='margin-top: -24px; height: 40px; background: #fff; position: relative'></div>",
        '"Mời ngồi chờ" lies under',
    ),
    "a word out of its card": ("<div class='card' style='width: 60px'>Chứng_thực_hợp_đồng</div>", "leaves <div.card>"),
    "a line more than its card": ("<div class='card' style='height: 30px'>Một<br>Hai</div>", "leaves <div.card>"),
    "words that touch the line around them": (
        "<button class='card' style='padding: 0; width: fit-content'>Mm</button>",
        "touches the edge of <button.card>",
    ),
    "a figure on the keyline of its plate": (
        "<style>.plate { position: relative; width: 40px; height: 24px; line-height: 24px; background: #fff }"
        ".plate::after { content: ''; position: absolute; inset: 4px; border: 2px solid }</style>"
        "<p class='plate'>8</p>",
        "<p.plate>",
    ),
    "a word wider than its column": ("<p style='width: 60px'>Chứng_thực_hợp_đồng</p>", "is wider than <p>"),
    "cut at the foot": (
        "<div style='height: 30px; overflow: hidden'><p>Một</p><p>Hai</p></div>",
        '"Hai" is cut off',
    ),
    "three dots": (
        "<p style='width: 60px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis'>Chứng thực đồng</p>",
        "is cut off",
    ),
    "a list that must not scroll": ("<div style='height: 30px; overflow: auto'><p>Một</p><p>Hai</p></div>", "cut off"),
    "a picture that is cut": (
        "<div style='height: 30px; overflow: hidden'><canvas width=90 height=90></canvas></div>",
        "is cut off",
    ),
    "a key below the screen": ("<button class='place' style='top: 390px'>Xong</button>", "is off the screen"),
    "a page that is too high": ("<div style='height: 900px'></div>", "the page is 500 px too high"),
    "a page that is too wide": ("<div style='width: 900px; height: 9px'></div>", "the page is 300 px too wide"),
}


@pytest.fixture(scope="module")
def page(chromium):
    context = chromium.new_context(viewport={"width": 600, "height": 400})
    yield context.new_page()
    context.close()


def test_given_a_sound_page_then_nothing_is_reported(page):
    reported = {}
    for what, html in SOUND.items():
        page.set_content(STYLE + html)
        reported[what] = layout_faults(page, scrolling=[".list"], ground=[".bar"])
    assert reported == {what: [] for what in SOUND}


def test_given_one_fault_then_it_is_reported(page):
    missed = {}
    for what, (html, sentence) in UNSOUND.items():
        page.set_content(STYLE + html)
        found = layout_faults(page)
        if not any(sentence in fault for fault in found):
            missed[what] = found
    assert missed == {}


def test_given_a_list_that_may_scroll_then_its_own_texts_must_not_lie_on_one_another(page):
    for top in (0, 200):  # seen, and scrolled out
        page.set_content(
            f"{STYLE}<div class='list place' style='height: 60px; width: 99px; overflow: auto'>"
            f"<p style='margin-top: {top}px'>Một</p><p style='margin-top: -24px'>Hai</p></div>"
        )
        (fault,) = layout_faults(page, scrolling=[".list"])
        assert fault == '"Một" and "Hai" lie on one another'


def test_given_a_page_that_may_scroll_then_only_its_width_is_bounded(page):
    page.set_content(STYLE + "<div style='height: 900px'></div><p>Dưới cùng</p>")
    assert layout_faults(page, scrolling=["html"]) == []
    page.set_content(STYLE + "<p style='margin-left: 590px'>Bên phải</p><div style='height: 900px'></div>")
    assert layout_faults(page, scrolling=["html"]) != []


KEYS = "<button data-press='large'>Chữ to</button><button data-press='help'>Trợ giúp</button>"


def test_given_keys_that_are_built_again_elsewhere_then_they_have_moved(chromium):
    context = chromium.new_context(viewport={"width": 600, "height": 400})
    page = context.new_page()
    watch = watch_moves(page)
    page.route("**/*", lambda route: route.fulfill(body=f"{STYLE}<p>{KEYS}</p>", content_type="text/html"))
    page.goto("http://centre.test/")
    page.evaluate("new Promise(requestAnimationFrame)")
    page.evaluate(f"document.querySelector('p').innerHTML = {KEYS!r}")
    assert watch.moved() == []
    page.evaluate(f"document.querySelector('p').innerHTML = {'<button>Đọc to</button>' + KEYS!r}")
    assert [move.split(":")[0] for move in watch.moved()] == ["Chữ to", "Trợ giúp"]
    watch.forget()
    page.evaluate("new Promise(requestAnimationFrame)")
    assert watch.moved() == []
    context.close()
