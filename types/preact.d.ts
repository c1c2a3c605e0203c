// What our pages use of static/vendor/preact.js: htm and Preact in one file, which has no types of its own.

/** A part of the page that is drawn; only Preact looks into it. */
export interface VNode {
  readonly type: unknown;
}
/** What may stand in a template. Of what a handler or a property is called with a template knows nothing. */
type Value = string | number | boolean | null | undefined | object | ((...given: any[]) => unknown);
type Setter<T> = (next: T | ((before: T) => T)) => void;

export function html(strings: TemplateStringsArray, ...values: Value[]): VNode;
export function render(tree: VNode | null, parent: Element): void;
export function useState<T>(first: T | (() => T)): [T, Setter<T>];
export function useState<T = undefined>(): [T | undefined, Setter<T | undefined>];
export function useReducer<T>(change: (before: T, ...of: any[]) => T, first: T): [T, (of?: any) => void];
export function useEffect(effect: () => void | (() => void), dependencies?: readonly unknown[]): void;
export function useLayoutEffect(effect: () => void | (() => void), dependencies?: readonly unknown[]): void;
export function useMemo<T>(make: () => T, dependencies?: readonly unknown[]): T;
/** Of null: the place of an element, filled once it is drawn. */
export function useRef(first: null): { current: any };
export function useRef<T>(first: T): { current: T };
