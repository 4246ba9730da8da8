import { html } from '../core/html.js';

const paths = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.3 10.3 14 14',
  close: 'M4 4l8 8M12 4l-8 8',
  person: 'M8 2.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4M3 13.5c.5-2.6 2.4-4 5-4s4.500 1.400 5 4',
  box: 'M2.500 5 8 2.200 13.500 5v6L8 13.800 2.500 11zM2.500 5 8 7.800 13.500 5M8 7.800v6',
  order: 'M3.500 2.500h9v11l-2.200-1.500L8 13.500 5.700 12l-2.200 1.500zM6 6h4M6 8.800h4',
  filter: 'M2.500 4h11M4.500 8h7M6.500 12h3',
  open: 'M9 3h4v4M13 3 7.500 8.500M11 9.500V13H3V5h3.500',
  back: 'M9.500 3.500 5 8l4.500 4.500',
  plus: 'M8 3v10M3 8h10',
  help: 'M8 1.800a6.200 6.200 0 1 1 0 12.400A6.200 6.200 0 0 1 8 1.800M6.200 6.300c.1-1.100.8-1.700 1.800-1.700s1.800.6 1.800 1.600c0 1.300-1.800 1.400-1.800 2.800M8 11.200v.2',
  check: 'M3 8.500 6.500 12 13 4.500',
};

export const Icon = ({ name, size = 16 }) => html`
  <svg width=${size} height=${size} viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${paths[name]} /></svg>`;

export const Mark = () => html`
  <svg width="20" height="20" viewBox="0 0 16 16" aria-hidden="true">
    <rect width="16" height="16" rx="4" fill="var(--accent)" />
    <path d="M4 6.500h8M4 9.500h5" stroke="var(--on-accent)" stroke-width="1.800" stroke-linecap="round" />
  </svg>`;
