import { html, useEffect, useMemo, useRef, useState } from '../core/html.js';
import { newKey, readApi, writeApi } from '../core/api.js';
import { money } from '../core/format.js';
import { get } from '../core/store.js';
import { errorOf, Field, trace } from '../parts/commands.js';
import { Combobox } from '../parts/combobox.js';
import { Hops } from '../parts/hops.js';
import { Icon } from '../parts/icons.js';
import { Trouble } from '../parts/status.js';
import { useSuggestions } from '../parts/suggestions.js';

const shown = 8;
const emptyAddress = { recipient: '', street: '', postalCode: '', city: '', country: '' };

/** `/new`: a customer, products from the catalogue, an address; then the way of the order to the search. */
export default function NewView({ url }) {
  const [customer, setCustomer] = useState(null);
  const [lines, setLines] = useState([]);
  const [to, setTo] = useState(emptyAddress);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState(null);
  const [progress, setProgress] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const key = useRef(newKey());
  useEffect(() => scrollTo(0, 0), []);
  // A changed order is another command.
  useEffect(() => {
    key.current = newKey();
  }, [customer, lines, to, note]);

  const choose = async chosen => {
    setCustomer(chosen);
    const last = await lastOrderOf(chosen.id);
    if (last) {
      setCustomer({ ...chosen, name: last.customer.name, email: last.customer.email });
      setTo(previous => (isEmpty(previous) ? last.shippingAddress : previous));
    }
  };
  useEffect(() => {
    const id = url.searchParams.get('customer');
    if (id) choose({ id, name: 'Customer' });
  }, []);

  if (!get().config.writeApi)
    return html`<div class="page narrow"><p class="note">No write API is configured: this page only reads.</p></div>`;
  if (progress)
    return html`<${Placed} progress=${progress} again=${() => {
      setProgress(null);
      setLines([]);
      setNote('');
    }} />`;

  const place = async event => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const started = performance.now();
    try {
      const { body: receipt } = await writeApi('/orders', {
        method: 'POST',
        headers: { 'Idempotency-Key': key.current },
        body: {
          customerId: customer?.id,
          lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
          shippingAddress: to,
          ...(note.trim() ? { note } : {}),
        },
      });
      const placed = { ...receipt, committedMs: performance.now() - started };
      setProgress({ receipt: placed, hops: {} });
      const refusal = await trace(
        placed,
        ({ hops }) => setProgress(shown => ({ ...shown, hops })),
        () => {},
      );
      setProgress(shown => ({ ...shown, refusal, isDone: true }));
    } catch (refusal) {
      setProblem(refusal);
    }
    setBusy(false);
  };

  return html`
    <form class="page narrow form" onSubmit=${place} noValidate aria-label="New order">
      <h1>New order</h1>
      <${Customer} customer=${customer} choose=${choose} clear=${() => setCustomer(null)}
        error=${errorOf(problem, 'customerId')} />
      <${Basket} lines=${lines} setLines=${setLines} error=${errorOf(problem, 'lines')} />
      <${Address} to=${to} setTo=${setTo} problem=${problem} />
      <${Field} name="note" label="Note (optional)" value=${note} onInput=${setNote}
        error=${errorOf(problem, 'note')} />
      ${
        problem &&
        html`<div><${Trouble} problem=${problem} />
        ${problem.isOutage && html`<p
          class="soft">What you typed is kept. Sending it again cannot place it twice.</p>`}</div>`
      }
      <div class="sum"><${Total} lines=${lines} /><button class="button primary"
        disabled=${isBusy}>${isBusy ? 'Placing …' : 'Place order'}</button></div>
    </form>`;
}

const Placed = ({ progress: { receipt, hops, refusal, isDone }, again }) => html`
  <div class="page narrow stack" role="status">
    <h1>Order <span class="code">${receipt.number}</span> is placed</h1>
    <p>${money(receipt.total)}</p>
    <${Hops} hops=${hops} />
    ${hops.seen && html`<p
      class="soft small">The read API had it ${Math.round(hops.seen.ms)} ms after the command’s answer.</p>`}
    ${refusal && html`<p class="note warn">${refusal}</p>`}
    <div class="row">
      ${isDone && html`<a class="button primary" href=${`/orders/${receipt.id}`}>Open the order</a>`}
      <button class="button" onClick=${again}>Another order</button>
    </div>
  </div>`;

function Customer({ customer, choose, clear, error }) {
  const [text, setText] = useState('');
  const [isNew, setNew] = useState(false);
  const options = useSuggestions(text, ['customer']);
  const pick = ({ id, text: name }) => choose({ id, name });
  if (customer)
    return html`
    <section class="stack"><h2>Customer</h2>
      <div class="row card chosen"><${Icon} name="person" /><bdi dir="auto">${customer.name}</bdi><span
        class="soft grow"><bdi>${customer.email}</bdi></span>
        <button type="button" class="button quiet" onClick=${clear}>Change</button></div></section>`;
  return html`
    <section class="stack"><h2>Customer</h2>
      ${
        isNew
          ? html`<${Registration} choose=${choose} cancel=${() => setNew(false)} />`
          : html`
        <${Combobox} id="customer" label="Find a customer" icon="person" placeholder="Name or e-mail address"
          value=${text} options=${options}
          aria-invalid=${error ? 'true' : undefined} onInput=${setText}
          onPick=${pick} onEnter=${() => options[0] && pick(options[0])} />
        ${error && html`<p class="field"><span class="error">Choose a customer.</span></p>`}
        <p><button type="button" class="button quiet" onClick=${() => setNew(true)}><${Icon}
          name="plus" />Register a new customer</button></p>`
      }
    </section>`;
}

