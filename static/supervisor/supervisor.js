/** The supervisor's screen: who may see it, and which of its pages is shown. */

import { html, render, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { get } from "/static/lib/api.js";
import { READERS } from "/static/lib/choices.js";
import { byId } from "/static/lib/dom.js";
import { signIn, signedIn, whenReachable } from "/static/lib/entrance.js";
import { speak } from "/static/lib/language.js";
import { setTimezone, t } from "/static/lib/text.js";
import { useCentre } from "./centre.js";
import { Counters } from "/static/supervisor/settings/counters.js";
import { Devices } from "/static/supervisor/devices/devices.js";
import { DrillPage } from "/static/supervisor/drill/drill.js";
import { Frame } from "./frame.js";
import { Ghosts } from "/static/supervisor/ghosts/ghosts.js";
import { HallPage } from "/static/supervisor/settings/hall.js";
import { HoursPage } from "/static/supervisor/settings/hours.js";
import { Live } from "/static/supervisor/live/live-page.js";
import { Log } from "/static/supervisor/log/log.js";
import { NoticePage } from "/static/supervisor/notice/notice-page.js";
import { PlanPage } from "/static/supervisor/plan/plan.js";
import { PostersPage } from "/static/supervisor/posters/posters.js";
import { PrintersPage } from "/static/supervisor/settings/printers-page.js";
import { Priority } from "/static/supervisor/settings/priority.js";
import { Procedures } from "/static/supervisor/settings/procedures.js";
import { Ratings } from "/static/supervisor/ratings/ratings.js";
import { Rooms } from "/static/supervisor/settings/rooms.js";
import { Report } from "/static/supervisor/report/report.js";
import { Services } from "/static/supervisor/settings/services.js";
import { anyUnsaved, useLeave } from "/static/supervisor/parts/unsaved.js";
import { PAGE } from "/static/supervisor/parts/session.js";
import { Start } from "/static/supervisor/settings/start.js";
import { Statistics } from "/static/supervisor/statistics/statistics.js";
import { StudioPage } from "/static/supervisor/studio/studio.js";
import { Transfer } from "/static/supervisor/settings/transfer.js";
import { Users } from "/static/supervisor/people/users.js";
import { WeekPage } from "/static/supervisor/week/week.js";
import { WallPage } from "/static/supervisor/settings/wall-page.js";

const PAGES = {
  live: Live,
  statistics: Statistics,
  ratings: Ratings,
  report: Report,
  plan: PlanPage,
  week: WeekPage,
  log: Log,
  ghosts: Ghosts,
  notice: NoticePage,
  users: Users,
  devices: Devices,
  drill: DrillPage,
  services: Services,
  procedures: Procedures,
  counters: Counters,
  rooms: Rooms,
  priority: Priority,
  hall: HallPage,
  wall: WallPage,
  studio: StudioPage,
  posters: PostersPage,
  printers: PrintersPage,
  hours: HoursPage,
  transfer: Transfer,
  start: Start,
};

function pageOf(hash) {
  const name = hash.slice(1).split("?")[0];
  return name in PAGES ? name : "live";
}

/** @param {Props<{me: Api.MeView}>} props */
function Supervisor({ me }) {
  const [page, setPage] = useState(pageOf(location.hash));
  const centre = useCentre();
  const title = useRef(null);
  const first = useRef(true);
  const { leave, question } = useLeave();

  useEffect(() => {
    const follow = () => {
      const { hash } = location;
      if (anyUnsaved()) history.replaceState(null, "", `#${page}`); // stays unless the question says otherwise
      leave(() => {
        history.replaceState(null, "", hash);
        setPage(pageOf(hash));
      });
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [page]);

  useEffect(() => {
    document.title = t("supervisor.page_title", { page: t(`supervisor.${page}_title`) });
    // A new page is announced by its heading; the first one is announced by the browser.
    if (!first.current) title.current?.focus({ preventScroll: true });
    first.current = false;
    scrollTo(0, 0);
  }, [page]);

  return html`<${Frame} page=${page} me=${me} centre=${centre} title=${title}>
    ${question}
    <${PAGES[page]} centre=${centre} me=${me} acts=${me.role === "supervisor"} />
  <//>`;
}

async function start() {
  const me = await signedIn();
  if (!me || !READERS.includes(me.role)) return signIn(PAGE);
  const hall = await get("/hall");
  setTimezone(hall.timezone);
  await speak();
  render(html`<${Supervisor} me=${me} />`, byId("screen"));
}

whenReachable(start);
