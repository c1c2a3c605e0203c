/** The numbers of one kiosk or one person that still wait, chosen singly or all at once. */

import { html } from "/static/vendor/preact.js";
import { clock, spaced, spoken, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { spent } from "/static/supervisor/parts/figures.js";

/** Those taken at equal intervals, as the alarm saw them. */
function regular(tickets, rhythm) {
  if (!rhythm) return [];
  const [since, until] = [Date.parse(rhythm.params.since), Date.parse(rhythm.at)];
  return tickets.filter(({ issued_at }) => since <= Date.parse(issued_at) && Date.parse(issued_at) <= until);
}

/** Who has no name: a program, or somebody the centre does not know. */
function unnamed(by) {
  const [kind, id] = by.split(":");
  return kind === "token" ? t("supervisor.program_unnamed", { id }) : by;
}

/** @param {Props<{tickets: Api.WaitingTicketView[], marked: Set<number>}>} props */
export function Issuer({ by, tickets, now, marked, mark, rhythm }) {
  const alike = regular(tickets, rhythm);
  const name = tickets[0].issuer_name ?? unnamed(by);
  const refs = tickets.map((ticket) => ticket.ref);
  const all = refs.every((ref) => marked.has(ref));
  return html`<section class="card ghosts" data-issuer=${by} aria-label=${name}>
    <div class="ghosts-head">
      <h2 class="card-title">${t("supervisor.ghosts_of", { name, n: tickets.length })}</h2>
      ${
        alike.length > 0 &&
        html`<button type="button" class="button button--main" onClick=${() =>
          mark(
            alike.map((ticket) => ticket.ref),
            true,
          )}>
        <${Glyph} name="clock" />${t("supervisor.ghosts_choose_rhythm", { n: alike.length })}</button>`
      }
      <button type="button" class="button" onClick=${() => mark(refs, !all)}><${Glyph} name=${all ? "x" : "check"} />${t(
        all ? "supervisor.ghosts_choose_none" : "supervisor.ghosts_choose_all",
        { n: tickets.length },
      )}<span class="visually-hidden"> ${name}</span></button>
    </div>
    <ul class="ghosts-list">${tickets.map(
      (ticket) => html`<li key=${ticket.ref}><label class="box" data-number=${ticket.number}>
        <input type="checkbox" checked=${marked.has(ticket.ref)} onChange=${(event) => mark([ticket.ref], event.target.checked)} />
        <span><b class="number" aria-label=${spoken(ticket.number)}>${spaced(ticket.number)}</b>
          <small>${clock(new Date(ticket.issued_at))} · ${spent(Math.max(0, (now - Date.parse(ticket.issued_at)) / 1000))}
            ${ticket.people > 1 && ` · ${t("supervisor.ghosts_people", { n: ticket.people })}`}</small></span>
      </label></li>`,
    )}</ul>
  </section>`;
}
