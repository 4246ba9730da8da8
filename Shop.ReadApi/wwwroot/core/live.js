import { useEffect, useRef } from './html.js';
import { token } from './api.js';
import { learn } from './freshness.js';
import { set } from './store.js';

const firstRetryMs = 1000;
const longestRetryMs = 10000;
const silenceMs = 40000; // The server sends a heartbeat every 15 seconds.

/**
 * Follows the orders that match the parameters of a search, from now on and across outages: nothing is missed unless
 * `onReset` is called. This is not an EventSource, because that cannot send a token.
 */
export function useLive(params, { onOrder, onReset }) {
  const handlers = useRef();
  handlers.current = { onOrder, onReset };
  useEffect(() => {
    if (params === null) return undefined;
    const abort = new AbortController();
    follow(params, handlers, abort.signal);
    return () => abort.abort();
  }, [params]);
}

async function follow(params, handlers, signal) {
  let lastId = '';
  let retryMs = firstRetryMs;
  while (!signal.aborted) {
    try {
      for await (const { event, id, data } of connect(params, lastId, signal)) {
        retryMs = firstRetryMs;
        if (id) lastId = id;
        set({ live: 'on' });
        if (event === 'order') receive(JSON.parse(data), handlers);
        else if (event === 'reset') handlers.current.onReset?.();
        else if (event === 'heartbeat') learn(JSON.parse(data).freshness ?? JSON.parse(data));
      }
    } catch (error) {
      if (signal.aborted) return;
      set({ live: 'off' });
      if (error.isFinal) return;
    }
    await new Promise(resolve => setTimeout(resolve, retryMs));
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }
}

function receive(order, handlers) {
  set({ changed: { id: order.id, version: order.version } });
  handlers.current.onOrder?.(order);
}

async function* connect(params, lastId, signal) {
  const abort = new AbortController();
  let watchdog;
  const received = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => abort.abort(), silenceMs);
  };
  const bearer = await token();
  try {
    const response = await fetch(`/orders/live?${params}`, {
      headers: {
        Accept: 'text/event-stream',
        ...(lastId ? { 'Last-Event-ID': lastId } : {}),
        ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
      },
      signal: AbortSignal.any([signal, abort.signal]),
    });
    if (!response.ok)
      throw Object.assign(new Error(`${response.status}`), {
        isFinal: response.status < 500 && response.status !== 429,
      });
    set({ live: 'on' });
    received();
    let rest = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      received();
      const blocks = (rest + text).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      yield* blocks.map(parse);
    }
  } finally {
    clearTimeout(watchdog);
  }
}

/** One event (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream). */
function parse(block) {
  const fields = { event: 'message', id: '', data: '' };
  for (const line of block.split(/\r?\n/)) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === 'data') fields.data += (fields.data && '\n') + value;
    else if (name in fields) fields[name] = value;
  }
  return fields;
}
