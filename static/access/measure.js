/** Measure this screen: by its diagonal, or by a bank card held to one that is drawn and dragged to its size. */

import { icon } from "/static/lib/icon.js";
import { decimal, t } from "/static/lib/text.js";
import { keep, kept } from "./glass-size.js";

const MM_PER_INCH = 25.4;
/** Bank and identity cards are ID-1 of ISO/IEC 7810. */
const CARD_MM = { wide: 85.6, high: 53.98 };
const USUAL_INCHES = [7, 10.1, 15.6, 21.5, 24, 32];
const SMALLEST_MM = 100;
const LARGEST_MM = 2600;
const STEP_MM = 2.54;
const EDGE_STEP_MM = 50;
const EDGE_MOST_MM = 2500;
/** Of an upright kiosk that stands on the floor. */
const USUAL = { diagonal_mm: 546, edge_mm: 800 };

/**
 * Shows the panel in `host` until somebody is done.
 * @param {HTMLElement} host
 * @returns {Promise<void>}
 */
export function measure(host) {
  return new Promise((done) => new MeasurePanel(host, done));
}

class MeasurePanel {
  #measure = { ...USUAL, ...kept() };
  #el = part("section", "measure");
  #card = part("div", "measure-card");
  #inches = part("output", "measure-value");
  #edge = part("output", "measure-value");

  /** @param {HTMLElement} host @param {() => void} done */
  constructor(host, done) {
    const handle = button("measure-handle", t("access.measure_drag"), () => {}, icon("arrows-exchange"));
    this.#card.append(handle);
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      handle.onpointermove = (moved) => this.#dragTo(moved.clientX);
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      handle.addEventListener(kind, () => (handle.onpointermove = null));
    }
    this.#el.append(
      part("h1", "", t("access.measure_title")),
      part("p", "measure-how", t("access.measure_card")),
      this.#card,
      group(
        t("access.measure_inches"),
        ...USUAL_INCHES.map((inches) =>
          button("measure-key", "", () => this.#size(inches * MM_PER_INCH), inchesOf(inches * MM_PER_INCH)),
        ),
      ),
      group(
        t("access.measure_exact"),
        button("measure-key", t("access.measure_smaller"), () => this.#size(this.#measure.diagonal_mm - STEP_MM), "−"),
        this.#inches,
        button("measure-key", t("access.measure_larger"), () => this.#size(this.#measure.diagonal_mm + STEP_MM), "+"),
      ),
      group(
        t("access.measure_edge"),
        button("measure-key", t("access.measure_lower"), () => this.#hang(-EDGE_STEP_MM), "−"),
        this.#edge,
        button("measure-key", t("access.measure_higher"), () => this.#hang(EDGE_STEP_MM), "+"),
      ),
      button("measure-key measure-done", "", () => this.#end(done), t("access.measure_done")),
    );
    host.append(this.#el);
    this.#draw();
  }

  /** @param {number} x  where the lower right corner of the card is dragged to, in CSS pixels */
  #dragTo(x) {
    const wide = Math.max(1, x - this.#card.getBoundingClientRect().left);
    this.#size((diagonal() * CARD_MM.wide) / wide);
  }

  /** @param {number} diagonal_mm */
  #size(diagonal_mm) {
    this.#measure.diagonal_mm = Math.round(Math.min(LARGEST_MM, Math.max(SMALLEST_MM, diagonal_mm)));
    this.#draw();
  }

  /** @param {number} by_mm */
  #hang(by_mm) {
    this.#measure.edge_mm = Math.min(EDGE_MOST_MM, Math.max(0, this.#measure.edge_mm + by_mm));
    this.#draw();
  }

  #draw() {
    const { diagonal_mm, edge_mm } = this.#measure;
    const mm = diagonal() / diagonal_mm;
    this.#card.style.inlineSize = `${CARD_MM.wide * mm}px`;
    this.#card.style.blockSize = `${CARD_MM.high * mm}px`;
    this.#inches.textContent = inchesOf(diagonal_mm);
    this.#edge.textContent = t("access.measure_cm", { cm: Math.round(edge_mm / 10) });
  }

  /** @param {() => void} done */
  #end(done) {
    keep(this.#measure);
    this.#el.remove();
    done();
  }
}

/** A kiosk's page fills its screen. */
function diagonal() {
  return Math.hypot(innerWidth, innerHeight);
}

/** @param {number} mm */
function inchesOf(mm) {
  return t("access.measure_inch", { inches: decimal(mm / MM_PER_INCH, 1) });
}

/** @param {string} label @param {...HTMLElement} keys */
function group(label, ...keys) {
  const el = part("div", "measure-group");
  const row = part("div", "measure-row");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", label);
  row.append(...keys);
  el.append(part("p", "", label), row);
  return el;
}

/** @param {string} className @param {string} label @param {() => void} act @param {...(Node | string)} face */
function button(className, label, act, ...face) {
  const el = part("button", className);
  el.type = "button";
  el.append(...face);
  if (label) el.setAttribute("aria-label", label);
  el.addEventListener("click", act);
  return el;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {string} className
 */
function part(tag, className, words = "") {
  return Object.assign(document.createElement(tag), { className, textContent: words });
}
