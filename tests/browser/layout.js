/**
 * What is wrong with the layout of the page as it stands. tests/browser/layout.py runs it in the page and says what
 * is promised.
 *
 * Letters are measured by their ink, sign by sign: a line may stand nearer to the next than its font's box is high,
 * as long as no sign lies on another.
 */

const SLACK_PX = 1; // what rounding to device pixels may take
const NEAR_PX = 0.5;
const ICON_MARGIN = 0.08; // the drawing of an icon keeps that far clear of the edge of its field
const HANG_EM = 0.03; // a letter may hang that far out of its place
const ROOM_ABOVE = 0.25; // of the room that letters need beside them, this much above and below
const PICTURE = "img, svg, canvas, video, hr, meter, progress";
const UNSEEN = "script, style, noscript, option, .visually-hidden";
const SIDES = ["Top", "Right", "Bottom", "Left"];

let given = { inside: "body", pressable: "button", scrolling: [], ground: [], room: 0 };
let faults = new Set();

export function layoutFaults(asked) {
  given = asked;
  faults = new Set();
  const things = thingsOnPage();
  tooLarge();
  for (const thing of things) cutOff(thing);
  for (const thing of things) outOfItsBox(thing);
  onOneAnother(things);
  for (const thing of things) underSomething(thing);
  return [...faults];
}

// What is known of an element

const styles = new Map();

function styleOf(el) {
  const known = styles.get(el) ?? getComputedStyle(el);
  styles.set(el, known);
  return known;
}

const px = (value) => parseFloat(value) || 0;
const painted = (colour) => !/^rgba\(.*, 0\)$|\/ 0\)$|^transparent$/.test(colour);
const inLine = (el) => ["inline", "contents"].includes(styleOf(el).display);
const lifted = (el) => ["absolute", "fixed"].includes(styleOf(el).position);
const matches = (el, selectors) => selectors.length > 0 && el.matches(selectors.join(","));
const scrolls = (el) => matches(el, given.scrolling);
const pageScrolls = () => scrolls(document.documentElement);
const isGround = (el) => given.ground.length > 0 && Boolean(el.closest(given.ground.join(",")));
const related = (a, b) => a.contains(b) || b.contains(a);

/** As `.visually-hidden` does it: for the ear alone, on a page of this width. */
const heardOnly = (el) => styleOf(el).clipPath === "inset(50%)";

function isSeen(el) {
  for (let at = el; at; at = at.parentElement) if (heardOnly(at)) return false;
  return !el.closest(UNSEEN) && el.checkVisibility({ visibilityProperty: true, opacityProperty: true });
}

function nameOf(el) {
  const own = el.id ? `#${el.id}` : [...el.classList].map((each) => `.${each}`).join("");
  const words = (el.getAttribute("aria-label") || el.textContent).trim().replace(/\s+/g, " ");
  return `<${el.tagName.toLowerCase()}${own}>${words && ` "${words.slice(0, 40)}"`}`;
}

/** In a part of the page that stays while the rest is scrolled. */
function stays(el) {
  for (let at = el; at; at = at.parentElement) if (["fixed", "sticky"].includes(styleOf(at).position)) return true;
  return false;
}

/** Whose boxes an element is laid out in, up to the page; without those that a lifted one leaves. */
function* containers(el) {
  let free = false; // lifted out of boxes that have no position of their own
  for (let at = el; at; at = at.parentElement) {
    const { position } = styleOf(at);
    if (at !== el && !(free && position === "static")) {
      yield at;
      free = false;
    }
    if (position === "fixed") return;
    if (position === "absolute") free = true;
  }
}

// Boxes

function shrunk({ left, top, right, bottom }, x, y) {
  return { left: left + x, top: top + y, right: right - x, bottom: bottom - y };
}

function union(boxes) {
  const edge = (side, most) => most(...boxes.map((each) => each[side]));
  return {
    left: edge("left", Math.min),
    top: edge("top", Math.min),
    right: edge("right", Math.max),
    bottom: edge("bottom", Math.max),
  };
}

