import { useEffect, useState } from '../core/html.js';
import { readApi } from '../core/api.js';

const delayMs = 120;
const icons = { customer: 'person', product: 'box', order: 'order' };

/** Suggestions for what is typed: [{key, text, icon, note, kind, id}]; the newest text's, or none. */
export function useSuggestions(text, kinds = ['customer', 'product', 'order']) {
  const [options, setOptions] = useState([]);
  useEffect(() => {
    if (text.trim() === '') {
      setOptions([]);
      return undefined;
    }
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { body } = await readApi(`/orders/suggest?limit=8&q=${encodeURIComponent(text)}`, {
          signal: abort.signal,
        });
        setOptions(body.suggestions.filter(({ kind }) => kinds.includes(kind)).map(toOption));
      } catch {
        if (!abort.signal.aborted) setOptions([]);
      }
    }, delayMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return options;
}

const toOption = ({ kind, text, id }) => ({ kind, id, text, key: `${kind} ${id}`, icon: icons[kind], note: kind });
