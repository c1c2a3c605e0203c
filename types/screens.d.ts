// What the pages pass among themselves.

/** Of what a template gives a component: what is named here has this type, of the rest nothing is known. */
type Props<T> = T & Record<string, any>;

declare namespace Screen {
  /** The words of one language: section -> key -> words. */
  type Texts = Record<string, Record<string, string>>;
  type Language = keyof typeof import("/static/lib/choices.js").LANGUAGES;

  /** `view` is null until the first snapshot; `lost` since the server does not answer. */
  interface Centre {
    view: Live.SupervisorCounts | null;
    lost: Date | null;
    now: Date;
  }
  /** Answers by the names under which they were asked, and when. */
  type Answers<T extends Record<string, string>> = { [Name in keyof T]: Api.Get[Routes.GetOf<T[Name]>] } & { at: Date };

  /** Save a part of the settings; `said` is what is told of it. */
  type Save = <P extends string>(
    path: P,
    body: string extends P ? object : Api.Post[Routes.PostOf<P>]["body"],
    said?: string,
  ) => Promise<any>;
}

declare namespace Screen {
  /** A form that lets somebody in: what it sends where, and what is done with the answer. */
  interface Entry<P extends keyof Api.Post> {
    path: P;
    body?: (values: any) => Api.Post[P]["body"];
    check: (values: any) => Record<string, string>;
    done: (answer: Api.Post[P]["answer"]) => void;
    refused?: (failure: any) => boolean;
  }

  /** What the phone page knows of its ticket: `at` is when it came, `seen_at` when it was last found true. */
  interface KnownTicket {
    ticket: Api.TicketView | null;
    at: Date | null;
    seen_at: Date;
    hall: Api.HallView | null;
    services: Api.ServiceView[] | null;
    unknown: boolean;
    lost: Date | null;
  }
  interface Following {
    onTicket: (ticket: Api.TicketView, at: Date) => Promise<void>;
    onSame: (at: Date) => void;
    onLost: () => void;
    onUnknown: () => void;
  }

  /** What can be found by what people say. */
  interface Findable {
    names: Record<string, string>;
    words: readonly string[];
    field: string;
  }

  /** The number a greeter gave last; `at` in the page's own milliseconds. */
  interface LastTicket {
    ticket: Api.TicketView;
    at: number;
    gone?: boolean;
    printing?: boolean;
    unprinted?: boolean;
    entered?: boolean;
    found?: boolean; // by a scanner
    lookedUp?: boolean; // by the number somebody typed
  }

  /** What stands on the kiosk's glass, and all that belongs to it. */
  interface Visit {
    page: string;
    sheet?: number;
    previous?: Visit;
    service?: Api.ServiceView;
    ticket?: Api.TicketView;
    paper?: string;
    picture?: boolean;
    cause?: string | null;
    code?: string;
    since?: Date;
    asked?: number;
    heard?: boolean;
    refusal?: { title: string; words: string };
    standing?: Standing;
    rating?: string;
    typed?: string; // to find something; it stays here
    procedure?: Api.ProcedureView;
    wants_list?: boolean; // its papers, printed with the number
    papers_of?: string; // the procedure of which they are printed
  }
  /** Where a number stands, of which the ticket was scanned or only the number. */
  type Standing = Api.NumberView & { id?: string | null; why?: Api.WhyView | null; rating?: string | null };
}

/** The kiosk. */
declare namespace Kiosk {
  /** What a page is given to show, once the hall is known; `Filled` are the parts of the visit that this page has. */
  interface View<Filled extends keyof Screen.Visit = never> {
    hall: Api.HallView;
    services: Api.ServiceView[];
    workday: Api.WorkdayView;
    appointments_due: boolean;
    room: Room;
    procedures: import("/static/lib/procedures.js").Procedures;
    visit: Screen.Visit & Required<Pick<Screen.Visit, Filled>>;
    now: Date;
  }
  /** How somebody likes the pages. */
  interface Wishes {
    language: string;
    large: boolean;
    contrast: boolean;
    low: boolean;
  }
  /** How large a screen is, and how high its lower edge is above the floor. */
  interface Measure {
    diagonal_mm: number;
    edge_mm: number;
  }
  /** What the glass leaves a page. */
  type Room = ReturnType<typeof import("/static/kiosk/glass.js").plan>;
}

/** The greeter's page. */
declare namespace Greeter {
  /** Send a command, shown under the name `what`; no answer where it was refused. */
  type Send = <P extends string>(
    what: string,
    path: P,
    ...rest: Routes.Known<P, Api.Post, [body?: Api.Post[Routes.PostOf<P>]["body"]]>
  ) => Promise<Api.Post[Routes.PostOf<P>]["answer"] | undefined>;
}

/** The wall. */
declare namespace Wall {
  interface Call {
    seq: number;
    number: string;
    counter: number;
    at: string;
    visual?: boolean; // its holder does not hear it
  }
  interface Entry {
    call: Call;
    answered: boolean;
    left: boolean;
  }
  /** What the voice is told of a call. */
  interface SpokenCall {
    seq: number;
    number: string;
    counter: number;
    priority?: boolean;
    again?: boolean;
    language?: string | null;
    room?: string; // the clip that says the room of the counter
    accessible?: boolean;
  }
  interface Spoken {
    call: SpokenCall;
    since: number;
    dropped?: boolean;
  }
  interface Counter {
    counter: number;
    accessible: boolean;
    visual: boolean; // who was called there last does not hear it
    staffing: string;
    reason: string | null;
    ticket: string | null;
    number: string | null;
    shown: string | null;
    shown_at: number;
  }
  /** What the panel shows; `blink` is another number when it asks for attention, 0 when it asks for none. */
  interface Panel {
    call: Call | null;
    accessible?: boolean; // the counter to go to
    phase: "called" | "calm" | "free";
    blink: number;
  }
  interface Place {
    number: string;
    counter: number;
  }
  /** A call in the list of the last; `called`: its holder has not come yet. */
  interface Listed extends Place {
    called: boolean;
    accessible: boolean;
    visual: boolean;
  }
  interface Row {
    counter: number;
    accessible?: boolean;
    visual?: boolean;
    state: string;
    number: string | null;
  }
  /** A row of the frame, before anything is known. */
  interface EmptyRow {
    state: string;
    accessible?: undefined;
    visual?: undefined;
    counter?: undefined;
    number?: undefined;
  }
  type Waiting = Pick<Api.ServiceView, "prefix" | "names" | "waiting" | "ahead" | "forecast" | "counters_open">;
  interface Board {
    hall: Api.HallView;
    room: string | null; // whose calls it holds; null: of every room
    counters: Counter[];
    recent: Call[];
    services: Api.ServiceView[];
    no_shows: string[];
    today: Api.TodayView;
  }
}

/** The counter's console. */
declare namespace Console {
  /** A press that waits for the answer to another: of which key, for whom, and when. */
  interface Pending {
    button: string;
    act: string;
    body: object | null;
    target: string | number | null;
    at: number;
  }
  interface Notice {
    kind: "refusal" | "no" | "regraded" | "scan" | "ticket";
    text?: string;
    reason?: string;
    number?: string;
    ticket?: Pick<Api.TicketView, "number" | "state" | "counter" | "why"> & { priority_class?: string };
  }
}
