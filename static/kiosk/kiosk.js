/** The kiosk: one visit after another, from "what did you come for?" to the number, and back to the start. */

import { byId } from "/static/lib/dom.js";
import { Refusal, post, requestId, setLanguage } from "/static/lib/api.js";
import { DEFAULT_LANGUAGE, LANGUAGES, SPOKEN_LANGUAGES } from "/static/lib/choices.js";
import { Procedures, isWorthTelling } from "/static/lib/procedures.js";
import { ensurePaired } from "/static/access/pairing.js";
import { ASKED_WHY } from "/static/lib/faces.js";
import { connect } from "/static/lib/live.js";
import { firstToOpen } from "/static/lib/opening.js";
import { placeAsked } from "/static/lib/rooms.js";
import { readScans } from "/static/lib/scan.js";
import { loadText, own, setTimezone, t } from "/static/lib/text.js";
import { Countdown } from "./countdown.js";
import { watchHeadphones } from "./headphones.js";
import { calm, listen } from "./press.js";
import { PAPER, outcomeOf } from "./printing.js";
import { nameOf } from "./service.js";
import { fromWhen } from "./closed.js";
import { CODE_LENGTH } from "./code.js";
import { Glass } from "./glass.js";
import { Taken } from "./another.js";
import "./procedure.js";
import { TYPED_LONGEST } from "./search.js";
import { readScan } from "./scanned.js";
import { Speech } from "./speech.js";
import "./choice.js";
import "./foot.js";
import "./hall-notice.js";
import "./head.js";
import "./no-paper.js";
import "./notice.js";
import "./priority.js";
import "./rating.js";
import "./ticket.js";

const STAY_S = 60; // nobody touched the glass for this long: ask, or go back to the start
const MORE_S = 20; // how long "more time?" stands
const LISTENING = 2; // times as long for somebody who listens, from the end of what was read
const PATIENCE_MS = 8000; // how long a press is sent again before we send the citizen to the reception desk
const ANSWER_MS = 2500;
const SENDING_PAGE_AFTER_MS = 400; // an answer sooner than this needs no page of its own
const PAPER_MS = 4500; // a printer that has said nothing by then is not waited for: the number is told
const CLOCK_MS = 1000;
const FONTS_MS = 3000; // with letters of another shape it works too
const WEIGHTS = [400, 500, 600, 700, 800];
const LETTERS = "\u0110\u01a1\u0151 0"; // one of each file
/** After these the hall itself may look different. */
const ANEW = ["day.opened", "setting.changed", "policy.changed", "notice.posted", "notice.removed"];

const START = { page: "choice", sheet: 0 };
/** @type {Kiosk.Wishes} */
const PLAIN = { language: DEFAULT_LANGUAGE, large: false, contrast: false, low: false };

class Kiosk {
  #head = /** @type {any} */ (document.createElement("kiosk-head"));
  #notice = /** @type {any} */ (document.createElement("hall-notice"));
  #main = document.createElement("main");
  #foot = /** @type {any} */ (document.createElement("kiosk-foot"));
  /** @type {any} */
  #page = null; // the element that is shown
  #shown = "";
  #live;
  #countdown = new Countdown((left_s) => this.#second(left_s));

