import { useEffect, useRef, useState } from '../core/html.js';
import { projector, readApi, writeApi } from '../core/api.js';
import { may } from '../core/auth.js';
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
  const isOperator = may('operator');
  const askAsOperator = (api, path) => (isOperator ? ask(api, path) : {});
  const [relay, write, status, lag, rebuild, read] = await Promise.all([
    askAsOperator(writeApi, '/relay'),
    ask(writeApi, '/health/lag'),
    askAsOperator(projector, '/status'),
    ask(projector, '/health/lag'),
    askAsOperator(projector, '/rebuild'),
    ask(readApi, '/health/lag'),
  ]);
  return {
    at: Date.now(),
    relay: relay.status === 200 ? relay.body : null,
    status: status.status === 200 ? status.body : null,
    rebuild: rebuild.status === 200 ? rebuild.body : null,
    isRefused: !isOperator || [relay, status].some(({ status: code }) => code === 401 || code === 403),
    lagSeconds: read.body?.checks?.[0]?.data?.lagSeconds,
    problems: {
      write: write.problem && 'The write API does not answer. Commands fail; searches still work.',
      relay: sick(write),
      projector: lag.problem && 'The projector does not answer. Searches show data as of when it stopped.',
      lag: sick(lag),
      read: sick(read),
      readApi: read.problem && 'The read API does not answer.',
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
  const rateOf = name => rates[name]?.at(-1) ?? 0;
  const rounded = rate => (rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate));
  const perSecond = name => (counters[name](now) === undefined ? '–' : number(rounded(rateOf(name))));
  const count = value => (value === undefined ? '–' : number(value));
  const median = recent => (recent?.medianMs == null ? '–' : ms(recent.medianMs));
  const stations = [
    {
      name: 'Outbox', what: 'Committed with each order',
      figure: relay ? duration(relay.lagSeconds) : '–', unit: 'since all was published',
      facts: [['Unconfirmed log', relay ? `${number(relay.lagBytes)} B` : '–']],
      problem: problems.write || reason('write database', problems.relay),
    },
    {
      name: 'Relay', what: 'Logical replication, in order',
      figure: perSecond('Relay'), unit: 'events a second',
      facts: [['Published', count(relay?.published.count)], ['Median', median(relay?.published)]],
      problem: reason('relay', problems.relay, problems.lag, problems.read),
      isUnknown: Boolean(problems.write), // It runs in the write API.
    },
    {
      name: 'Kafka', what: 'Topic shop.orders.v1',
      figure: count(status?.lag.events), unit: 'records waiting',
      facts: [['With heartbeats', `${perSecond('Kafka')} a second`]],
      problem: reason('broker', problems.relay, problems.lag),
      isUnknown: Boolean(problems.write && problems.projector),
    },
    {
      name: 'Projector', what: 'Newest version of each order',
      figure: perSecond('Projector'), unit: 'events a second',
      facts: [['Projected', count(status?.projected.count)], ['Dead letters', count(status?.deadLetters)]],
      problem: problems.projector || reason('projector', problems.lag, problems.read) ||
        reason('reconciliation', problems.lag),
    },
    {
      name: 'Read store', what: 'Documents, guarded by version',
      figure: now.lagSeconds === undefined ? '–' : duration(now.lagSeconds), unit: 'behind',
      facts: [['Searchable', count(status?.searchable.count)], ['Median', median(status?.searchable)]],
      problem: reason('store', problems.lag, problems.read) || problems.readApi,
    },
  ];
  return stations.map(station =>
    ({ ...station, rates: rates[station.name] ?? [], isFlowing: rateOf(station.name) > 0 }));
}

/** What a health check says of a link: its detail begins with the link's name. */
function reason(link, ...details) {
  const detail = details.find(text => text?.startsWith(link));
  return detail ? detail.replace(/^[\w ]+: /, '') : null;
}
