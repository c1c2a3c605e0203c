// What the pages pass among themselves.

/** Of what a template gives a component: what is named here has this type, of the rest nothing is known. */
type Props<T> = T & Record<string, any>;

declare namespace Screen {
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