/** What two boxes have in common; without height or width where they have nothing. */
function overlap(a, b) {
  const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)];
  const [right, bottom] = [Math.min(a.right, b.right), Math.min(a.bottom, b.bottom)];
  return { left, top, right: Math.max(left, right), bottom: Math.max(top, bottom) };
}

function meet(a, b) {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  return across > SLACK_PX && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > SLACK_PX;
}

/** By how much a reaches out of b, in pixels; negative: how far it keeps clear of its edge. */
function beyond(a, b) {
  return Math.max(b.left - a.left, b.top - a.top, a.right - b.right, a.bottom - b.bottom);
}

// Ink

const signs = new Intl.Segmenter("vi", { granularity: "grapheme" });
const pen = new OffscreenCanvas(1, 1).getContext("2d");
const inks = new Map();

/** Where the ink of a sign begins and ends, as parts of the height of its font's box. */
function inkOf(sign, style) {
  const font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const key = `${font}|${sign}`;
  if (!inks.has(key)) {
    pen.font = font;
    const ink = pen.measureText(sign);
    const height = ink.fontBoundingBoxAscent + ink.fontBoundingBoxDescent;
    inks.set(key, {
      from: (ink.fontBoundingBoxAscent - ink.actualBoundingBoxAscent) / height,
      to: (ink.fontBoundingBoxAscent + ink.actualBoundingBoxDescent) / height,
    });
  }
  return inks.get(key);
}

/** The ink of a piece of text: a box for each sign. */
function inkBoxes(node, style) {
  const range = document.createRange();
  const boxes = [];
  for (const { segment, index } of signs.segment(node.data)) {
    if (!segment.trim()) continue;
    range.setStart(node, index);
    range.setEnd(node, index + segment.length);
    const place = range.getClientRects()[0];
    if (!place?.width) continue;
    const { from, to } = inkOf(style.textTransform === "uppercase" ? segment.toUpperCase() : segment, style);
    const [top, bottom] = [place.top + from * place.height, place.top + to * place.height];
    boxes.push({ left: place.left, right: place.right, top, bottom });
  }
  return boxes;
}

// What stands on the page: texts, targets, pictures

function thingsOnPage() {
  const modal = document.querySelector("dialog:modal, [aria-modal=true]");
  const roots = modal ? [modal] : [...document.querySelectorAll(given.inside)];
  return roots.flatMap((root) => [
    ...textsIn(root),
    ...boxesIn(root, "target", given.pressable, () => 0),
    ...boxesIn(root, "picture", PICTURE, (el) => (el.matches("svg") ? ICON_MARGIN : 0)),
  ]);
}

function* textsIn(root) {
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const words = walk.currentNode.data.trim().replace(/\s+/g, " ");
    const el = walk.currentNode.parentElement;
    if (!words || el.closest("svg, canvas") || !isSeen(el)) continue;
    const boxes = inkBoxes(walk.currentNode, styleOf(el));
    if (boxes.length) yield { kind: "text", el, boxes, box: union(boxes), label: `"${words.slice(0, 40)}"` };
  }
}

function* boxesIn(root, kind, selector, margin) {
  for (const el of root.querySelectorAll(selector)) {
    const rect = el.getBoundingClientRect();
    if (el.closest("svg *") || !isSeen(el) || !(rect.width || rect.height)) continue;
    const box = shrunk(rect, margin(el) * rect.width, margin(el) * rect.height);
    yield { kind, el, boxes: [box], box, label: nameOf(el) };
  }
}

// Cut off, or off the screen

function tooLarge() {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
  if (scrollWidth > clientWidth + SLACK_PX) faults.add(`the page is ${scrollWidth - clientWidth} px too wide`);
  if (!pageScrolls() && scrollHeight > clientHeight + SLACK_PX)
    faults.add(`the page is ${scrollHeight - clientHeight} px too high`);
}

