import { html, useEffect, useRef, useState } from '../core/html.js';
import { readApi } from '../core/api.js';
import { country, exact, money, number } from '../core/format.js';
import { useLive } from '../core/live.js';
import { useStore } from '../core/store.js';
import { Commands } from '../parts/commands.js';
import { Icon } from '../parts/icons.js';
import { Ghosts, Status, Time, title, Trouble } from '../parts/status.js';

const retryMs = 3000;

/** `/orders/ID`, and the panel beside the results. */
export function OrderView({ id, close, isPanel }) {
  const { order, problem, setOrder, reload } = useOrder(id);
  const heading = useRef();
  useEffect(() => {
    if (!isPanel) scrollTo(0, 0);
  }, []);
  useEffect(() => {
    if (order && !isPanel) document.title = `${order.number} · Shop`;
  }, [order?.number]);

  if (problem && !order)
    return html`<div class=${isPanel ? 'order' : 'page alone'}>
    <${Close} close=${close} /><${Trouble} problem=${problem} retry=${problem.isOutage ? reload : undefined} /></div>`;
  if (!order) return html`<div class=${isPanel ? 'order' : 'page alone'}><${Ghosts} count=${6} /></div>`;

  return html`
    <article class=${isPanel ? 'order' : 'page alone order'} aria-label=${`Order ${order.number}`}>
      <header>
        <div class="row">
          <h1 class="grow" ref=${heading}>${order.number}</h1>
          ${isPanel && html`<a class="button quiet" href=${`/orders/${id}`} aria-label="Open alone"
            title="Open alone"><${Icon} name="open" /></a>`}
          <${Close} close=${close} />
        </div>
        <div class="row wrap"><${Status} of=${order.status} /><span class="soft">placed <${Time}
          at=${order.placedAt} /></span></div>
        <p><a href=${`/customers/${order.customer.id}`}><bdi dir="auto">${order.customer.name}</bdi></a>${' '}<span
          class="soft"><bdi>${order.customer.email}</bdi></span></p>
      </header>
      ${problem && html`<${Trouble} problem=${problem} />`}
      <${Commands} order=${order} onChanged=${setOrder} />
      <${Lines} order=${order} />
      ${order.note && html`<section><h2>Note</h2><p class="note"><bdi dir="auto">${order.note}</bdi></p></section>`}
      <${Shipping} order=${order} />
      <section>
        <h2>Timeline</h2>
        <ol class="timeline" role="list">
          ${order.timeline.map(
            entry => html`
            <li key=${entry.version}><span>${title(entry.type)}${entry.by && html`<span
              class="soft small"> by <bdi>${`${entry.by.subject}, ${entry.by.role}`}</bdi></span>`}</span>
              <time dateTime=${entry.at}>${exact(entry.at)}</time></li>`,
          )}
        </ol>
      </section>
      <${Origin} order=${order} />
    </article>`;
}

const Close = ({ close }) =>
  close &&
  html`
  <button class="button quiet" onClick=${close} aria-label="Close order" title="Close (Esc)"><${Icon}
    name="close" /></button>`;

const Lines = ({ order }) => html`
  <section>
    <h2>Lines</h2>
    <table class="lines">
      <thead class="unseen"><tr><th>Product</th><th>Quantity</th><th>Amount</th></tr></thead>
      <tbody>
        ${order.lines.map(
          (line, index) => html`
          <tr key=${index}>
            <td><bdi dir="auto">${line.name}</bdi><div class="soft small"><bdi class="code">${line.sku}</bdi> · <bdi
              dir="auto">${line.category}</bdi></div></td>
            <td class="number soft">${number(line.quantity)} × ${money(line.unitPrice)}</td>
            <td class="number">${money({ ...line.unitPrice, amount: line.unitPrice.amount * line.quantity })}</td>
          </tr>`,
        )}
      </tbody>
      <tfoot>
        ${amountsOf(order).map(
          ([name, amount]) => html`
          <tr key=${name}><th colSpan="2" scope="row">${name}</th><td class="number">${money(amount)}</td></tr>`,
        )}
      </tfoot>
    </table>
  </section>`;

function amountsOf({ total, paid, refunded }) {
  const rows = [['Total', total]];
  if (paid) rows.push(['Paid', paid]);
  if (refunded?.amount > 0) {
    rows.push(['Refunded', refunded]);
    if (paid) rows.push(['Left', { ...paid, amount: paid.amount - refunded.amount }]);
  }
  return rows;
}

const Shipping = ({ order: { shippingAddress: to, shipment } }) => html`
  <section>
    <h2>Shipping</h2>
    <address>
      ${[to.recipient, to.street, `${to.postalCode} ${to.city}`.trim(), country(to.country)].map(
        (line, index) => html`
        <div key=${index}><bdi dir="auto">${line}</bdi></div>`,
      )}
    </address>
    ${shipment && html`<p><bdi>${shipment.carrier}</bdi> <bdi class="code">${shipment.trackingNumber}</bdi></p>`}
  </section>`;

function Origin({ order }) {
  const dashboard = useStore(store => store.config.dashboard);
  const traces = `${dashboard}/traces?filters=${encodeURIComponent(`messaging.kafka.message.key:equals:${order.id}`)}`;
  return html`
    <dl class="facts small">
      <dt>Id</dt><dd class="code">${order.id}</dd>
      <dt>Version</dt><dd>${order.version}, <${Time} at=${order.updatedAt} /></dd>
      ${dashboard && html`<dt>Traces</dt><dd><a href=${traces} target="_blank"
        rel="noreferrer">Show this order’s traces in the dashboard</a></dd>`}
    </dl>`;
}

/** The order as the read side has it. An outage is tried again until it ends. */
function useOrder(id) {
  const [state, setState] = useState({});
  const [attempt, setAttempt] = useState(0);
  const changed = useStore(store => store.changed);
  useEffect(() => {
    const abort = new AbortController();
    let timer;
    readApi(`/orders/${id}`, { signal: abort.signal })
      .then(({ body }) => setState({ id, order: body }))
      .catch(problem => {
        if (abort.signal.aborted) return;
        setState(previous => ({ id, order: previous.id === id ? previous.order : undefined, problem }));
        if (problem.isOutage) timer = setTimeout(() => setAttempt(count => count + 1), retryMs);
      });
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id, attempt]);
  useLive(state.order ? `customerId=${state.order.customer.id}` : null, {
    onReset: () => setAttempt(count => count + 1),
  });
  useEffect(() => {
    if (changed?.id === id && changed.version > (state.order?.version ?? 0)) setAttempt(count => count + 1);
  }, [changed]);

  const isCurrent = state.id === id;
  return {
    order: isCurrent ? state.order : undefined,
    problem: isCurrent ? state.problem : undefined,
    setOrder: order => setState(previous => (previous.id === order.id ? { id: order.id, order } : previous)),
    reload: () => setAttempt(count => count + 1),
  };
}
