import { h } from '../lib/preact.js';
import htm from '../lib/htm.js';

export { render } from '../lib/preact.js';
export * from '../lib/hooks.js';

/** Tagged templates become elements; values become text nodes and attributes, never markup. */
export const html = htm.bind(h);
