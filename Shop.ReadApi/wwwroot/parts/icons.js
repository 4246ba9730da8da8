import { html } from '../core/html.js';

const paths = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.3 10.3 14 14',
  close: 'M4 4l8 8M12 4l-8 8',
  person: 'M8 2.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4M3 13.5c.5-2.6 2.4-4 5-4s4.5 1.4 5 4',
  box: 'M2.5 5 8 2.2 13.5 5v6L8 13.8 2.5 11zM2.5 5 8 7.8 13.5 5M8 7.8v6',
  order: 'M3.5 2.5h9v11l-2.2-1.5L8 13.5 5.7 12l-2.2 1.5zM6 6h4M6 8.8h4',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  open: 'M9 3h4v4M13 3 7.5 8.5M11 9.5V13H3V5h3.5',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  plus: 'M8 3v10M3 8h10',
  help:
    'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M6.2 6.3c.1-1.1.8-1.7 1.8-1.7s1.8.6 1.8 1.6' +
    'c0 1.3-1.8 1.4-1.8 2.8M8 11.2v.2',
  check: 'M3 8.5 6.5 12 13 4.5',
};

export const Icon = ({ name, size = 16 }) => html`
  <svg width=${size} height=${size} viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${paths[name]} /></svg>`;

export const Mark = () => html`
  <svg width="20" height="20" viewBox="0 0 16 16" aria-hidden="true">
    <rect width="16" height="16" rx="4" fill="var(--accent)" />
    <path d="M4 6.5h8M4 9.5h5" stroke="var(--on-accent)" stroke-width="1.8" stroke-linecap="round" />
  </svg>`;
