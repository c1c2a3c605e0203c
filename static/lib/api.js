/** Commands and questions to the server. A command repeated under the same key is done once. */

const ROOT = "/api/v1";
const GET_TIMEOUT_MS = 8000;
const PAUSE_MS = 300;

/** @type {?string} */
let language = null;

/** The server understood and said no; `message` is its sentence in the reader's language. */
export class Refusal extends Error {
  /** @param {number} status @param {{code?: string, message?: string, field?: string}} answer */
  constructor(status, { code = "unknown", message = "", ...params } = {}) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.status = status;
    this.params = params;
  }
}

/** No answer: the cable, the server, or a gateway in between. What was asked may still have happened. */
export class Unreachable extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super("unreachable", { cause });
    this.name = "Unreachable";
  }
}

/**
 * Ask for refusals in this language, whatever the browser itself prefers.
 * @param {string} lang
 */
export function setLanguage(lang) {
  language = lang;
}

/** 128 random bits as 32 hex digits. (`randomUUID` is withheld from plain HTTP in a LAN.) */
export function requestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The JSON at GET /api/v1`path`. An unchanged answer costs a 304: the browser keeps the ETag.
 * @type {Routes.Getting}
 * @throws {Refusal|Unreachable}
 */
export async function get(path) {
  return ask(path, { cache: "no-cache" }, GET_TIMEOUT_MS);
}

/**
 * POST `body` and return the JSON of the answer. Failures of the network are tried again with the same
 * key until `patience_ms` have passed; a refusal is final.
 * @type {Routes.Posting}
 * @throws {Refusal|Unreachable}
 */
export async function post(path, body, options) {
  const { key = requestId(), patience_ms = 4000, timeout_ms = 3000 } = options ?? {};
  const request = {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key },
    body: JSON.stringify(body ?? {}),
  };
  const until = performance.now() + patience_ms;
  for (;;) {
    try {
      return await ask(path, request, timeout_ms);
    } catch (error) {
      if (!(error instanceof Unreachable) || performance.now() + PAUSE_MS >= until) throw error;
    }
    await new Promise((wake) => setTimeout(wake, PAUSE_MS));
  }
}

/**
 * @param {string} path
 * @param {RequestInit} request
 * @param {number} timeout_ms
 * @returns {Promise<any>} what the document of the routes says
 */
async function ask(path, request, timeout_ms) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout_ms);
  const headers = {
    Accept: "application/json",
    ...request.headers,
    ...(language ? { "Accept-Language": language } : {}),
  };
  try {
    const response = await fetch(ROOT + path, {
      credentials: "same-origin",
      ...request,
      headers,
      signal: stop.signal,
    });
    // 5xx: the server or what stands before it is in trouble; the key makes another try harmless.
    if (response.status >= 500) throw new Error(`status ${response.status}`);
    const answer = await response.json().catch((error) => {
      if (response.ok) throw error;
      return {};
    });
    if (!response.ok) throw new Refusal(response.status, answer);
    return answer;
  } catch (error) {
    throw error instanceof Refusal ? error : new Unreachable(error);
  } finally {
    clearTimeout(timer);
  }
}