/** Beyond which edges this element cuts its content off. */
function edgeOf(el) {
  const { overflowX, overflowY } = styleOf(el);
  const rect = el.getBoundingClientRect();
  const [x, y] = [overflowX === "visible" ? Infinity : 0, overflowY === "visible" ? Infinity : 0];
  const [left, top] = [rect.left + el.clientLeft, rect.top + el.clientTop];
  return { left: left - x, top: top - y, right: left + el.clientWidth + x, bottom: top + el.clientHeight + y };
}

function cutOff({ kind, el, box, label }) {
  for (const at of kind === "text" ? [el, ...containers(el)] : containers(el)) {
    if (at === document.body || at === document.documentElement) break;
    if (inLine(at)) continue;
    if (scrolls(at)) return; // what is scrolled away can be scrolled back
    if (beyond(box, edgeOf(at)) <= SLACK_PX) continue;
    faults.add(`${label} is cut off by ${nameOf(at)}`);
    return;
  }
  const screen = { left: 0, top: 0, right: document.documentElement.clientWidth, bottom: innerHeight };
  const page = pageScrolls() && !stays(el) ? { ...screen, top: -scrollY, bottom: Infinity } : screen;
  if (beyond(box, page) > SLACK_PX) faults.add(`${label} is off the screen`);
}

// Out of its box

const edged = (style) => SIDES.every((side) => px(style[`border${side}Width`]) && painted(style[`border${side}Color`]));

/** The boxes that one sees around an element: its own, and what is painted behind or in it. */
function* framesOf(el) {
  const style = styleOf(el);
  if (inLine(el)) return;
  const rect = el.getBoundingClientRect();
  const padding = {
    left: rect.left + px(style.borderLeftWidth),
    top: rect.top + px(style.borderTopWidth),
    right: rect.right - px(style.borderRightWidth),
    bottom: rect.bottom - px(style.borderBottomWidth),
  };
  if (edged(style)) yield { box: padding, line: true };
  else if (painted(style.backgroundColor) || style.backgroundImage !== "none") yield { box: rect, line: false };
  if (style.position === "static") return;
  for (const pseudo of ["::before", "::after"]) yield* drawnIn(padding, getComputedStyle(el, pseudo));
}

/** What a pseudo-element draws in a box: a line, or a ground as large as the box; anything smaller is an ornament. */
function* drawnIn(padding, drawn) {
  if (drawn.content === "none" || drawn.position !== "absolute") return;
  const line = edged(drawn) ? px(drawn.borderTopWidth) : 0;
  const box = {
    left: padding.left + px(drawn.left) + line,
    top: padding.top + px(drawn.top) + line,
    right: padding.right - px(drawn.right) - line,
    bottom: padding.bottom - px(drawn.bottom) - line,
  };
  if (box.right <= box.left || box.bottom <= box.top) return;
  if (line) yield { box, line: true };
  else if (painted(drawn.backgroundColor) && beyond(padding, box) <= 0) yield { box, line: false };
}

function outOfItsBox({ kind, el, boxes, box, label }) {
  const text = kind === "text";
  const letters_px = text ? px(styleOf(el).fontSize) : 0;
  const around = [...(text ? [el] : []), ...containers(el)];
  if (text) widerThanItsBlock(boxes, el, around, label);
  else if (lifted(el) || !el.matches("svg, img, button, a")) return;
  for (const at of around) {
    if (at === document.body || scrolls(at)) return;
    const how = [...framesOf(at)].map((frame) => offence(box, frame.box, frame.line ? letters_px : 0)).find(Boolean);
    if (how) faults.add(`${label} ${how} ${nameOf(at)}`);
    if (lifted(at)) return; // what is laid over a box on purpose may reach out of it
  }
}

/** What is wrong with where something stands in a box; letters (0: not letters) keep clear of the line around them. */
function offence(box, frame, letters_px) {
  if (beyond(box, frame) > SLACK_PX) return "leaves";
  const [x, y] = [given.room * letters_px, given.room * ROOM_ABOVE * letters_px];
  return letters_px && beyond(box, shrunk(frame, x, y)) > NEAR_PX ? "touches the edge of" : "";
}

