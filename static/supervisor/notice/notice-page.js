/** One message to all who wait: what stands now, and a form that puts up another. */

import { html, useState } from "/static/vendor/preact.js";
import { DEFAULT_LANGUAGE, LANGUAGES, NOTICES } from "/static/lib/choices.js";
import { Glyph } from "/static/lib/glyph.js";
import { standing } from "/static/lib/notice.js";
import { clock, t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { TextField, submits } from "/static/supervisor/settings/settings.js";

const TYPED = "typed";
const LONGEST = 160; // letters; the server says the same
const MINUTES = [15, 30, 60, 120];
const AT = "at"; // ends at an hour that is typed
/** @type {{preset: string, time: string, end: string, until: string, texts: Record<string, string>}} */
const EMPTY = { preset: "", time: "", end: "", until: "", texts: {} };

/** @param {Props<{centre: Screen.Centre}>} props */
export function NoticePage({ centre, acts }) {
  const { view, now } = centre;
  if (!view) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  const notice = standing(view.hall.notice, now);
  return html`<div class="notice-page"><p class="hint">${t("supervisor.notice_hint")}</p>
    <${Standing} key=${notice?.seq ?? 0} notice=${notice} acts=${acts} />
    ${acts && html`<${PutUp} stands=${notice !== null} />`}</div>`;
}

/** What everybody reads now, and the key that takes it down. */
function Standing({ notice, acts }) {
  const { busy, refusal, act } = useAct();
  if (!notice) return html`<p class="card empty" role="status">${t("supervisor.notice_none")}</p>`;
  const until = notice.until && clock(notice.until);
  return html`<section class="card notice-stands" role="status" aria-labelledby="notice-stands">
    <h2 id="notice-stands" class="card-title">${t("supervisor.notice_stands", { time: clock(notice.at) })}</h2>
    ${Object.entries(notice.texts).map(([language, words]) => html`<p key=${language} lang=${language} class="notice-text">${words}</p>`)}
    <p class="hint">${until ? t("supervisor.notice_ends_at", { time: until }) : t("supervisor.notice_ends_with_day")}</p>
    ${refusal && html`<${Refused} words=${refusal} />`}
    ${
      acts &&
      html`<button type="button" class="button" disabled=${busy}
      onClick=${() => act("/notice/remove", { notice: notice.seq })}><${Glyph} name="x" />${t("supervisor.notice_remove")}</button>`
    }
  </section>`;
}

/** @param {typeof EMPTY} draft  as the server takes it */
function wished({ preset, time, end, until, texts }) {
  const ends = end === AT ? { until: until.trim() } : end ? { minutes: Number(end) } : {};
  if (preset === TYPED) return { texts, ...ends };
  return { preset, ...(NOTICES[preset] ? { time: time.trim() } : {}), ...ends };
}

/** Picked or typed, and until when. */
function PutUp({ stands }) {
  const { act, refuse, forget, ...saver } = useAct();
  const [draft, setDraft] = useState(EMPTY);
  const put = (/** @type {Partial<typeof EMPTY>} */ part) => {
    setDraft({ ...draft, ...part });
    forget();
  };
  const { preset } = draft;

  async function send() {
    if (!preset) return refuse(t("supervisor.notice_missing"));
    const done = await act("/notice", wished(draft));
    if (done) setDraft(EMPTY);
    return done;
  }

  return html`<form class="card form notice-form" onSubmit=${submits(send)} noValidate aria-labelledby="notice-new">
    <h2 id="notice-new" class="card-title">${t("supervisor.notice_new")}</h2>
    <fieldset class="choices"><legend>${t("supervisor.notice_what")}</legend>
      ${[...Object.keys(NOTICES), TYPED].map(
        (each) => html`<label key=${each} class="choice">
        <input type="radio" name="preset" value=${each} checked=${preset === each} onChange=${() => put({ preset: each })} />
        <span><strong>${t(`supervisor.notice_${each}`)}</strong>${
          each !== TYPED &&
          html`<small>${t(`notice.${each}`, { time: draft.time || t("supervisor.notice_some_time") })}</small>`
        }</span></label>`,
      )}</fieldset>
    ${
      NOTICES[preset] &&
      html`<${TextField} name="time" saver=${saver} numeric=${true} label=${t(`supervisor.notice_time_${preset}`)}
      hint=${t("supervisor.notice_time_hint")} value=${draft.time} change=${(time) => put({ time })} />`
    }
    ${preset === TYPED && html`<${Typed} draft=${draft} put=${put} saver=${saver} />`}
    ${preset && html`<${End} draft=${draft} put=${put} saver=${saver} />`}
    ${saver.refusal && !saver.field && html`<${Refused} words=${saver.refusal} />`}
    <button type="submit" class="button button--main wide" disabled=${saver.busy}><${Glyph} name="messages" />${t(
      stands ? "supervisor.notice_replace" : "supervisor.notice_put_up",
    )}</button>
  </form>`;
}

/** The words in each language; only the first must be there. */
function Typed({ draft, put, saver }) {
  return Object.keys(LANGUAGES).map((language) => {
    const words = draft.texts[language] ?? "";
    const left = LONGEST - words.length;
    return html`<${TextField} key=${language} name="texts.${language}" saver=${saver}
      label=${t(language === DEFAULT_LANGUAGE ? "supervisor.notice_text" : "supervisor.notice_text_more", { language: LANGUAGES[language].name })}
      hint=${left < 0 ? t("supervisor.notice_too_long", { n: -left }) : t("supervisor.notice_left", { n: left })}
      value=${words} change=${(text) => put({ texts: { ...draft.texts, [language]: text } })} />`;
  });
}

/** When it ends by itself. */
function End({ draft, put, saver }) {
  const { preset, end } = draft;
  return html`<label class="field"><span>${t("supervisor.notice_end")}</span>
      <select name="end" value=${end} onChange=${(event) => put({ end: event.target.value })}>
        <option value="">${t(preset === "lunch" ? "supervisor.notice_end_lunch" : "supervisor.notice_end_day")}</option>
        ${MINUTES.map((n) => html`<option key=${n} value=${n}>${t("supervisor.notice_end_minutes", { n })}</option>`)}
        <option value=${AT}>${t("supervisor.notice_end_at")}</option></select></label>
    ${
      end === AT &&
      html`<${TextField} name="until" saver=${saver} numeric=${true} label=${t("supervisor.notice_until_label")}
      hint=${t("supervisor.notice_time_hint")} value=${draft.until} change=${(until) => put({ until })} />`
    }`;
}
