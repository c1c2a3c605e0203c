"""Somebody who hears a page and sees nothing of it: which clips are said, and how long it takes to listen to them.

The sound card of the page stands still except while somebody listens, so what is heard, and for how long, is the same
on every machine.
"""

import math
import time

from tests.centre import ROOT
from voice import packs, phrases

VOICES = ROOT / "static" / "voice"
PATIENCE_S = 30
QUIET_MS = 400  # for so long nothing more is said: it was the end
CHIME = "chime"

# `hearOne` lets the card run to the end of what is said next, and returns it: {at, end, offset, length}, or null.
CARD = """(() => {
  let now = 0;
  const waiting = new Set();
  const later = () => new Promise((wake) => setTimeout(wake, 0));
  const Real = window.AudioContext;
  window.AudioContext = class extends Real {
    get currentTime() { return now; }
  };
  const node = AudioBufferSourceNode.prototype;
  const over = (each) => waiting.delete(each) && each.node.dispatchEvent(new Event("ended"));
  node.start = function (at, offset = 0, length = this.buffer.duration) {
    this.entry = { node: this, at, offset, length, end: at + length };
    waiting.add(this.entry);
  };
  node.stop = function () {
    setTimeout(() => over(this.entry), 0);
  };
  window.hearOne = async () => {
    await later(); // what was stopped is over
    const [next] = [...waiting].sort((a, b) => a.end - b.end);
    if (!next) return null;
    now = Math.max(now, next.end);
    over(next);
    await later();
    const { at, end, offset, length } = next;
    return { at, end, offset, length };
  };
  window.begun = () => waiting.size;
  window.captions = [];
  const said = (el) => el && [el.textContent, ...[...el.querySelectorAll("[data-spoken]")].map((e) => e.dataset.spoken),
    el.dataset.spoken, el.getAttribute("aria-label")].join(" ");
  const watch = () => {
    const line = document.querySelector(".foot-said");
    if (!line) return setTimeout(watch, 20);
    new MutationObserver(() => {
      const el = document.querySelector(".is-read");
      const stop = el?.closest("[data-press]") ?? el;
      const main = document.querySelector("main");
      if (!line.hidden && line.textContent) captions.push({
        words: line.textContent, framed: said(el), press: stop?.dataset.press ?? null,
        page: main.dataset.page, place: stop ? [...main.querySelectorAll("*")].indexOf(stop) : null,
      });
    }).observe(line, { childList: true, characterData: true, subtree: true, attributes: true });
  };
  watch();
})()"""


class Listener:
    """Hears what a page says.

    `seconds` is how long all that was heard takes at the voice's own speed, with the pauses between.
    """

    def __init__(self, page, pack="vi-north"):
        self.page = page
        self.seconds = 0.0
        self.clips = []  # what was heard, all of it
        self._until = math.inf  # seconds of the card
        self._names = {}
        for clip, place in packs.read_pack(VOICES / pack).clips.items():
            self._names.setdefault((place.start_s, place.length_s), set()).add(clip)

    @staticmethod
    def prepare(page):
        """Give a page the card, before it is opened."""
        page.add_init_script(CARD)

    def until(self, *wanted):
        """Listen until one of these clips has been said; return the clips heard meanwhile."""
        heard, deadline = [], time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            clip = self.page.evaluate("hearOne()")
            if clip is None:
                self.page.wait_for_timeout(50)
                continue
            self.seconds += clip["length"] + min(max(0, clip["at"] - self._until), phrases.PAUSES["."])
            self._until = clip["end"]
            names = self._names.get((clip["offset"], clip["length"]), {CHIME})
            heard.append(names)
            self.clips.append(names)
            if any(name in names for name in wanted):
                return heard
        raise AssertionError(f"never said: {wanted}, but {[sorted(names)[0] for names in heard]}")

    def whole_page(self):
        """Listen to a page to its end; return what was written meanwhile: words, frame, key, place."""
        page = self.page.locator("main").get_attribute("data-page")
        self.page.evaluate(
            """async (quiet_ms) => {
              for (let since = performance.now(); performance.now() - since < quiet_ms; ) {
                if (await hearOne()) since = performance.now();
                else await new Promise((wake) => setTimeout(wake, 20));
              }
            }""",
            QUIET_MS,
        )
        return [each for each in self.page.evaluate("captions.splice(0)") if each["page"] == page]