function Registration({ choose, cancel }) {
  const [values, setValues] = useState({ name: '', email: '', country: '' });
  const [problem, setProblem] = useState(null);
  const key = useRef(newKey());
  const register = async () => {
    try {
      const { body } = await writeApi('/customers', {
        method: 'POST',
        body: values,
        headers: { 'Idempotency-Key': key.current },
      });
      choose(body);
    } catch (refusal) {
      if (!refusal.isOutage) key.current = newKey();
      setProblem(refusal);
    }
  };
  const fields = [
    ['name', 'Name'],
    ['email', 'E-mail address'],
    ['country', 'Country (two letters)'],
  ];
  return html`
    <div class="command">
      <div class="two">${fields.map(
        ([name, label]) => html`
        <${Field} key=${name} name=${name} label=${label} value=${values[name]} error=${errorOf(problem, name)}
          onInput=${value => setValues({ ...values, [name]: name === 'country' ? value.toUpperCase() : value })} />`,
      )}</div>
      ${problem && html`<${Trouble} problem=${problem} />`}
      <div class="row"><button type="button" class="button primary" onClick=${register}>Register</button>
        <button type="button" class="button quiet" onClick=${cancel}>Back</button></div>
    </div>`;
}

function Basket({ lines, setLines, error }) {
  const [text, setText] = useState('');
  const { products, problem } = useCatalogue();
  const options = useMemo(() => matching(products, text), [products, text]);
  const add = ({ product }) => {
    setText('');
    setLines(
      lines.some(line => line.sku === product.sku)
        ? lines.map(line => (line.sku === product.sku ? { ...line, quantity: line.quantity + 1 } : line))
        : [...lines, { ...product, quantity: 1 }],
    );
  };
  const setQuantity = (sku, quantity) => setLines(lines.map(line => (line.sku === sku ? { ...line, quantity } : line)));
  return html`
    <section class="stack"><h2>Products</h2>
      <${Combobox} id="product" label="Add a product" icon="box" placeholder="Name, category or SKU" value=${text}
        options=${options}
        aria-invalid=${error ? 'true' : undefined} onInput=${setText} onPick=${add}
        onEnter=${() => options[0] && add(options[0])} />
      ${problem && html`<${Trouble} problem=${problem} />`}
      ${error && html`<p class="field"><span class="error">${lines.length ? error : 'Add a product.'}</span></p>`}
      ${
        lines.length > 0 &&
        html`<table class="basket"><thead
          class="unseen"><tr><th>Product</th><th>Quantity</th><th>Amount</th><th>Remove</th></tr></thead><tbody>
        ${lines.map(
          line => html`
          <tr key=${line.sku}>
            <td><bdi dir="auto">${line.name}</bdi><div class="soft small"><span
              class="code">${line.sku}</span> · ${money(line.price)}</div></td>
            <td><input class="input" type="number" min="1" max="10000" aria-label=${`Quantity of ${line.name}`}
              value=${line.quantity}
              onInput=${event => setQuantity(line.sku, wholeNumber(event.target.value))} /></td>
            <td class="end number">${money({ ...line.price, amount: line.price.amount * line.quantity })}</td>
            <td class="end"><button type="button" class="button quiet" aria-label=${`Remove ${line.name}`}
              onClick=${() => setLines(lines.filter(other => other.sku !== line.sku))}><${Icon}
                name="close" /></button></td>
          </tr>`,
        )}</tbody></table>`
      }
    </section>`;
}

const Address = ({ to, setTo, problem }) => {
  const fields = [
    ['recipient', 'Recipient'],
    ['street', 'Street'],
    ['postalCode', 'Postal code'],
    ['city', 'City'],
    ['country', 'Country (two letters)'],
  ];
  return html`
    <section class="stack"><h2>Shipping address</h2>
      <div class="two">${fields.map(
        ([name, label]) => html`
        <${Field} key=${name} name=${name} label=${label} value=${to[name]}
          error=${errorOf(problem, `shippingAddress.${name}`)}
          onInput=${value => setTo({ ...to, [name]: name === 'country' ? value.toUpperCase() : value })} />`,
      )}</div>
    </section>`;
};

function Total({ lines }) {
  const currencies = [...new Set(lines.map(line => line.price.currency))];
  if (currencies.length > 1)
    return html`<span class="soft">All lines must have the same currency: ${currencies.join(', ')}.</span>`;
  const amount = lines.reduce((sum, line) => sum + line.price.amount * line.quantity, 0);
  return html`<span>Total <b>${money({ amount, currency: currencies[0] ?? 'EUR' })}</b></span>`;
}

function useCatalogue() {
  const [state, setState] = useState({ products: [] });
  useEffect(() => {
    writeApi('/products?limit=1000')
      .then(({ body }) => setState({ products: body }))
      .catch(problem => setState({ products: [], problem }));
  }, []);
  return state;
}

const wholeNumber = text => Math.max(1, Math.trunc(Number(text)) || 1);

const fold = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

function matching(products, text) {
  const words = fold(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return products
    .filter(({ name, sku, category }) => words.every(word => fold(`${name} ${sku} ${category}`).includes(word)))
    .slice(0, shown)
    .map(product => ({ key: product.sku, text: product.name, icon: 'box', note: money(product.price), product }));
}

const isEmpty = to => Object.values(to).every(value => value === '');

async function lastOrderOf(customerId) {
  try {
    return (await readApi(`/orders/search?customerId=${customerId}&sort=newest&size=1`)).body.items[0];
  } catch {
    return undefined;
  }
}
