// What the server sends a screen over Socket.IO: each `channel.py` of the program, made of the views in types/api.d.ts.

declare namespace Live {
  type Language = string;

  interface Message {
    seq: number;
    at: string;
  }
  /** The events from one `seq` to another of those that concern the screen. */
  interface Range<Event> {
    from: number;
    to: number;
    events: Event[];
  }
  interface Fact extends Message {
    kind: string;
  }

  // -- /kiosk --
  interface KioskCounts extends Api.ServicesView {}
  interface KioskSnapshot extends KioskCounts {
    hall: Api.HallView;
  }
  interface KioskEvent extends Fact {
    counter?: number | null;
    ref?: number | null;
    data?: { again: boolean; cause: string | null; copy: boolean };
    asked?: number;
    measured?: boolean;
  }

  // -- /greeter --
  interface GreeterCounts extends Api.ServicesView, Api.HelpsView {
    entrance: Api.EntranceView | null;
    restored: boolean;
  }
  interface GreeterSnapshot extends GreeterCounts {
    hall: Api.StaffHallView;
    subject: string;
  }
  interface GreeterEvent extends Fact {
    ref: number | null;
    by?: string;
    name?: string | null;
    asked?: number;
  }

  // -- /display --
  interface Call extends Api.CallView {
    language: Language | null;
    visual: boolean; // to be seen as well as heard
  }
  /** The visit that ended last at a counter, where it can still be rated. */
  interface Rateable {
    counter: number;
    ref: number;
    number: string;
    at: string;
  }
  interface DisplaySnapshot extends Api.BoardView {
    calls: Call[];
    room: string | null; // whose calls it holds; null: of every room
    to_rate?: Rateable[]; // to a screen that asks for ratings alone
    hall: Api.HallView;
  }
  interface DisplayCounts extends Message {
    services: Api.ServiceView[];
    today: Api.TodayView;
    no_shows: string[];
  }
  /** `priority`, `language` and `visual` are those of a call. A call to another room is "ticket.called_elsewhere". */
  interface DisplayEvent extends Fact {
    number: string | null;
    counter: number | null;
    service: string | null;
    reason: string | null;
    state?: string; // of a ticket whose last step was taken back
    priority?: boolean;
    language?: Language | null;
    visual?: boolean;
  }

  // -- /counter --
  interface CounterCounts extends Api.ConsoleView {
    attended: boolean;
    seen: { seq: number; walls: number } | null;
    walls: number;
    spoken: { seq: number | null; sound: "on" | "off" | null; unsaid?: { seq: number; why: string } } | null;
  }
  interface CounterSnapshot extends CounterCounts {
    hall: Api.StaffHallView;
    services: Api.ServiceView[];
  }
  /** Of a change of the settings only that it happened. */
  interface CounterEvent extends Fact {
    ref?: number | null;
    counter?: number;
    service?: string | null;
    data?: Record<string, any>;
  }

  // -- /supervisor --
  interface SupervisorCounts extends Api.WatchView {
    devices: Api.DeviceView[];
    backup: Api.BackupView;
  }
  interface SupervisorEvent extends Omit<Api.EventView, "hash"> {}

  interface Screens {
    "/kiosk": { snapshot: KioskSnapshot; counts: KioskCounts; event: KioskEvent };
    "/greeter": { snapshot: GreeterSnapshot; counts: GreeterCounts; event: GreeterEvent };
    "/display": { snapshot: DisplaySnapshot; counts: DisplayCounts; event: DisplayEvent };
    "/counter": { snapshot: CounterSnapshot; counts: CounterCounts; event: CounterEvent };
    "/supervisor": { snapshot: SupervisorCounts; counts: SupervisorCounts; event: SupervisorEvent };
  }

  /** What comes under which name. */
  interface Messages<N extends keyof Screens> {
    snapshot: Screens[N]["snapshot"];
    events: Range<Screens[N]["event"]>;
    counts: Screens[N]["counts"];
    beat: Message;
    speaker: { speaks: boolean; said: number };
    stop: { code: string };
  }

  interface Handlers<N extends keyof Screens> {
    onSnapshot?: (message: Screens[N]["snapshot"]) => void;
    onEvents?: (events: Screens[N]["event"][], message: Range<Screens[N]["event"]>) => void;
    onCounts?: (message: Screens[N]["counts"]) => void;
    onBeat?: (message: Message) => void;
    onSpeaker?: (message: { speaks: boolean; said: number }) => void;
    onLost?: (since: Date) => void;
    onBack?: () => void;
    onStop?: (code: string) => void;
  }
  interface Options<N extends keyof Screens> extends Handlers<N> {
    auth?: object;
    lost_after_ms?: number;
    open?: (namespace: string, options: object) => any;
    reload?: () => void;
  }
  /** What `connect` gives back. */
  interface Line {
    serverNow: () => Date;
    seen: (seq: number) => void;
    said: (seq: number) => void;
    unsaid: (seq: number, why: string) => void;
    sound: (audible: boolean) => void;
    resync: () => void;
    retry: () => void;
    close: () => void;
  }
}
