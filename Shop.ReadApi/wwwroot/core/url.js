import { useEffect, useState } from './html.js';

const listeners = new Set();

export const here = () => location.pathname + location.search;

/** Shows another address. The previous one stays in the history unless `replace` is set. */
export function go(url, { replace = false } = {}) {
  if (url === here()) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
  notify();
}

export function useAddress() {
  const [address, setAddress] = useState(here);
  useEffect(() => {
    const update = () => setAddress(here());
    listeners.add(update);
    update();
    return () => listeners.delete(update);
  }, []);
  return new URL(address, location.origin);
}

/** Links to the page's own addresses are followed without loading the document again. */
export function followLinks() {
  history.scrollRestoration = 'manual';
  addEventListener('popstate', notify);
  document.addEventListener('click', event => {
    const link = event.target.closest?.('a[href]');
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented || link.target || link.origin !== location.origin) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

function notify() {
  for (const listener of listeners) listener();
}
