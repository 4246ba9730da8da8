import { html, useEffect, useLayoutEffect, useRef, useState } from '../core/html.js';
import { number } from '../core/format.js';
import { useKeys } from '../core/keys.js';
import { useLive } from '../core/live.js';
import { address, forApi, isFiltered, read, sortOf, withoutFilters } from '../core/query.js';
import { set, useStore } from '../core/store.js';
import { go } from '../core/url.js';
import { Chips, Filters } from '../parts/facets.js';
import { Histogram } from '../parts/histogram.js';
import { Icon } from '../parts/icons.js';
import { Ghosts, Trouble } from '../parts/status.js';
import { OrderView } from './order.js';
import { Result } from './result.js';
import { kept, useCounts, useResults } from './results.js';

const sorts = [
  ['relevance', 'Best match'],
  ['newest', 'Newest first'],
  ['oldest', 'Oldest first'],
  ['total', 'Highest total'],
];
const topPx = 200;
const countsDelayMs = 1500;
const sidePanel = matchMedia('(min-width: 1100px)');
const sideFilters = matchMedia('(min-width: 901px)');

/** `/`: search, filters, histogram and results; the order of `?order=` beside them, or instead of them. */
export function SearchView({ url }) {
  const query = read(url);
  const results = useResults(query);
  const [changes, touch] = useTouched();
  const counts = useCounts(query, changes);
  const isWide = useMedia(sidePanel);
  const hasFilters = useMedia(sideFilters);
  const change = next => go(address({ ...next, order: '' }));
  const open = (id, options) => go(address({ ...query, order: id }), options);
  const close = () => go(address({ ...query, order: '' }));

  useLive(forApi(query).toString(), {
    onOrder: order => {
      results.merge(order, scrollY < topPx);
      touch();
    },
    onReset: results.reload,
  });
  useOpenFirst(results, open);
  useRowKeys(query, isWide, open);
  useKeys({ Escape: () => (query.order ? close() : false) });

  if (query.order && !isWide) return html`<${OrderView} id=${query.order} close=${close} />`;

  return html`
    <div class=${`page search ${query.order ? 'open' : ''}`}>
      ${hasFilters && html`<${Filters} query=${query} counts=${counts.facets} change=${change} />`}
      <div>
        <${Summary} query=${query} results=${results} change=${change} sheet=${
          !hasFilters &&
          html`
          <${Filters} query=${query} counts=${counts.facets} change=${change} />`
        } />
        <${Chips} query=${query} change=${change} />
        <${Histogram} days=${counts.days} from=${query.from} to=${query.to}
          select=${range => change({ ...query, ...range })} />
        <${Results} query=${query} results=${results} open=${open} change=${change} />
      </div>
      ${
        query.order &&
        html`
        <aside class="panel" aria-label="Order"><${OrderView} id=${query.order} close=${close} isPanel /></aside>`
      }
    </div>`;
}

function Summary({ query, results, change, sheet }) {
  const dialog = useRef();
  const { total } = results;
  const count = total
    ? `${total.relation === 'gte' ? 'At least ' : ''}${number(total.value)} ${total.value === 1 ? 'order' : 'orders'}`
    : 'Orders';
  return html`
    <div class="summary">
      <h1 aria-live="polite">${count}</h1>
      <span class="soft small grow took">
        ${results.tookMs !== undefined && `found in ${number(Math.round(results.tookMs))} ms`}</span>
      ${sheet && html`<button class="button" onClick=${() => dialog.current.showModal()}><${Icon}
        name="filter" />Filters</button>`}
      <select class="input" aria-label="Sort" value=${sortOf(query)}
        onChange=${event => change({ ...query, sort: event.target.value })}>
        ${sorts
          .filter(([name]) => name !== 'relevance' || query.q.trim())
          .map(
            ([name, label]) => html`
          <option key=${name} value=${name}>${label}</option>`,
          )}
      </select>
      ${
        sheet &&
        html`
        <dialog class="sheet" ref=${dialog} aria-label="Filters">
          ${sheet}
          <p class="end"><button class="button primary"
            onClick=${() => dialog.current.close()}>Show ${count}</button></p>
        </dialog>`
      }
    </div>
    ${results.corrected && html`
      <p class="soft">
        Nothing has exactly these words. These are results for <b><bdi>${results.corrected}</bdi></b>.</p>`}`;
}

