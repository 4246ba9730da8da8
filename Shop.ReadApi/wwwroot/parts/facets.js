import { html, useState } from '../core/html.js';
import { country, day, number } from '../core/format.js';
import { isFiltered, toggled, withoutFilters } from '../core/query.js';
import { Icon } from './icons.js';
import { Status, statuses, title } from './status.js';

const shown = 8;

const facets = [
  { name: 'status', title: 'Status', label: value => html`<${Status} of=${value} />` },
  { name: 'category', title: 'Category', label: value => html`<bdi>${value}</bdi>` },
  { name: 'country', title: 'Country', label: country },
  { name: 'currency', title: 'Currency', label: value => value },
];

/** Checkboxes with counts that ignore their own filter. */
export const Filters = ({ query, counts, change }) => html`
  <div class="filters">
    <fieldset class="facet">
      <legend>Placed</legend>
      <div class="pair">
        ${[
          ['from', 'From', { max: query.to }],
          ['to', 'Until', { min: query.from }],
        ].map(
          ([name, label, limits]) => html`
          <label key=${name} for=${`placed-${name}`}>${label}</label>
          <input class="input" type="date" id=${`placed-${name}`} value=${query[name]} ...${limits}
            onChange=${event => change({ ...query, [name]: event.target.value })} />`,
        )}
      </div>
    </fieldset>
    ${facets.map(
      facet => html`
      <${Facet} key=${facet.name} ...${facet} values=${valuesOf(facet, query, counts)}
        chosen=${query.filters[facet.name]}
        toggle=${value => change(toggled(query, facet.name, value))} />`,
    )}
  </div>`;

function Facet({ title: heading, label, values, chosen, toggle }) {
  const [isWhole, setWhole] = useState(false);
  if (values.length === 0) return null;
  const visible = isWhole ? values : values.slice(0, shown);
  return html`
    <fieldset class="facet">
      <legend>${heading}</legend>
      ${visible.map(
        ({ value, count, isEstimate }) => html`
        <label key=${value} class=${count === 0 ? 'none' : ''}>
          <input type="checkbox" checked=${chosen.includes(value)} onChange=${() => toggle(value)} />
          <span class="clip">${label(value)}</span><span>${isEstimate ? '≈ ' : ''}${count === undefined ? '' : number(count)}</span>
        </label>`,
      )}
      ${
        values.length > shown &&
        html`
        <button class="button quiet" onClick=${() => setWhole(!isWhole)}>
          ${isWhole ? 'Fewer' : `${values.length - shown} more`}</button>`
      }
    </fieldset>`;
}

/** Every status has its place; of the others, what is found and what is chosen. */
function valuesOf({ name }, query, counts) {
  const found = counts[name] ?? [];
  // What the sample of an estimate does not have may be there all the same.
  const isKnown = found.length > 0 && !found.some(entry => entry.isEstimate);
  const none = value => ({ value, count: isKnown ? 0 : undefined });
  const entryOf = value => found.find(entry => entry.value === value);
  if (name === 'status') return statuses.map(value => entryOf(value) ?? none(value));
  return [...query.filters[name].filter(value => !entryOf(value)).map(none), ...found];
}

/** The active filters, each of which a click removes. */
export function Chips({ query, change }) {
  if (!isFiltered(query)) return null;
  const chips = [
    ...Object.entries(query.filters).flatMap(([name, values]) =>
      values.map(value => ({
        key: `${name} ${value}`,
        text: describe(name, value),
        remove: () => change(toggled(query, name, value)),
      })),
    ),
    ...(query.from || query.to
      ? [{ key: 'placed', text: describeRange(query), remove: () => change({ ...query, from: '', to: '' }) }]
      : []),
  ];
  return html`
    <div class="chips" role="group" aria-label="Active filters">
      ${chips.map(
        ({ key, text, remove }) => html`
        <button class="chip" key=${key} onClick=${remove} aria-label=${`Remove filter ${text}`}>
          <bdi class="clip">${text}</bdi><${Icon} name="close" size="14" />
        </button>`,
      )}
      <button class="button quiet" onClick=${() => change(withoutFilters(query))}>Clear</button>
    </div>`;
}

const describe = (name, value) =>
  ({
    status: title(value),
    country: country(value),
    sku: `SKU ${value}`,
    customerId: 'One customer',
  })[name] ?? value;

const describeRange = ({ from, to }) =>
  from && to
    ? from === to
      ? day(from)
      : `${day(from)} – ${day(to)}`
    : from
      ? `From ${day(from)}`
      : `Until ${day(to)}`;
