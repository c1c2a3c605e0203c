// The route that an address belongs to, so that `get` and `post` know what is answered: "/counters/2/open" and
// `/counters/${counter}/open` are both "/counters/{}/open" of types/api.d.ts.

declare namespace Routes {
  /** A part of an address as a route has it: what is only known when it runs stands for an argument. */
  type Part<P extends string> = string extends P ? "{}" : P extends `${number}` ? "{}" : P;
  type Parts<P extends string> = P extends `/${infer First}/${infer Rest}`
    ? `/${Part<First>}${Parts<`/${Rest}`>}`
    : P extends `/${infer Last}`
      ? `/${Part<Last>}`
      : never;
  type Of<P extends string> = Parts<P extends `${infer Path}?${string}` ? Path : P>;

  type GetOf<P extends string> = Extract<Of<P>, keyof Api.Get>;
  type PostOf<P extends string> = Extract<Of<P>, keyof Api.Post>;
  /** Of an address that is put together elsewhere nothing is known; one that no route has is an error where it is written. */
  type Known<P extends string, Table, Rest extends unknown[]> = string extends P
    ? Rest
    : Of<P> extends keyof Table
      ? Rest
      : ["no route has this address", never];

  interface Options {
    key?: string;
    patience_ms?: number;
    timeout_ms?: number;
  }
  type Getting = <P extends string>(
    path: P,
    ...rest: Known<P, Api.Get, []>
  ) => Promise<string extends P ? unknown : Api.Get[GetOf<P>]>;
  type Posting = <P extends string>(
    path: P,
    ...rest: Known<P, Api.Post, [body?: string extends P ? object : Api.Post[PostOf<P>]["body"], options?: Options]>
  ) => Promise<string extends P ? unknown : Api.Post[PostOf<P>]["answer"]>;
  /** `post` of a page that shows the refusal itself: no answer then. */
  type Acting = <P extends string>(
    path: P,
    ...rest: Known<P, Api.Post, [body?: string extends P ? object : Api.Post[PostOf<P>]["body"]]>
  ) => Promise<(string extends P ? any : Api.Post[PostOf<P>]["answer"]) | undefined>;
}

// The routes of a simulated centre (demo/api.py) stand in no document.
declare namespace Api {
  interface Post {
    "/demo/enter": { body: { screen: string; counter?: number }; answer: { go: string } };
  }
}
