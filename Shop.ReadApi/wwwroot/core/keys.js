import { useEffect } from './html.js';

const isTyping = target => target.matches?.('input:not([type=checkbox]), select, textarea, [contenteditable]') ?? false;

/** Calls the handler of a key that is pressed outside of text fields; Escape counts everywhere. */
export function useKeys(handlers) {
  useEffect(() => {
    const onKey = event => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('dialog[open]')) return;
      if (event.key !== 'Escape' && isTyping(event.target)) return;
      const handler = handlers[event.key];
      if (handler && handler(event) !== false) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
