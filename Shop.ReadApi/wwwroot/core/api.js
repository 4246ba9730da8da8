import { get } from './store.js';

const timeoutMs = 15000;
let tokenSource = async () => null;

/** Sets the function that gives the access token, or null if nobody has signed in. */
export const setTokenSource = source => {
  tokenSource = source;
};

export const token = () => tokenSource();

/** A refusal (https://www.rfc-editor.org/rfc/rfc9457) or, with status 0, an answer that never came. */
export class Problem extends Error {
  constructor({ status, code = '', detail = '', errors = {}, title = '' }) {
    super(detail || title || `The answer was ${status}.`);
    Object.assign(this, { status, code, errors });
  }

  get isOutage() {
    return this.status === 0 || this.status >= 500;
  }
}

export const readApi = (path, options) => call('', 'read API', path, options);

export const writeApi = (path, options) => call(get().config.writeApi, 'write API', path, options);

export const projector = (path, options) => call(get().config.projector, 'projector', path, options);

/** A key with which a repeated command takes effect once. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

async function call(base, part, path, options = {}) {
  if (base == null)
    throw new Problem({ status: 0, code: 'unconfigured', detail: `No address of the ${part} is configured.` });
  const response = await send(base, part, path, options);
  const text = await response.text();
  const body = parse(text);
  if (!response.ok && !options.anyStatus) throw problemOf(response, body);
  return { body, status: response.status, etag: response.headers.get('ETag') };
}

async function send(base, part, path, { method = 'GET', body, headers = {}, signal }) {
  const bearer = await tokenSource();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(base + path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem({ status: 0, code: 'unreachable', detail: `The ${part} does not answer.` });
  }
}

function problemOf(response, body) {
  const words = {
    401: 'Sign in to see this.',
    403: 'You may not do this. Sign in as somebody who may.',
    429: 'Too many requests. Wait a moment and try again.',
  };
  return new Problem({ ...body, status: response.status, detail: body?.detail || words[response.status] });
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
