import { html, useEffect, useState } from '../core/html.js';
import { exact, pieces, relative } from '../core/format.js';

export const statuses = ['placed', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded'];

export const title = word => word.charAt(0).toUpperCase() + word.slice(1).replaceAll('-', ' ');

export const Status = ({ of }) => html`<span class=${`badge ${of}`}>${title(of)}</span>`;

/** A time from now, with the exact one on hover and for screen readers. */
export function Time({ at }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick(count => count + 1), 30000);
    return () => clearInterval(timer);
  }, []);
  const whole = exact(at);
  return html`<time dateTime=${at} title=${whole}><span aria-hidden="true">${relative(at)}</span><span
    class="unseen">${whole}</span></time>`;
}

/** A text with its matches marked, if one of the fragments is of this text. */
export function Marked({ text, fragments = [] }) {
  const found = fragments.map(pieces).find(parts => parts.map(part => part.text).join('') === text);
  return html`<bdi dir="auto">${found ? found.map(markPiece) : text}</bdi>`;
}

export const markPiece = ({ text, isMatch }) => (isMatch ? html`<mark>${text}</mark>` : text);

/** What went wrong, in words, with what can be done. */
export const Trouble = ({ problem, retry }) => html`
  <div class="note bad" role="alert">
    <p><bdi dir="auto">${problem.message}</bdi></p>
    ${retry && html`<p style="margin-top:8px"><button class="button" onClick=${retry}>Try again</button></p>`}
  </div>`;

/** Lines that stand for what is being loaded; the style shows them after 150 ms. */
export const Ghosts = ({ count = 8 }) => html`
  <div role="status"><span class="unseen">Loading</span>
    ${Array.from(
      { length: count },
      (_, index) => html`
      <div class="ghost" aria-hidden="true" key=${index}>
        <span class="skeleton" style=${`width:${70 - ((index * 13) % 40)}%`}></span>
        <span class="skeleton" style=${`width:${45 + ((index * 17) % 35)}%`}></span>
      </div>`,
    )}
  </div>`;