function Results({ query, results, open, change }) {
  const { items, isLoading, problem, waiting } = results;
  const tail = useRef();
  const latest = useRef();
  latest.current = results.loadMore;

  useLayoutEffect(() => {
    scrollTo(0, kept.key === results.key ? kept.scroll : 0);
    const save = () => {
      kept.scroll = scrollY;
    };
    addEventListener('scroll', save, { passive: true });
    return () => removeEventListener('scroll', save);
  }, [results.key]);

  useEffect(() => {
    const observer = new IntersectionObserver(
      entries => entries.some(entry => entry.isIntersecting) && latest.current(),
      { rootMargin: '800px' },
    );
    observer.observe(tail.current);
    return () => observer.disconnect();
  }, [items.length]);

  const showWaiting = () => {
    scrollTo(0, 0);
    results.reload();
  };

  return html`
    ${problem && html`<${Trouble} problem=${problem} retry=${results.reload} />`}
    ${problem && items.length > 0 && results.of !== results.key && html`
      <p class="soft">These are still the results of the search before.</p>`}
    ${
      waiting > 0 &&
      html`
      <div class="fresh-orders" role="status"><button class="button"
        onClick=${showWaiting}>${number(waiting)} new ${waiting === 1 ? 'order' : 'orders'}</button></div>`
    }
    <ul class="results" role="list" aria-label="Orders" aria-busy=${String(Boolean(isLoading))}>
      ${items.map(
        order => html`
        <${Result} key=${order.id} order=${order} isOpen=${query.order === order.id} open=${open} />`,
      )}
    </ul>
    ${items.length === 0 && isLoading && html`<${Ghosts} />`}
    ${items.length === 0 && !isLoading && !problem && html`<${Nothing} query=${query} change=${change} />`}
    <div class="tail small"
      ref=${tail}>${items.length > 0 && !results.cursor && !isLoading && items.length > 12 && 'That is all.'}</div>`;
}

const Nothing = ({ query, change }) => html`
  <div class="empty">
    <p><b>No order matches.</b></p>
    ${query.q && html`<p>All words must match; the last one may be unfinished. A word with - in front is excluded.</p>`}
    <div class="row">
      ${isFiltered(query) && html`<button class="button"
        onClick=${() => change(withoutFilters(query))}>Remove filters</button>`}
      ${query.q && html`<button class="button" onClick=${() => change({ ...query, q: '' })}>Clear search</button>`}
      ${!query.q && !isFiltered(query) && html`<a class="button primary" href="/new">Place the first order</a>`}
    </div>
  </div>`;

/** Enter in the search box opens the first result of what was typed, once it is here. */
function useOpenFirst(results, open) {
  const isAsked = useStore(store => store.openFirst ?? false);
  useEffect(() => {
    if (!isAsked || results.isLoading || results.of !== results.key) return;
    set({ openFirst: false });
    if (results.items[0]) {
      open(results.items[0].id);
      document.activeElement?.blur();
    }
  }, [isAsked, results.isLoading, results.of]);
}

function useRowKeys(query, isWide, open) {
  const move = step => {
    const rows = [...document.querySelectorAll('.result > a')];
    const at = rows.findIndex(row => row === document.activeElement || row.parentNode.hasAttribute('aria-current'));
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
    if (row && query.order && isWide) open(row.dataset.id, { replace: true });
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: event => (event.target.closest('.result') ? move(1) : false),
    ArrowUp: event => (event.target.closest('.result') ? move(-1) : false),
    o: () => (document.activeElement.matches('.result > a') ? document.activeElement.click() : false),
  });
}

/** A number that grows a moment after changes, so that the counts are not read for each of them. */
function useTouched() {
  const [count, setCount] = useState(0);
  const timer = useRef(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  const touch = () => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      setCount(previous => previous + 1);
    }, countsDelayMs);
  };
  return [count, touch];
}

function useMedia(media) {
  const [matches, setMatches] = useState(media.matches);
  useEffect(() => {
    const update = () => setMatches(media.matches);
    media.addEventListener('change', update);
    return () => media.removeEventListener('change', update);
  }, []);
  return matches;
}
