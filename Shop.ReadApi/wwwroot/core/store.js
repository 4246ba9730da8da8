import { useEffect, useState } from './html.js';

/** What every view shares. All other state is in the address. */
let state = {
  config: {},
  freshness: { state: 'unknown' },
  live: 'off',
};

const listeners = new Set();

export const get = () => state;

export function set(change) {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

export function useStore(select) {
  const [value, setValue] = useState(() => select(state));
  useEffect(() => {
    const update = () => setValue(() => select(state));
    listeners.add(update);
    update();
    return () => listeners.delete(update);
  }, []);
  return value;
}
