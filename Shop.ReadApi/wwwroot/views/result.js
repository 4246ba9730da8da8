import { html } from '../core/html.js';
import { money, pieces } from '../core/format.js';
import { markPiece, Marked, Status, Time } from '../parts/status.js';
import { isMarked } from './results.js';

// Fields that a row shows anyway; a match elsewhere is quoted.
const shownFields = ['number', 'customer.name', 'lines.name'];
const names = {
  'customer.email': 'E-mail',
  'lines.sku': 'SKU',
  'lines.category': 'Category',
  note: 'Note',
  'shippingAddress.recipient': 'Recipient',
  'shippingAddress.street': 'Street',
  'shippingAddress.postalCode': 'Postal code',
  'shippingAddress.city': 'City',
  'shippingAddress.country': 'Country',
};

/** An order in two lines: number, customer, status, total and time; then products and what else matched. */
export function Result({ order, isOpen, open }) {
  const marks = order.highlights ?? {};
  const onClick = event => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(order.id);
  };
  const classes = ['result', isMarked(order) && 'changed', order.version % 2 ? 'odd' : 'even', order.isNew && 'fresh']
    .filter(Boolean)
    .join(' ');
  return html`
    <li class=${classes} aria-current=${isOpen ? 'true' : undefined}>
      <a href=${`/orders/${order.id}`} data-id=${order.id} onClick=${onClick}>
        <span class="code id"><${Marked} text=${order.number} fragments=${marks.number} /></span>
        <span class="who clip"><${Marked} text=${order.customer.name} fragments=${marks['customer.name']} /></span>
        <span class="state"><${Status} of=${order.status} /></span>
        <span class="total">${money(order.total)}</span>
        <span class="when"><${Time} at=${order.placedAt} /></span>
        <span class="products clip">
          ${order.lines.map(
            (line, index) => html`
            ${index > 0 && ' · '}${line.quantity > 1 && `${line.quantity} × `}<${Marked} text=${line.name}
              fragments=${marks['lines.name']} />`,
          )}
          ${Object.keys(marks)
            .filter(field => !shownFields.includes(field))
            .map(
              field => html`
            ${' · '}${names[field] ?? field}: <bdi dir="auto">${pieces(marks[field][0]).map(markPiece)}</bdi>`,
            )}
        </span>
      </a>
    </li>`;
}