  /** @type {?Api.HallView} */
  #hall = null;
  /** @type {Api.ServiceView[]} */
  #services = [];
  /** @type {?Api.WorkdayView} */
  #workday = null;
  #appointments_due = false;
  /** @type {?Date} */
  #lost_since = null;
  #outdated = false;
  /** @type {Screen.Visit} */
  #visit = START;
  #wishes = PLAIN;
  #glass = new Glass(() => this.#draw());
  #asking = false; // "more time?" stands over the page
  #taken = new Taken();
  #procedures = new Procedures(() => this.#draw());
  #speech = new Speech(() => [this.#notice, this.#page, this.#foot].filter(Boolean), {
    changed: () => this.#draw(),
    ended: () => this.#readToTheEnd(),
    says: (words) => this.#foot.say(words),
    press: (name, key) => this.#press(name, key),
  });

  /** @param {HTMLElement} root */
  constructor(root) {
    root.append(this.#head, this.#notice, this.#main, this.#foot);
    listen(root, {
      press: (name, key) => this.#press(name, key),
      touch: (under) => this.#speech.touch(under),
      explain: (under) => this.#speech.explain(under),
      repeated: () => this.#speech.repeated(),
    });
    readScans({ scanned: (scan) => this.#scan(scan), key: (event) => this.#key(event) });
    watchHeadphones((plugged) => this.#listen(plugged));
    for (const touch of ["pointerdown", "keydown"]) root.addEventListener(touch, () => this.#stay());
    setInterval(() => this.#showHead(), CLOCK_MS);
    this.#live = connect("/kiosk", {
      auth: placeAsked(),
      onSnapshot: ({ hall, ...news }) => {
        if (!this.#hall) this.#glass.learn();
        this.#learn(hall, news);
        this.#speech.learn(hall);
      },
      onCounts: (news) => this.#learn(/** @type {Api.HallView} */ (this.#hall), news),
      onEvents: (events) => this.#hear(events),
      onLost: (since) => this.#lose(since),
      onBack: () => {
        this.#lose(null);
        this.#glass.learn();
      },
      onStop: () => this.#renew(),
    });
    this.#draw();
  }

  /** @param {Api.HallView} hall @param {Pick<Live.KioskCounts, "services" | "workday" | "appointments_due">} news */
  #learn(hall, { services, workday, appointments_due }) {
    setTimezone(hall.timezone);
    this.#hall = hall;
    this.#services = services;
    this.#workday = workday;
    this.#appointments_due = appointments_due;
    this.#procedures.learn(hall.procedures, services);
    this.#draw();
  }

  /** @param {?Date} since */
  #lose(since) {
    this.#lost_since = since;
    if (!since && this.#visit.page === "lost") this.#leave();
    this.#draw();
  }

  /** The server has no more for this page: it was unpaired, or is older than the server. */
  #renew() {
    this.#outdated = true;
    if (this.#visit.page !== "ticket") location.reload(); // a number on the glass is read first
  }

  /** @type {Record<string, (of: string, key: ?HTMLElement) => void>} what each key does while nothing is being sent */
  #keys = {
    help: () => this.#askForHelp(),
    service: (code, key) => this.#choose(code, key),
    unsure: (_, key) => this.#choose(this.#hall?.advice_service ?? "", key),
    yes: (_, key) => this.#send("priority", key),
    no: (_, key) => this.#send("ordinary", key),
    appointment: () => this.#go({ page: "code", code: "", previous: this.#visit }),
    digit: (digit, key) => this.#type(digit, key),
    erase: (_, key) => this.#type(undefined, key),
    search: () => this.#go({ page: "search", typed: "", previous: this.#visit }),
    letter: (letter) => this.#spell(this.#visit.typed + letter),
    space: () => this.#spell(`${this.#visit.typed?.trimEnd()} `.trimStart()),
    rub: () => this.#spell(this.#visit.typed?.slice(0, -1)),
    clear: () => this.#spell(""),
    procedure: (code, key) => this.#chooseProcedure(code, key),
    "wants-list": () => this.#go({ ...this.#visit, wants_list: !this.#visit.wants_list }),
    "take-number": (_, key) => this.#choose(this.#visit.service?.code ?? "", key),
    "for-another": (_, key) => this.#askPriority({ ...this.#visit, page: "priority" }, key),
    "take-anyway": (_, key) => this.#take({ ...this.#visit, page: "priority", previous: this.#visit }, key),
    rate: (rating) => this.#rate(rating),
    reason: (reason) => this.#sendRating(this.#visit.rating ?? "", reason),
    others: () => this.#go({ page: "others", sheet: 0, previous: this.#visit }),
    next: () => this.#go({ ...this.#visit, sheet: (this.#visit.sheet ?? 0) + 1 }),
    previous: () => this.#go({ ...this.#visit, sheet: (this.#visit.sheet ?? 0) - 1 }),
    "more-time": () => this.#go(this.#visit),
    picture: () => this.#go({ ...this.#visit, picture: !this.#visit.picture }),
    "print-again": () => this.#printAgain(),
    wave: () => this.#wave(),
    back: () => this.#go(this.#visit.previous),
    done: () => this.#leave(),
    start: () => this.#leave(),
  };

  /** @param {string} name @param {?HTMLElement} key */
  #press(name, key) {
    const [act, of] = name.split(":");
    if (act === "language") this.#wish({ language: of });
    else if (act === "read") this.#listen(!this.#speech.on);
    else if (act === "large" || act === "contrast" || act === "low")
      this.#wish({ [act]: !this.#wishes[act] }).then(() => this.#speech.echo([], key));
    else if (this.#visit.page !== "sending") this.#keys[act]?.(of, key);
  }

  /** @param {string} code @param {?HTMLElement} key */
  #choose(code, key) {
    const service = this.#services.find((each) => each.code === code);
    if (!service) return;
    const { wants_list, procedure } = this.#visit;
    const papers_of = wants_list ? procedure?.code : undefined;
    const visit = { page: "priority", service, papers_of, previous: this.#visit };
    const { open, opens_at, unlikely } = service;
    if (!open) {
      const when = opens_at && t("kiosk.closed_until", { when: fromWhen(opens_at, this.#live.serverNow()) });
      this.#refuse(
        visit,
        t("kiosk.closed", { service: nameOf(service) }),
        [when, t("kiosk.closed_hint")].filter(Boolean).join(" "),
      );
    } else if (unlikely) {
      this.#go({ ...visit, page: "unlikely" });
    } else {
      this.#take(visit, key);
    }
  }

  /**
   * What there is to know of a procedure before a number is given; else straight on to its service.
   * @param {string} code
   * @param {?HTMLElement} key
   */
  #chooseProcedure(code, key) {
    const procedure = this.#procedures.of(code);
    const service = this.#services.find((each) => each.code === procedure?.service);
    if (!procedure || !service) return;
    if (isWorthTelling(procedure)) this.#go({ page: "procedure", procedure, service, previous: this.#visit });
    else this.#choose(service.code, key);
  }

  /** What somebody types to find something; it never leaves this page. @param {string | undefined} typed */
  #spell(typed = "") {
    this.#go({ ...this.#visit, typed: typed.slice(0, TYPED_LONGEST) });
    const last = typed.slice(-1).toUpperCase();
    this.#speech.echo([last.trim(), this.#page.querySelector("[role=status]")?.textContent ?? ""], null);
  }

  /**
   * The way to a number of the service that was chosen; after many numbers it is asked whom this one is for.
   * @param {Screen.Visit} visit
   * @param {?HTMLElement} key
   */
  #take(visit, key) {
    if (this.#taken.isMany()) this.#go({ ...visit, page: "another" });
    else this.#askPriority(visit, key);
  }

  /**
   * The question of priority, where there is one; else the number at once.
   * @param {Screen.Visit} visit
   * @param {?HTMLElement} key
   */
  #askPriority(visit, key) {
    if (this.#hall?.priority_question) return this.#go(visit);
    this.#visit = visit;
    this.#send("ordinary", key);
  }

  /** @param {string} priority_class @param {?HTMLElement} key */
  #send(priority_class, key) {
    const { service, papers_of = null } = this.#visit;
    this.#ask("/tickets", { service: service?.code ?? "", priority_class, papers_of }, key);
  }

  /**
   * Ask for the number. However often the question is sent, it carries one request id: one visit, one ticket.
   * @param {"/tickets" | "/appointments/check-in"} path
   * @param {object} wanted
   * @param {?HTMLElement} key
   */
  async #ask(path, wanted, key) {
    const { service, previous } = this.#visit;
    const visit = { page: "sending", service, previous };
    this.#visit = visit;
    this.#countdown.stop();
    key?.classList.add("is-chosen");
    const showing = setTimeout(() => this.#draw(), SENDING_PAGE_AFTER_MS);
    try {
      const body = { ...wanted, language: this.#wishes.language };
      const ticket = await /** @type {any} */ (post)(path, body, {
        key: requestId(),
        patience_ms: PATIENCE_MS,
        timeout_ms: ANSWER_MS,
      });
      this.#taken.note();
      const chosen = service ?? this.#services.find(({ code }) => code === ticket.service);
      this.#go({ ...visit, service: chosen, page: "ticket", ticket, paper: ticket.print ? PAPER.COMING : PAPER.NONE });
      this.#awaitPaper();
    } catch (failure) {
      if (!(failure instanceof Refusal)) this.#go({ ...visit, page: "lost", since: this.#live.serverNow() });
      else if (failure.status === 401 || failure.status === 403) this.#renew();
      else this.#refuse(visit, t("kiosk.refused"), failure.message);
    } finally {
      clearTimeout(showing);
    }
  }

  /**
   * A digit more of the code, or one less; the last one sends it.
   * @param {string | undefined} digit
   * @param {?HTMLElement} key
   */
  #type(digit, key) {
    const { code = "" } = this.#visit;
    const typed = digit === undefined ? code.slice(0, -1) : (code + digit).slice(0, CODE_LENGTH);
    this.#go({ ...this.#visit, code: typed });
    this.#speech.echo([digit ?? t("kiosk.code_erase")], null);
    if (typed.length === CODE_LENGTH && digit !== undefined) this.#ask("/appointments/check-in", { code: typed }, key);
  }

  /**
   * A ticket under the scanner says where its number stands; the code of an appointment checks in. Nothing else is
   * done with a scan, and what it was is neither shown nor sent.
   * @param {import("/static/lib/scan.js").Scan} scan
   */
  async #scan(scan) {
    const { page, previous } = this.#visit;
    if (page === "sending" || this.#lost_since || !this.#hall) return;
    const before = ["scanned", "rating", "reason", "rated", "refused", "more-time"].includes(page)
      ? previous
      : this.#visit;
    const visit = { page: "scanned", previous: before };
    const asked = this.#visit;
    try {
      const { code, number, words } = await readScan(scan, this.#hall);
      if (this.#visit !== asked) return; // somebody went on meanwhile
      if (code) {
        this.#visit = { page: "code", code, previous: before };
        this.#ask("/appointments/check-in", { code }, null);
      } else if (number) this.#go({ ...visit, standing: number, ...(number.rating === "open" && { page: "rating" }) });
      else this.#refuse(visit, t("kiosk.scan_refused"), words ?? "");
    } catch {
      this.#refuse(visit, t("kiosk.scan_refused"), t("kiosk.scan_later"));
    }
  }

  /** @param {string} rating */
  #rate(rating) {
    if (ASKED_WHY.includes(rating)) this.#go({ ...this.#visit, page: "reason", rating, previous: this.#visit });
    else this.#sendRating(rating, "");
  }

  /** @param {string} rating @param {string} reason  "" for none */
  async #sendRating(rating, reason) {
    const { standing } = this.#visit;
    const asked = (this.#visit = { ...this.#visit, page: "sending", previous: START });
    try {
      const body = { rating, ...(reason && { reason }) };
      await post(`/tickets/${standing?.id}/rate`, body, { patience_ms: PATIENCE_MS, timeout_ms: ANSWER_MS });
      this.#go({ page: "rated" });
    } catch (failure) {
      const words = failure instanceof Refusal ? failure.message : t("kiosk.scan_later");
      this.#refuse(asked, t("kiosk.rating_refused"), words);
    }
  }

  /** Somebody comes to this machine; whatever stood on the glass is still there afterwards. */
  async #askForHelp() {
    if (this.#visit.page === "help") return;
    const visit = { page: "help", previous: this.#visit };
    this.#go(visit);
    try {
      const { asked, heard } = await post("/help", {}, { patience_ms: PATIENCE_MS, timeout_ms: ANSWER_MS });
      if (this.#visit === visit) this.#go({ ...visit, asked, heard });
    } catch {
      if (this.#visit === visit) this.#go({ ...visit, heard: false });
    }
  }

  /**
   * What became of the paper of the ticket on the glass; it may still come after it was given up.
   * @param {Live.KioskEvent[]} events
   */
  #hear(events) {
    if (events.some(({ kind }) => ANEW.includes(kind))) this.#live.resync();
    if (events.some(({ measured }) => measured)) this.#glass.learn();
    for (const event of events) {
      const { asked, previous } = this.#visit;
      if (event.kind === "help.given" && asked === event.asked) this.#go(previous);
      const outcome = event.ref === this.#visit.ticket?.ref && outcomeOf(event);
      if (outcome) this.#go({ ...this.#visit, ...outcome });
    }
  }

  /** A printer that says nothing must not leave anybody waiting before an empty slot. */
  #awaitPaper() {
    const { ticket } = this.#visit;
    if (!ticket || ticket.print === null) return;
    setTimeout(() => {
      const still = this.#visit.ticket === ticket && this.#visit.paper === PAPER.COMING;
      if (still) this.#go({ ...this.#visit, paper: PAPER.MISSING, cause: null });
    }, PAPER_MS);
  }

  async #printAgain() {
    const { ticket } = this.#visit;
    if (!ticket) return;
    this.#go({ ...this.#visit, paper: PAPER.COMING, cause: null });
    this.#awaitPaper();
    try {
      await post(`/tickets/${ticket.id}/print`, {}, { patience_ms: ANSWER_MS, timeout_ms: ANSWER_MS });
    } catch (failure) {
      const coming = failure instanceof Refusal && failure.code === "already_printing";
      if (!coming && this.#visit.ticket === ticket) this.#go({ ...this.#visit, paper: PAPER.MISSING, cause: null });
    }
  }

  /** Somebody who does not hear a call says so, or no longer; where it cannot be saved, the key stays as it was. */
  async #wave() {
    const { ticket } = this.#visit;
    if (!ticket) return;
    try {
      const { visual_call } = await post(
        `/tickets/${ticket.id}/visual-call`,
        { wanted: !ticket.visual_call },
        { patience_ms: PATIENCE_MS, timeout_ms: ANSWER_MS },
      );
      if (this.#visit.ticket?.id === ticket.id)
        this.#go({ ...this.#visit, ticket: { ...this.#visit.ticket, visual_call } });
    } catch (failure) {
      console.info("not saved that somebody does not hear", failure); // who looks at the key sees it
    }
  }

  /** @param {Screen.Visit} visit @param {string} title @param {string} words */
  #refuse(visit, title, words) {
    this.#go({ ...visit, page: "refused", refusal: { title, words } });
  }

  /** @param {Screen.Visit | undefined} visit */
  #go(visit = START) {
    this.#visit = visit;
    this.#asking = false;
    this.#stay();
    this.#draw();
  }

  /** The citizen is gone: nothing of the visit stays, nor how they liked the page. */
  #leave() {
    if (this.#outdated) location.reload();
    this.#speech.stop();
    this.#go(START);
    this.#wish({ ...PLAIN, language: this.#languages()[0] });
  }

  /** @param {Partial<Kiosk.Wishes>} wishes */
  async #wish(wishes) {
    const language = wishes.language && (wishes.language in LANGUAGES ? wishes.language : DEFAULT_LANGUAGE);
    if (language) {
      await loadText(language); // first the words, then the wish: a page drawn in between must not mix them
      setLanguage(language);
    }
    this.#wishes = { ...this.#wishes, ...wishes };
    this.#glass.wish(this.#wishes);
    this.#stay();
    this.#draw();
  }

  #languages() {
    const offered = Object.keys(LANGUAGES).filter((language) => this.#hall?.languages.includes(language));
    const spoken = Object.keys(SPOKEN_LANGUAGES).filter((language) => this.#hall?.voice.packs[language]);
    return [...(offered.length ? offered : [DEFAULT_LANGUAGE]), ...spoken];
  }

  /** Somebody wants to hear the pages, or no more. @param {boolean} wanted */
  #listen(wanted) {
    if (wanted) this.#speech.start("speech_touch");
    else this.#speech.stop(this.#speech.on);
    this.#readToTheEnd();
  }

  /**
   * A key that no scanner typed. Enter and Space press the button that has the focus, as ever.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    if (this.#speech.key(event)) this.#readToTheEnd();
    else if (["Space", "Enter", "NumpadEnter"].includes(event.code)) {
      const focused = document.activeElement;
      if (focused instanceof HTMLElement && focused.matches("button")) focused.click();
    }
  }

  /** Somebody who listens is still there: the time runs from the end of the reading. */
  #readToTheEnd() {
    this.#stay();
    this.#draw();
  }

  /** Somebody is here: the time until the screen goes back begins again. */
  #stay() {
    const { language, large, contrast, low } = this.#wishes;
    const plain = language === this.#languages()[0] && !large && !contrast && !low && !this.#speech.on;
    const untouched = this.#visit === START && plain;
    if (untouched || this.#visit.page === "sending" || this.#speech.reading) this.#countdown.stop();
    else this.#countdown.start(this.#of_s);
  }

  /** Seconds until the screen goes on by itself. */
  get #of_s() {
    return (this.#asking ? MORE_S : STAY_S) * (this.#speech.on ? LISTENING : 1);
  }

  /** @param {number} left_s */
  #second(left_s) {
    if (left_s > 0) {
      this.#page?.timeLeft?.(left_s, this.#of_s);
    } else if (this.#visit.page === "reason") {
      this.#sendRating(this.#visit.rating ?? "", ""); // the rating counts without a reason
    } else if (this.#asking || ["ticket", "no-paper", "lost"].includes(this.#pageName())) {
      this.#leave();
    } else {
      this.#asking = true;
      this.#stay();
      this.#draw();
    }
  }

  #pageName() {
    const { page, paper } = this.#visit;
    if (page === "ticket" && paper === PAPER.MISSING) return "no-paper";
    if (page === "ticket" || page === "sending") return page; // a number already had stays true without the server
    if (this.#lost_since) return "lost";
    if (!this.#hall) return "opening";
    if (this.#asking) return "more-time";
    return ["choice", "others", "search"].includes(page) && firstToOpen(this.#services) ? "closed" : page;
  }

  #draw() {
    const { language, contrast } = this.#wishes;
    const { room, letters, tiles } = this.#glass.room;
    const root = document.documentElement;
    root.dataset.contrast = contrast ? "high" : "normal";
    document.title = t("kiosk.title");
    this.#showHead();
    const name = this.#pageName();
    const { sheet, picture, cause, wants_list, ticket } = this.#visit;
    const waves = ticket?.visual_call;
    const manner = `${language} ${letters} ${room} ${tiles} ${sheet} ${picture} ${cause} ${wants_list} ${waves}`;
    const wishes = { ...this.#wishes, read: this.#speech.on };
    // Before the hall is known nobody knows which languages it has: keys that come later would move the others.
    this.#foot.hidden = !this.#hall && name !== "lost";
    this.#foot.show({
      languages: this.#languages(),
      wishes,
      room: this.#glass.room,
      reads: this.#speech.ready,
      rule: this.#hall && own(this.#hall.rule),
    });
    this.#showPage(name, manner);
    const read = `${name} ${language} ${sheet} ${picture} ${cause} ${wants_list}`;
    this.#speech.follow(read, { language, services: this.#services, types: name === "code" });
  }

  #showHead() {
    const now = this.#live.serverNow();
    this.#head.show({ hall: this.#hall, now });
    this.#notice.show({ hall: this.#hall, page: this.#pageName(), now });
  }

  /**
   * A page is built once and then only given newer figures, so that no key moves from under a finger.
   * @param {string} name
   * @param {string} manner
   */
  #showPage(name, manner) {
    const other = name !== this.#main.dataset.page;
    const view = {
      hall: this.#hall,
      services: this.#services,
      workday: this.#workday,
      appointments_due: this.#appointments_due,
      room: this.#glass.room,
      procedures: this.#procedures,
      visit: this.#visit,
      now: this.#live.serverNow(),
      lost_since: this.#lost_since ?? this.#visit.since,
    };
    if (other || manner !== this.#shown) {
      this.#page = document.createElement(`${name}-page`);
      this.#page.className = "page";
      this.#main.replaceChildren(this.#page);
      this.#main.dataset.page = name;
      this.#shown = manner;
    }
    this.#page.show(view);
    this.#page.timeLeft?.(this.#countdown.left_s, this.#of_s);
    if (other) this.#announce();
  }

  /** A screen reader goes on from the new page's question. */
  #announce() {
    const heading = this.#page.querySelector("h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

/** All languages are fetched beforehand: a change must be instant, and possible without the server. */
async function loadTexts() {
  for (;;) {
    try {
      for (const language of Object.keys(LANGUAGES).reverse()) await loadText(language);
      return;
    } catch {
      await new Promise((wake) => setTimeout(wake, 1000));
    }
  }
}

/** The first page is drawn in its own letters: keys that grow with them later would move from under a finger. */
async function loadFonts() {
  const late = new Promise((wake) => setTimeout(wake, FONTS_MS));
  const fonts = WEIGHTS.map((weight) => document.fonts.load(`${weight} 1em Figures, "Be Vietnam Pro"`, LETTERS));
  await Promise.race([Promise.allSettled(fonts), late]);
}

const root = byId("kiosk");
calm();
await Promise.all([loadTexts(), loadFonts()]);
setLanguage(PLAIN.language);
await ensurePaired("kiosk", root);
new Kiosk(root);
