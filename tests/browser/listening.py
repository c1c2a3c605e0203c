"""Somebody who hears a page and sees nothing of it: which clips are said, and how long it takes to listen to them."""

import math
import time

from tests.centre import ROOT
from voice import packs, phrases

VOICES = ROOT / "static" / "voice"
FASTER = 6  # than the real sound card
PATIENCE_S = 30
CHIME = "chime"

# A card whose clock runs faster: what is scheduled on it is written down and ends when that clock says so. A second in
# `spoken` is a second of the voice.
CARD = """(faster) => {
  window.spoken = [];
  window.captions = [];
  const Real = window.AudioContext;
  window.AudioContext = class extends Real {
    constructor(options) { super(options); window.card = this; }
    get currentTime() { return super.currentTime * faster; }
  };
  const node = AudioBufferSourceNode.prototype;
  node.start = function (at, offset = 0, length = this.buffer.duration) {
    const now = this.context.currentTime;
    this.entry = { at, offset, length, cut: Infinity };
    spoken.push(this.entry);
    this.timer = setTimeout(() => this.dispatchEvent(new Event("ended")), ((at + length - now) / faster) * 1000);
  };
  node.stop = function (at) {
    this.entry.cut = Math.min(this.entry.cut, at);
    clearTimeout(this.timer);
    setTimeout(() => this.dispatchEvent(new Event("ended")), 0);
  };
  const told = (el) => el && [el.textContent, ...[...el.querySelectorAll("[data-spoken]")].map((e) => e.dataset.spoken),
    el.dataset.spoken, el.getAttribute("aria-label")].join(" ");
  const watch = () => {
    const line = document.querySelector(".foot-said");
    if (!line) return setTimeout(watch, 20);
    new MutationObserver(() => {
      const el = document.querySelector(".is-read");
      const stop = el?.closest("[data-press]") ?? el;
      const main = document.querySelector("main");
      if (!line.hidden && line.textContent) captions.push({
        words: line.textContent, framed: told(el), press: stop?.dataset.press ?? null,
        page: main.dataset.page, place: stop ? [...main.querySelectorAll("*")].indexOf(stop) : null,
      });
    }).observe(line, { childList: true, characterData: true, subtree: true, attributes: true });
  };
  watch();
}"""


class Listener:
    """Hears what a page says.

    `seconds` is how long all that was heard to its end takes at the voice's own speed, with the pauses between.
    """

    def __init__(self, page, pack="vi-north"):
        self.page = page
        self.seconds = 0.0
        self.clips = []  # what was heard, all of it
        self._at = 0  # of `spoken`: what was heard already
        self._until = math.inf  # seconds of the card
        self._names = {}
        for clip, place in packs.read_pack(VOICES / pack).clips.items():
            self._names.setdefault((place.start_s, place.length_s), set()).add(clip)

    @staticmethod
    def prepare(page, faster=FASTER):
        """Give a page the fast card, before it is opened."""
        page.add_init_script(f"({CARD})({faster})")

    def whole_page(self):
        """Wait until a page has been read to its end; return what was written meanwhile: words, frame, key, place."""
        page = self.page.locator("main").get_attribute("data-page")
        quiet, before = 0, None
        while quiet < 4:
            self.page.wait_for_timeout(100)
            spoken = self.page.evaluate(
                "[spoken.length, Math.max(...spoken.map((e) => e.at + e.length)) < card.currentTime]"
            )
            quiet = quiet + 1 if spoken == before and spoken[1] else 0
            before = spoken
        return [each for each in self.page.evaluate("captions.splice(0)") if each["page"] == page]

    def until(self, *wanted):
        """Listen until one of these clips has been said, or nothing more is; return the clips heard meanwhile."""
        heard, deadline = [], time.monotonic() + PATIENCE_S
        quiet = 0
        while time.monotonic() < deadline:
            now, spoken = self.page.evaluate("[card.currentTime, spoken]")
            for entry in spoken[self._at :]:
                end = entry["at"] + entry["length"]
                if entry["cut"] is not None and entry["cut"] < end:  # cut off before its end
                    self._at += 1
                    continue
                if end > now:
                    break  # it is being said
                self._at += 1
                self.seconds += entry["length"] + min(max(0, entry["at"] - self._until), phrases.PAUSES["."])
                self._until = end
                names = self._names.get((entry["offset"], entry["length"]), {CHIME})
                heard.append(names)
                self.clips.append(names)
                if any(name in names for name in wanted):
                    return heard
            left = spoken[self._at :]
            quiet = 0 if left else quiet + 1
            if quiet > 6 and not wanted:
                return heard
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never said: {wanted}, but {[sorted(names)[0] for names in heard]}")
