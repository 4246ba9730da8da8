import { projector, readApi, writeApi } from './api.js';
import { clock } from './format.js';
import { get, set } from './store.js';

const intervalMs = 2000;
const lateMs = 3000;
const downMs = 15000;

const words = {
  store: 'Read store not answering',
  projector: 'Projector not running',
  relay: 'Relay not publishing',
  broker: 'Kafka not reachable',
  'write database': 'Write database not answering',
  reconciliation: 'Reconciliation waits for an operator',
};

let asOf = null;

/** Keeps `freshness` in the store: how far what is shown is behind, and what is broken. */
export function watchFreshness() {
  const run = async () => {
    if (!document.hidden) await look();
    setTimeout(run, intervalMs);
  };
  document.addEventListener('visibilitychange', () => document.hidden || look());
  run();
}

/** Takes over what a response says about its freshness. */
export function learn(freshness) {
  if (freshness?.asOf) asOf = freshness.asOf;
}

async function look() {
  try {
    const { body, status } = await readApi('/health/lag', { anyStatus: true });
    const check = body?.checks?.[0];
    const lagMs = (check?.data?.lagSeconds ?? 0) * 1000;
    if (check?.data?.lagSeconds !== undefined) asOf = new Date(Date.now() - lagMs).toISOString();
    if (status === 200 && lagMs < lateMs) return set({ freshness: { state: 'ok', lagMs, asOf } });

    const detail = check?.detail ?? (await find());
    const link = Object.keys(words).find(name => detail?.startsWith(name));
    const isDown = status !== 200 || (link !== undefined && lagMs > lateMs) || lagMs > downMs;
    set({ freshness: { state: isDown ? 'down' : 'slow', lagMs, asOf, text: describe(link), detail } });
  } catch {
    set({ freshness: { state: 'down', asOf, text: describe('read API') } });
  }
}

const describe = link => {
  const what = link === 'read API' ? 'Read API not reachable' : (words[link] ?? 'Changes arrive late');
  return asOf ? `${what}; showing data as of ${clock(asOf)}` : what;
};

/** Asks projector and write API, in this sequence, what is broken. */
async function find() {
  for (const [ask, name, address] of [
    [projector, 'projector', get().config.projector],
    [writeApi, 'relay', get().config.writeApi],
  ]) {
    if (!address) continue;
    try {
      const { body, status } = await ask('/health/lag', { anyStatus: true });
      if (status !== 200) return body?.checks?.find(check => check.status === 'unhealthy')?.detail;
    } catch {
      return `${name}: It does not answer.`;
    }
  }
  return null;
}
