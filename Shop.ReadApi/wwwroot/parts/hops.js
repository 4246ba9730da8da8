import { html } from '../core/html.js';
import { ms } from '../core/format.js';

const names = {
  committed: 'The command, from click to answer, measured by this page',
  published: 'From the commit to the broker’s acknowledgement, measured by the relay',
  projected: 'From the commit until the read store had it, measured by the projector',
  searchable: 'From the commit until a search finds it, measured by the projector',
};

/** The way of a change from the click to the search, with the milliseconds that were measured. */
export const Hops = ({ hops }) => html`
  <ol class="hops" role="list" aria-label="The way of this change">
    ${Object.keys(names).map(name => {
      const { ms: took, isDone } = hops[name] ?? {};
      const isPast = took !== undefined || isDone;
      return html`
        <li key=${name} class=${isPast ? 'done' : ''} title=${names[name]}>
          <b>${took !== undefined ? ms(took) : isDone ? 'done' : '…'}</b><span>${name}</span>
        </li>`;
    })}
  </ol>`;
