import { projector, readApi, writeApi } from './api.js';
import { may } from './auth.js';
import { get } from './store.js';

const waitMs = 10000;
const attempts = 8;
const pauseMs = 150;

/**
 * Follows an order's version until a search finds it. `report` gets the hops as they become known:
 * committed (the command's round trip, measured here), published, projected and searchable (measured by relay and
 * projector, from the commit), and seen (from the command's answer until the read API had it, measured here).
 */
export async function follow({ id, version, committedMs }, report, signal) {
  const hops = { committed: { ms: committedMs }, published: {}, projected: {}, searchable: {} };
  report({ ...hops });
  const started = performance.now();
  const measuring = measure({ id, version }, change => report({ ...Object.assign(hops, change) }), signal);
  const { body } = await readApi(`/orders/${id}?waitFor=${id}:${version}&waitTimeoutMs=${waitMs}`, { signal });
  hops.seen = { ms: performance.now() - started };
  hops.searchable = { isDone: true, ...hops.searchable };
  report({ ...hops });
  await measuring;
  for (const name of ['published', 'projected', 'searchable']) hops[name] = { isDone: true, ...hops[name] };
  report({ ...hops });
  return body;
}

async function measure({ id, version }, report, signal) {
  const of = recent => recent?.order?.find(event => event.version === version)?.sinceCommitMs;
  if (!may('operator')) return;
  const sources = [
    [writeApi, `/relay?order=${id}`, 'writeApi', body => ({ published: of(body?.published) })],
    [
      projector,
      `/status?order=${id}`,
      'projector',
      body => ({ projected: of(body?.projected), searchable: of(body?.searchable) }),
    ],
  ];
  await Promise.all(
    sources
      .filter(([, , part]) => get().config[part])
      .map(async ([ask, path, , read]) => {
        for (let attempt = 0; attempt < attempts && !signal?.aborted; attempt++) {
          try {
            const found = Object.entries(read((await ask(path, { signal })).body));
            const known = found.filter(([, ms]) => ms !== undefined);
            if (known.length > 0) report(Object.fromEntries(known.map(([name, ms]) => [name, { ms }])));
            if (known.length === found.length) return;
          } catch {
            return; // Another replica: the hop stays without a figure.
          }
          await new Promise(resolve => setTimeout(resolve, pauseMs));
        }
      }),
  );
}
