import { useEffect, useRef, useState } from '../core/html.js';
import { readApi } from '../core/api.js';
import { learn } from '../core/freshness.js';
import { forApi, sortOf } from '../core/query.js';

const pageSize = 40;
const longestRetryMs = 10000;
const markedMs = 2000;

/** The rows of the last search and where they were scrolled to, for whoever returns to it. */
export const kept = { key: null, state: null, scroll: 0 };

const keyOf = query => `${forApi(query)}&sort=${sortOf(query)}`;

/** The orders that match, page after page. What is shown stays until the next answer is here. */
export function useResults(query) {
  const key = keyOf(query);
  const [state, setState] = useState(() => (kept.key === key ? kept.state : { isLoading: true, items: [] }));
  const newest = useRef(key);
  newest.current = key;

  const update = change =>
    setState(previous => {
      const next = { ...previous, ...(typeof change === 'function' ? change(previous) : change) };
      Object.assign(kept, { key: newest.current, state: next });
      return next;
    });

  const load = async ({ cursor, signal }) => {
    update({ isLoading: true });
    const params = `${key}&size=${pageSize}&highlight=true${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    try {
      const { body } = await readApi(`/orders/search?${params}`, { signal });
      if (newest.current !== key) return true;
      learn(body.freshness);
      update(previous => ({
        isLoading: false,
        problem: null,
        waiting: 0,
        total: body.total,
        tookMs: body.tookMs,
        cursor: body.nextCursor,
        corrected: body.corrected,
        of: key,
        items: cursor ? append(previous.items, body.items) : body.items,
      }));
      return true;
    } catch (problem) {
      if (signal?.aborted || newest.current !== key) return true;
      update({ isLoading: false, problem });
      return !problem.isOutage;
    }
  };

  const reload = useRef();
  useEffect(() => {
    const abort = new AbortController();
    let timer;
    const attempt = async delay => {
      if ((await load({ signal: abort.signal })) || abort.signal.aborted) return;
      timer = setTimeout(() => attempt(Math.min(delay * 2, longestRetryMs)), delay);
    };
    reload.current = () => {
      clearTimeout(timer);
      attempt(1000);
    };
    if (state.of !== key || state.problem) attempt(1000);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key]);

  const isBusy = useRef(false);
  const loadMore = async () => {
    if (isBusy.current || !state.cursor || state.of !== key) return;
    isBusy.current = true;
    await load({ cursor: state.cursor });
    isBusy.current = false;
  };

  /** Takes over a changed order. New ones wait behind a button unless `isAtTop`. */
  const merge = (order, isAtTop) =>
    update(previous => {
      const index = previous.items.findIndex(item => item.id === order.id);
      if (index >= 0) {
        if (previous.items[index].version >= order.version) return {};
        const items = [...previous.items];
        items[index] = { ...order, highlights: items[index].highlights, changedAt: Date.now() };
        return { items };
      }
      const newestPlaced = previous.items.reduce(
        (latest, item) => (item.placedAt > latest ? item.placedAt : latest),
        '',
      );
      if (order.placedAt <= newestPlaced) return {};
      const total = previous.total && { ...previous.total, value: previous.total.value + 1 };
      return isAtTop && sortOf(query) === 'newest'
        ? { items: [{ ...order, isNew: true }, ...previous.items], total }
        : { waiting: (previous.waiting ?? 0) + 1 };
    });

  return { ...state, key, loadMore, reload: () => reload.current(), merge };
}

export const isMarked = order => order.changedAt !== undefined && Date.now() - order.changedAt < markedMs;

function append(items, more) {
  const known = new Set(items.map(item => item.id));
  return [...items, ...more.filter(item => !known.has(item.id))];
}

/**
 * Counts by status, category, country and currency, and by day; those by day ignore the chosen period. They come after
 * the results, which do not wait.
 */
export function useCounts(query, version) {
  const [counts, setCounts] = useState({ facets: {}, days: [] });
  const key = `${forApi(query)}`;
  const daysKey = `${forApi(query, { without: ['placed'] })}`;
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (params, facets) => {
      const { body } = await readApi(`/orders/search?${params}&size=1&facets=${facets}`, { signal: abort.signal });
      for (const name of body.estimatedFacets ?? []) for (const entry of body.facets[name]) entry.isEstimate = true;
      return body.facets;
    };
    const shown = 'status,category,country,currency';
    const counted =
      key === daysKey
        ? ask(key, `${shown},day`).then(facets => ({ facets, days: facets.day }))
        : Promise.all([ask(key, shown), ask(daysKey, 'day')]).then(([facets, { day }]) => ({ facets, days: day }));
    counted
      .then(({ facets, days }) => setCounts({ facets, days: days.map(({ value, count }) => ({ day: value, count })) }))
      .catch(() => {
        /* The results say what is wrong. */
      });
    return () => abort.abort();
  }, [key, version]);
  return counts;
}
