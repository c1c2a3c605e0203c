/** A volunteer's hand-held page: one touch gives a number, and people who call for help are seen and heard. */

import { Refusal } from "/static/lib/api.js";
import { CLASSES } from "/static/lib/choices.js";
import { choose, others } from "/static/lib/language.js";
import { iconOfClass, nameOfClass } from "/static/lib/priority-class.js";
import { readTickets } from "/static/lib/page-scans.js";
import { RepeatSafe } from "/static/lib/repeat-safe.js";
import { t } from "/static/lib/text.js";
import { html, useEffect, useReducer, useRef, useState } from "/static/vendor/preact.js";
import { Amend } from "./amend.js";
import { Entrance } from "./entrance.js";
import { NumberEntry } from "./entry.js";
import { Find } from "./find.js";
import { Glyph } from "/static/lib/glyph.js";
import { useHall } from "./hall.js";
import { Procedures } from "/static/lib/procedures.js";
import { Head } from "./head.js";
import { HelpKeys } from "./help.js";
import { Last } from "./last.js";
import { Tile } from "./tile.js";

const REPEAT_MS = 1000; // a second touch on the same tile this soon is the same wish
const OFFERED = CLASSES.filter((code) => code !== "urgent"); // that one is granted to who is there: the last number

/** @param {{me: Api.MeView}} props */
export function Greeter({ me }) {
  const [last, setLast] = useState(/** @type {?Screen.LastTicket} */ (null));
  const [wanted, setWanted] = useState("ordinary");
  const [busy, setBusy] = useState(/** @type {?string} */ (null)); // what is being sent
  const [refusal, setRefusal] = useState(/** @type {?string} */ (null));
  const [amending, setAmending] = useState(false);
  const { known, lost, learn } = useHall((ref) =>
    setLast((shown) => (shown && shown.ticket.ref === ref ? { ...shown, unprinted: true } : shown)),
  );

  const commands = useRef(new RepeatSafe());
  const procedures = useProcedures(known);

  /**
   * Send a command; gives its answer, or undefined where it was refused.
   * @type {Greeter.Send}
   */
  async function send(what, path, body) {
    if (busy) return undefined;
    setBusy(what);
    setRefusal(null);
    try {
      return await /** @type {any} */ (commands.current).send(path, body);
    } catch (failure) {
      if (failure instanceof Refusal && failure.status === 401) location.reload();
      setRefusal(failure instanceof Refusal ? failure.message : t("greeter.unreachable"));
      return undefined;
    } finally {
      setBusy(null);
    }
  }

  /** @param {string} code */
  async function take(code) {
    if (last && last.ticket.service === code && performance.now() - last.at < REPEAT_MS) return;
    const ticket = await send(code, "/tickets", { service: code, priority_class: wanted });
    if (!ticket) return;
    setLast({ ticket, at: performance.now() });
    setWanted("ordinary"); // the next one is asked again
  }

  useEffect(
    () =>
      readTickets({
        found: (ticket) => {
          setRefusal(null);
          setLast({ ticket, at: performance.now(), found: true, gone: ticket.state === "cancelled" });
        },
        refused: setRefusal,
      }),
    [],
  );

  async function leave() {
    if (await send("sign-out", "/sign-out")) location.replace("/sign-in?next=/greeter");
  }

  if (!known) return html`<p class="opening" role="status">${t("greeter.opening")}</p>`;
  const off = lost !== null;
  const { hall, services, helps } = known;
  const { classes } = hall;
  return html`<div class="greeter">
    <header class="greeter-head"><${Head} me=${me} lost=${lost} calls=${helps.filter(({ by }) => by !== known.subject)} send=${send} learn=${learn} /></header>
    <main>
      <${Last} shown=${last} classes=${classes} show=${setLast} off=${off} busy=${busy} send=${send} refusal=${refusal} amend=${() => {
        setRefusal(null);
        setAmending(true);
      }} />
      <div class="classes" role="group" aria-labelledby="next-class"><span id="next-class">${t("greeter.class")}</span>${OFFERED.map(
        (code) => html`<button type="button" class="button" key=${code} aria-pressed=${String(wanted === code)}
          onClick=${() => setWanted(code)}><${Glyph} name=${wanted === code ? "check" : iconOfClass(classes, code)} />${nameOfClass(classes, code)}</button>`,
      )}</div>
      ${procedures.any && html`<${Find} procedures=${procedures} services=${services} off=${off} busy=${busy} take=${take} />`}
      <div class="tiles">${services.map(
        (service) =>
          html`<${Tile} key=${service.code} service=${service} off=${off} busy=${busy === service.code} take=${take} />`,
      )}</div>
      ${
        known.restored &&
        html`<${NumberEntry} services=${services} wanted=${wanted} off=${off} busy=${busy} send=${send} refuse=${setRefusal}
        done=${(ticket) => {
          setLast({ ticket, at: performance.now(), entered: true });
          setWanted("ordinary");
        }} />`
      }
      <${Entrance} last=${known.entrance} off=${off} busy=${busy} send=${send} refuse=${setRefusal} learn=${learn} />
      <p class="greeter-hint">${t("greeter.hint")}</p>
      ${hall.appointments && html`<a class="button" href="/appointments"><${Glyph} name="calendar" />${t("greeter.appointments")}</a>`}
      <p class="greeter-ways">${others().map(
        ({ lang, name }) =>
          html`<button type="button" class="button" key=${lang} lang=${lang} onClick=${() => choose(lang)}><${Glyph} name="language" />${name}</button>`,
      )}
        <a class="button" href="/password"><${Glyph} name="key" />${t("access.change_password")}</a>
        <button type="button" class="button" disabled=${off} onClick=${leave}><${Glyph} name="logout" />${t("greeter.sign_out")}</button></p>
    </main>
    <${HelpKeys} mine=${helps.some(({ by }) => by === known.subject)} helped=${known.helped} off=${off} send=${send} learn=${learn} />
    ${
      amending &&
      html`<${Amend} shown=${last} services=${services} off=${off} busy=${busy} send=${send} refusal=${refusal} show=${setLast} refuse=${setRefusal}
      close=${() => {
        setRefusal(null);
        setAmending(false);
      }} />`
    }
  </div>`;
}

/** @param {?Live.GreeterSnapshot} known */
function useProcedures(known) {
  const [, redraw] = useReducer((times) => times + 1, 0);
  const procedures = useRef(/** @type {?Procedures} */ (null));
  procedures.current ??= new Procedures(redraw);
  useEffect(() => {
    if (known) procedures.current?.learn(known.hall.procedures, known.services);
  }, [known]);
  return procedures.current;
}