function widerThanItsBlock(boxes, el, around, label) {
  const block = around.find((at) => !inLine(at));
  if (!block) return;
  const { fontSize, letterSpacing } = styleOf(el);
  const hang = SLACK_PX + Math.abs(px(letterSpacing)) + HANG_EM * px(fontSize);
  const { left, right } = block.getBoundingClientRect();
  if (boxes.some((sign) => sign.left < left - hang || sign.right > right + hang))
    faults.add(`${label} is wider than ${nameOf(block)}`);
}

// On one another

function onOneAnother(things) {
  things.forEach((one, i) => {
    for (const other of things.slice(i + 1)) {
      if (!meet(one.box, other.box) || meantToMeet(one, other)) continue;
      const there = seenBeside(one, other).filter((each) => meet(each, one.box));
      if (seenBeside(other, one).some((sign) => there.some((its) => meet(sign, its))))
        faults.add(`${one.label} and ${other.label} lie on one another`);
    }
  });
}

/** The boxes of `other`, without what is scrolled out of a list that `one` is not in. */
function seenBeside(one, { el, boxes }) {
  return windowsAround(el)
    .filter((at) => !at.contains(one.el))
    .map((at) => at.getBoundingClientRect())
    .reduce((left, window) => left.map((box) => overlap(box, window)), boxes);
}

function meantToMeet(one, other) {
  const words = [one, other].filter(({ kind }) => kind === "text").length;
  if (words < 2 && related(one.el, other.el)) return true; // words in a key, a drawing in a tile
  if (one.kind === "picture" && other.kind === "picture") return true;
  if ([one, other].some(({ kind, el }) => kind !== "text" && isGround(el))) return true;
  return pageScrolls() && stays(one.el) !== stays(other.el);
}

// Under something: a target must take the touch, and nothing painted may stand before a text or a picture.

function underSomething(thing) {
  const { kind, el, label } = thing;
  if (styleOf(el).pointerEvents === "none" || (kind !== "text" && isGround(el))) return;
  const cover = spotsOf(thing)
    .filter((spot) => canBeSeen(el, spot))
    .map((spot) => coverOf(el, kind, spot))
    .find(Boolean);
  if (cover) faults.add(`${label} lies under ${nameOf(cover)}`);
}

/** Three signs of a text, four places of anything else. */
function spotsOf({ kind, boxes, box }) {
  const at = (b, x, y) => [b.left + x * (b.right - b.left), b.top + y * (b.bottom - b.top)];
  if (kind === "text") return [0, boxes.length >> 1, boxes.length - 1].map((n) => at(boxes[n], 0.5, 0.5));
  return [0.25, 0.75].flatMap((x) => [0.25, 0.75].map((y) => at(box, x, y)));
}

/** The elements around an element that scroll, besides the page. */
function windowsAround(el) {
  return [...containers(el)].filter((at) => at !== document.documentElement && scrolls(at));
}

/** Whether a spot is on the screen and in the window of every scroller around it. */
function canBeSeen(el, [x, y]) {
  if (x < 0 || y < 0 || x >= document.documentElement.clientWidth || y >= innerHeight) return false;
  return windowsAround(el)
    .map((at) => at.getBoundingClientRect())
    .every(({ left, right, top, bottom }) => x >= left && x <= right && y >= top && y <= bottom);
}

/** What stands before an element at a spot of the screen; undefined when nothing does. */
function coverOf(el, kind, [x, y]) {
  for (const top of document.elementsFromPoint(x, y)) {
    // Beside a corner that is round, the ground shines through.
    if (related(top, el) || top.contains(el.parentElement)) return undefined;
    if (mayCover(top, el)) continue;
    if (kind === "target" || hides(top)) return top;
  }
  return undefined;
}

function mayCover(top, el) {
  if (isGround(top) || (pageScrolls() && stays(top) && !stays(el))) return true;
  return Boolean(el.closest("label")?.contains(top) || top.closest("label")?.contains(el));
}

function hides(el) {
  return isSeen(el) && (el.matches(PICTURE) || [...framesOf(el)].length > 0);
}
