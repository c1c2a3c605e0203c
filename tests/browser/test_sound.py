"""The rules of sound against known loudness and against sounds of any kind, made in the page from a few figures."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.browser.static_files import static_file

pytestmark = pytest.mark.browser

MODULE = "/static/supervisor/studio/sound.js"
TARGET = -19
SITE = "http://sound"

# parts: [kind, seconds, level]; "voice" swells like syllables, "sine" is 997 Hz, "room" is noise.
MADE = """
window.made = (parts, rate, seed, noise) => {
  let state = seed;
  const dice = () => {  // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296 - 0.5;
  };
  const of = {
    room: () => 0,
    sine: (s, level) => level * Math.sin(2 * Math.PI * 997 * s),
    voice: (s, level) => level * (0.6 + 0.4 * Math.sin(8 * Math.PI * s)) *
      [1, 2, 3, 4].reduce((sum, k) => sum + Math.sin(2 * Math.PI * 150 * k * s) / k, 0) / 2,
  };
  return Float32Array.from(parts.flatMap(([kind, seconds, level = 0]) =>
    Array.from({length: Math.round(seconds * rate)}, (_, i) => of[kind](i / rate, level))),
    (value) => Math.max(-1, Math.min(1, value + 2 * noise * dice())));
};
"""
EVERY = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
RATES = st.sampled_from([22_050, 44_100, 48_000])


@pytest.fixture(scope="module")
def page(chromium):
    context = chromium.new_context()
    page = context.new_page()
    empty = {"body": "<title>sound</title>", "content_type": "text/html"}
    page.route(f"{SITE}/**", lambda route: route.fulfill(**(static_file(route.request.url[len(SITE) :]) or empty)))
    page.add_init_script(MADE)
    page.goto(f"{SITE}/")
    yield page
    context.close()


def judged(page, parts, rate=48_000, noise=0.0005, seed=1):
    """The verdict; of a good take also the clip's seconds, loudness and peak."""
    return page.evaluate(
        """([path, parts, rate, seed, noise]) => import(path).then(({judge, loudness}) => {
          const {verdict, clip} = judge(made(parts, rate, seed, noise), rate);
          if (!clip) return {verdict};
          const peak = clip.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          const ends = [clip[0], clip[clip.length - 1]];
          return {verdict, peak, ends, seconds: clip.length / rate, lufs: loudness(clip, rate)};
        })""",
        [MODULE, parts, rate, seed, noise],
    )


def loudness(page, parts, rate):
    return page.evaluate(
        "([path, parts, rate]) => import(path).then(({loudness}) => loudness(made(parts, rate, 1, 0), rate))",
        [MODULE, parts, rate],
    )


def test_given_the_tones_of_the_standard_then_their_loudness_is_that_of_the_standard(page):
    for rate in (22_050, 44_100, 48_000):  # ITU-R BS.1770: full scale in one channel is -3.01 LKFS
        assert loudness(page, [["sine", 2, 1]], rate) == pytest.approx(-3.01, abs=0.1)
    # EBU Tech 3341, case 3: what is 13 dB quieter than the rest does not count.
    parts = [["sine", 3, 10 ** (-33 / 20)], ["sine", 60, 0.1], ["sine", 3, 10 ** (-33 / 20)]]
    assert loudness(page, parts, 22_050) == pytest.approx(-23.0, abs=0.1)
    assert loudness(page, [["room", 1]], 48_000) == float("-inf")


@EVERY
@given(st.floats(0.3, 1.5), st.floats(0.2, 4), st.floats(0.3, 2), st.floats(0.05, 0.6), RATES, st.integers(0, 9999))
def test_given_speech_anywhere_in_a_take_then_the_clip_is_the_speech_and_as_loud_as_every_other(
    page, before, speech, after, level, rate, seed
):
    take = judged(page, [["room", before], ["voice", speech, level], ["room", after]], rate, seed=seed)
    assert take["verdict"] == "good"
    assert speech + 0.05 <= take["seconds"] <= speech + 0.2
    assert take["lufs"] == pytest.approx(TARGET, abs=0.6) and take["peak"] <= 0.9
    assert max(map(abs, take["ends"])) < 0.001


@pytest.mark.parametrize(
    ("parts", "noise", "verdict"),
    [
        ([["room", 2]], 0.0005, "silent"),
        ([["room", 2]], 0, "silent"),
        ([["room", 1], ["voice", 1, 0.012], ["room", 1]], 0.0001, "quiet"),
        ([["room", 1], ["voice", 1, 3], ["room", 1]], 0.0005, "clipped"),
        ([["room", 1], ["voice", 1, 0.1], ["room", 1]], 0.03, "noisy"),
        ([["voice", 1, 0.2], ["room", 1]], 0.0005, "cut"),
        ([["room", 1], ["voice", 1, 0.2]], 0.0005, "cut"),
        ([["room", 1], ["voice", 0.06, 0.2], ["room", 1]], 0.0005, "short"),
        ([["room", 1], ["voice", 11.5, 0.2], ["room", 1]], 0.0005, "long"),
        ([["room", 1], ["sine", 0.015, 0.4], ["room", 1]], 0.0005, "silent"),  # a click of the key
    ],
)
def test_given_a_take_that_cannot_be_used_then_the_reason_is_named(page, parts, noise, verdict):
    assert judged(page, parts, noise=noise)["verdict"] == verdict


def test_given_a_click_after_the_speech_then_it_is_left_out(page):
    take = judged(page, [["room", 1], ["voice", 1, 0.2], ["room", 1], ["sine", 0.015, 0.5], ["room", 0.5]])
    assert take["verdict"] == "good" and take["seconds"] < 1.2


@EVERY
@given(
    st.lists(st.tuples(st.floats(0.3, 1.5), st.floats(1.6, 3)), min_size=1, max_size=5),
    st.floats(0, 0.3),
    RATES,
    st.integers(0, 9999),
)
def test_given_sentences_with_pauses_then_each_is_a_piece_that_can_be_used(page, sentences, comma, rate, seed):
    parts, at, spans = [["room", 0.8]], 0.8, []
    for seconds, pause in sentences:
        spans.append((at, at + 2 * seconds + comma))
        parts += [["voice", seconds, 0.2], ["room", comma], ["voice", seconds, 0.15], ["room", pause]]
        at += 2 * seconds + comma + pause
    for wanted in (None, len(sentences)):
        cut = page.evaluate(
            """([path, parts, rate, seed, wanted]) => import(path).then(({pieces, judge}) => {
              const sound = made(parts, rate, seed, 0.0005);
              return pieces(sound, rate, wanted ?? undefined).map(({from, to}) =>
                [from / rate, to / rate, judge(sound.slice(from, to), rate).verdict]);
            })""",
            [MODULE, parts, rate, seed, wanted],
        )
        assert [verdict for _, _, verdict in cut] == ["good"] * len(spans)
        for (first, last), (begins, ends, _) in zip(spans, cut, strict=True):
            assert begins <= first and last <= ends
