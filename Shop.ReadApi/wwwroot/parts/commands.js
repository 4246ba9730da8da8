import { html, useEffect, useRef, useState } from '../core/html.js';
import { newKey, writeApi } from '../core/api.js';
import { may } from '../core/auth.js';
import { minorUnits, money } from '../core/format.js';
import { follow } from '../core/journey.js';
import { get } from '../core/store.js';
import { Hops } from './hops.js';

const methods = ['card', 'invoice', 'transfer'];

const reason = { name: 'reason', label: 'Reason (optional)' };

const commands = {
  pay: {
    label: 'Pay',
    role: 'customer',
    from: ['placed'],
    fields: [
      { name: 'method', label: 'Method', values: methods },
      { name: 'reference', label: 'Reference' },
    ],
  },
  ship: {
    label: 'Ship',
    role: 'support',
    from: ['paid'],
    fields: [
      { name: 'carrier', label: 'Carrier' },
      { name: 'trackingNumber', label: 'Tracking number' },
    ],
  },
  deliver: { label: 'Deliver', role: 'support', from: ['shipped'], fields: [] },
  refund: {
    label: 'Refund',
    role: 'support',
    from: ['paid', 'shipped', 'delivered'],
    isCareful: true,
    fields: [{ name: 'amount', label: 'Amount (empty: all that is left)' }, reason],
  },
  cancel: {
    label: 'Cancel order',
    role: 'customer',
    from: ['placed', 'paid'],
    isCareful: true,
    fields: [reason],
  },
};

/** What can be done with an order now, and the way of the last change. */
export function Commands({ order, onChanged }) {
  const [name, setName] = useState(null);
  const [progress, setProgress] = useState(null);
  useEffect(() => {
    setName(null);
  }, [order.id, order.status]);
  useEffect(() => {
    setProgress(null);
  }, [order.id]);
  const possible = Object.entries(commands).filter(([, { from, role }]) => from.includes(order.status) && may(role));

  if (!get().config.writeApi) return html`<p class="soft">No write API is configured: this page only reads.</p>`;
  const done = async receipt => {
    setName(null);
    const refusal = await trace(receipt, setProgress, onChanged);
    if (refusal) setProgress(shown => ({ ...shown, refusal }));
  };

  return html`
    <section aria-label="Commands">
      ${
        possible.length > 0 &&
        html`<div class="row wrap">
        ${possible.map(
          ([key, { label, isCareful }], index) => html`
          <button key=${key} class=${`button ${isCareful ? 'danger' : index === 0 ? 'primary' : ''}`}
            aria-expanded=${String(name === key)} onClick=${() => setName(name === key ? null : key)}
            >${label}</button>`,
        )}
      </div>`
      }
      ${name && html`<${Form} key=${name} name=${name} order=${order} done=${done} cancel=${() => setName(null)} />`}
      <div role="status">
        ${
          progress &&
          html`
          <${Hops} hops=${progress.hops} />
          ${progress.hops.seen && html`<p
            class="soft small">Shown here ${Math.round(progress.hops.seen.ms)} ms after the command’s answer.</p>`}
          ${progress.refusal && html`<p class="note warn">${progress.refusal}</p>`}`
        }
      </div>
    </section>`;
}

/** Follows a change, then shows the order as the read side has it. Returns words if that takes too long. */
export async function trace(receipt, setProgress, onChanged) {
  try {
    onChanged(await follow(receipt, hops => setProgress({ hops })));
    return null;
  } catch (problem) {
    return problem.code === 'read-side.stale'
      ? `Version ${receipt.version} is committed, but not searchable yet. It will appear here by itself.`
      : `Version ${receipt.version} is committed. ${problem.message}`;
  }
}

function Form({ name, order, done, cancel }) {
  const { label, fields } = commands[name];
  const [values, setValues] = useState(() => ({ method: methods[0] }));
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const key = useRef(newKey());
  const first = useRef();
  useEffect(() => first.current?.focus(), []);

  const submit = async event => {
    event.preventDefault();
    const body = bodyOf(name, values, order);
    if (body.error) return setProblem({ message: 'The request is not valid.', errors: { '$.amount': [body.error] } });
    setBusy(true);
    setProblem(null);
    const started = performance.now();
    try {
      const { body: receipt } = await writeApi(`/orders/${order.id}/${name}`, {
        method: 'POST',
        body,
        headers: { 'Idempotency-Key': key.current, 'If-Match': `"${order.version}"` },
      });
      await done({ ...receipt, committedMs: performance.now() - started });
    } catch (refusal) {
      // The same command again takes effect once; another one needs another key.
      if (!refusal.isOutage) key.current = newKey();
      setProblem(refusal);
      setBusy(false);
    }
  };

  return html`
    <form class="command" onSubmit=${submit} noValidate aria-label=${label}>
      ${
        fields.length > 0 &&
        html`<div class="two">${fields.map(
          (field, index) => html`
        <${Field} key=${field.name} ...${field} order=${order} error=${errorOf(problem, field.name)}
          value=${values[field.name] ?? ''}
          inputRef=${index === 0 ? first : undefined}
          onInput=${value => setValues({ ...values, [field.name]: value })} />`,
        )}</div>`
      }
      ${problem && html`<div class="note bad" role="alert"><p>${problem.message}</p>${adviceOf(problem, order)}</div>`}
      <div class="row">
        <button class="button primary" disabled=${isBusy} ref=${fields.length === 0 ? first : undefined}>
          ${isBusy ? 'Sending …' : labelOf(name, label, order)}</button>
        <button type="button" class="button quiet" onClick=${cancel}>Back</button>
      </div>
    </form>`;
}

const labelOf = (name, label, order) => (name === 'pay' ? `Pay ${money(order.total)}` : label);

export function Field({ name, label, values, value, error, onInput, inputRef, ...rest }) {
  const id = `field-${name}`;
  const common = {
    id,
    value,
    class: 'input',
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': error ? `${id}-error` : undefined,
    onInput: event => onInput(event.target.value),
  };
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${
        values
          ? html`<select ref=${inputRef} ...${common}>${values.map(option => html`<option
            key=${option.value ?? option} value=${option.value ?? option}>${option.text ?? option}</option>`)}</select>`
          : html`<input ref=${inputRef} dir="auto" autocomplete="off" type=${rest.type ?? 'text'} ...${common} />`
      }
      ${error && html`<span class="error" id=${`${id}-error`}>${error}</span>`}
    </div>`;
}

/** The refusal of one field: the API names it by its path in the body. */
export const errorOf = (problem, path) =>
  Object.entries(problem?.errors ?? {}).find(
    ([key]) => key === `$.${path}` || key.startsWith(`$.${path}.`) || key.startsWith(`$.${path}[`),
  )?.[1][0];

function bodyOf(name, values, order) {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
  if (name !== 'refund')
    return name === 'pay' ? given : Object.fromEntries(Object.entries(given).filter(([key]) => key !== 'method'));
  const { amount, reason: why } = given;
  if (amount === undefined) return why ? { reason: why } : {};
  const units = minorUnits(amount, order.total.currency);
  return units > 0
    ? { amount: { amount: units, currency: order.total.currency }, ...(why ? { reason: why } : {}) }
    : {
        error: `Must be an amount such as ${money({ amount: 1000, currency: order.total.currency })}.`,
      };
}

function adviceOf(problem, order) {
  if (problem.status === 412)
    return html`<p>
      Somebody changed the order meanwhile. It is shown as of version ${order.version}; look again first.
    </p>`;
  if (problem.isOutage) return html`<p>What you typed is kept. Sending it again cannot do it twice.</p>`;
  return null;
}
