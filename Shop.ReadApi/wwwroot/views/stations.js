import { useEffect, useRef, useState } from '../core/html.js';
import { projector, readApi, writeApi } from '../core/api.js';
import { duration, ms, number } from '../core/format.js';

const intervalMs = 1000;
const samples = 60;

/** Looks at every service once a second, and keeps the rates of the last minute. */
export function usePipeline() {
  const [pipeline, setPipeline] = useState({ now: null, rates: {} });
  const look = useRef();
  useEffect(() => {
    const abort = new AbortController();
    let timer;
    look.current = async () => {
      clearTimeout(timer);
      if (!document.hidden) {
        const now = await observe(abort.signal);
        if (abort.signal.aborted) return;
        setPipeline(({ now: before, rates }) => ({ now, rates: advance(rates, before, now) }));
      }
      timer = setTimeout(look.current, intervalMs);
    };
    look.current();
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, []);
  return { ...pipeline, refresh: () => look.current() };
}

async function observe(signal) {
  const ask = (api, path) => api(path, { signal, anyStatus: true }).catch(problem => ({ problem }));
  const [relay, write, status, lag, rebuild, read] = await Promise.all([
    ask(writeApi, '/relay'),
    ask(writeApi, '/health/lag'),
    ask(projector, '/status'),
    ask(projector, '/health/lag'),
    ask(projector, '/rebuild'),
    ask(readApi, '/health/lag'),
  ]);
  return {
    at: Date.now(),
    relay: relay.status === 200 ? relay.body : null,
    status: status.status === 200 ? status.body : null,
    rebuild: rebuild.status === 200 ? rebuild.body : null,
    isRefused: [relay, status].some(({ status: code }) => code === 401 || code === 403),
    lagSeconds: read.body?.checks?.[0]?.data?.lagSeconds,
    problems: {
      write: write.problem && 'The write API does not answer. Commands fail; searches still work.',
      relay: sick(write),
      projector: lag.problem && 'The projector does not answer. Searches show data as of when it stopped.',
      lag: sick(lag),
      read: read.problem ? 'The read API does not answer.' : sick(read),
    },
  };
}

const sick = ({ status, body }) =>
  status === 200 ? null : (body?.checks?.find(check => check.status === 'unhealthy')?.detail ?? null);

const counters = {
  Outbox: now => now.relay?.published?.count,
  Relay: now => now.relay?.published?.count,
  Kafka: now => now.status?.partitions?.reduce((sum, { end }) => sum + (end ?? 0), 0),
  Projector: now => now.status?.projected?.count,
  'Read store': now => now.status?.searchable?.count,
};

function advance(rates, before, now) {
  const seconds = before ? (now.at - before.at) / 1000 : 0;
  return Object.fromEntries(
    Object.entries(counters).map(([name, count]) => {
      const [last, current] = [before && count(before), count(now)];
      const rate =
        seconds > 0 && last !== undefined && current !== undefined ? Math.max(0, (current - last) / seconds) : 0;
      return [name, [...(rates[name] ?? []), rate].slice(-samples)];
    }),
  );
}

/** The five stations with their figures, and what is wrong in words. */
export function stationsOf({ now, rates }) {
  const { relay, status, problems } = now;
  const starts = (text, ...links) =>
    links.some(link => text?.startsWith(`${link}:`)) ? text.replace(/^[\w ]+: /, '') : null;
  const rateOf = name => rates[name]?.at(-1) ?? 0;
  const perSecond = name => number(rateOf(name) < 10 ? Math.round(rateOf(name) * 10) / 10 : Math.round(rateOf(name)));
  const station = (name, what, figure, unit, facts, problem) => ({
    name,
    what,
    figure,
    unit,
    facts,
    problem,
    rates: rates[name] ?? [],
    isFlowing: rateOf(name) > 0,
  });
  return [
    station(
      'Outbox',
      'Committed with each order',
      relay ? duration(relay.lagSeconds) : '–',
      'since all was published',
      [['Unconfirmed log', relay ? `${number(relay.lagBytes)} B` : '–']],
      problems.write || starts(problems.relay, 'write database'),
    ),
    station(
      'Relay',
      'Logical replication, in order',
      perSecond('Relay'),
      'events a second',
      [
        ['Published', relay ? number(relay.published.count) : '–'],
        ['Median', relay?.published?.medianMs != null ? ms(relay.published.medianMs) : '–'],
      ],
      starts(problems.relay, 'relay', 'relay or broker') ||
        starts(problems.lag, 'relay') ||
        starts(problems.read, 'relay'),
    ),
    station(
      'Kafka',
      'Topic shop.orders.v1',
      status ? number(status.lag.events) : '–',
      'records waiting',
      [['With heartbeats', `${perSecond('Kafka')} a second`]],
      starts(problems.relay, 'broker') || starts(problems.lag, 'broker'),
    ),
    station(
      'Projector',
      'Newest version of each order',
      perSecond('Projector'),
      'events a second',
      [
        ['Projected', status ? number(status.projected.count) : '–'],
        ['Dead letters', status ? number(status.deadLetters) : '–'],
      ],
      problems.projector || starts(problems.lag, 'projector', 'reconciliation') || starts(problems.read, 'projector'),
    ),
    station(
      'Read store',
      'Documents, guarded by version',
      now.lagSeconds !== undefined ? duration(now.lagSeconds) : '–',
      'behind',
      [
        ['Searchable', status ? number(status.searchable.count) : '–'],
        ['Median', status?.searchable?.medianMs != null ? ms(status.searchable.medianMs) : '–'],
      ],
      starts(problems.lag, 'store') ||
        starts(problems.read, 'store') ||
        (problems.read?.startsWith('The read API') ? problems.read : null),
    ),
  ];
}
