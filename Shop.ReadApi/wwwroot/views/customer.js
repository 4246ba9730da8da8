import { html, useEffect, useState } from '../core/html.js';
import { readApi } from '../core/api.js';
import { country, money, number } from '../core/format.js';
import { useLive } from '../core/live.js';
import { address } from '../core/query.js';
import { go } from '../core/url.js';
import { Ghosts, Time, Trouble } from '../parts/status.js';
import { Result } from './result.js';

const pageSize = 50;

/** `/customers/ID`: who it is, what they spent, and their orders. */
export default function CustomerView({ id }) {
  const [customer, setCustomer] = useState(null);
  const [orders, setOrders] = useState(null);
  const [problem, setProblem] = useState(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => scrollTo(0, 0), [id]);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    setProblem(null);
    const fail = error => {
      if (!signal.aborted) setProblem(error);
    };
    readApi(`/orders/search?customerId=${id}&sort=newest&size=${pageSize}`, { signal })
      .then(({ body }) => setOrders(body))
      .catch(fail);
    readApi(`/customers/${id}`, { signal })
      .then(({ body }) => setCustomer(body))
      .catch(fail);
    return () => abort.abort();
  }, [id, attempt]);
  const reload = () => setAttempt(count => count + 1);
  useLive(`customerId=${id}`, { onOrder: reload, onReset: reload });
  // An order names its customer before the customer's own record is there.
  const known = customer ?? orders?.items[0]?.customer;

  const open = order => go(`/orders/${order}`);
  return html`
    <div class="page narrow stack">
      ${problem && (problem.status !== 404 || (orders && !known)) && html`<${Trouble} problem=${problem}
        retry=${problem.isOutage ? reload : undefined} />`}
      ${known ? html`<${Facts} customer=${known} />` : !problem && html`<${Ghosts} count=${2} />`}
      ${
        orders &&
        html`
        <div class="row"><h2
          class="grow">${number(orders.total.value)} ${orders.total.value === 1 ? 'order' : 'orders'}</h2>
          <a href=${address({ filters: { customerId: [id] } })}>Search in these</a>
          <a class="button" href=${`/new?customer=${id}`}>New order</a></div>
        <ul class="results" role="list" aria-label="Orders of the customer">
          ${orders.items.map(order => html`<${Result} key=${order.id} order=${order} open=${open} />`)}
        </ul>`
      }
    </div>`;
}

function Facts({ customer }) {
  const spent = customer.spent ?? [];
  return html`
    <header class="stack">
      <div><h1><bdi dir="auto">${customer.name}</bdi></h1>
        <p class="soft">
          <a href=${`mailto:${customer.email}`}><bdi>${customer.email}</bdi></a>
          ${customer.country && ` · ${country(customer.country)}`}</p></div>
      <div class="figures">
        ${customer.orders !== undefined && html`<div><b>${number(customer.orders)}</b><span
          class="soft small">orders</span></div>`}
        ${spent.map(amount => html`<div key=${amount.currency}><b>${money(amount)}</b><span
          class="soft small">spent</span></div>`)}
        ${customer.firstOrderAt && html`<div><b><${Time} at=${customer.firstOrderAt} /></b><span
          class="soft small">first order</span></div>`}
        ${customer.lastOrderAt && html`<div><b><${Time} at=${customer.lastOrderAt} /></b><span
          class="soft small">last order</span></div>`}
      </div>
    </header>`;
}
