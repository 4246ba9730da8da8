import { html, useState } from '../core/html.js';
import { projector } from '../core/api.js';
import { duration, exact, number } from '../core/format.js';
import { Trouble } from './status.js';

const phases = {
  filling: 'Filling the shadow',
  catchingUp: 'Catching up',
  cuttingOver: 'Cutting over',
  ended: 'Ended',
};

/** Reconciliation and rebuild: what the last one found, how far the running one is, and how to start one. */
export function Maintenance({ now: { status, rebuild }, refresh }) {
  const [problem, setProblem] = useState(null);
  const [asked, setAsked] = useState(null);
  const start = async (path, method = 'POST') => {
    setAsked(null);
    setProblem(null);
    try {
      await projector(path, { method });
    } catch (refusal) {
      setProblem(refusal);
    }
    refresh();
  };
  if (!status && !rebuild) return null;
  return html`
    <section class="maintenance" aria-label="Maintenance">
      ${problem && html`<${Trouble} problem=${problem} />`}
      <div class="card stack">
        <h2>Reconciliation</h2>
        <${Reconciliation} state=${status?.reconciliation} />
        <div class="row"><button class="button" disabled=${status?.reconciliation?.isRunning}
          onClick=${() => start('/reconcile')}>Compare now</button></div>
      </div>
      <div class="card stack">
        <h2>Rebuild</h2>
        <${Rebuild} state=${rebuild} />
        <div class="row wrap">
          ${
            rebuild?.isRunning
              ? html`<button class="button danger" onClick=${() => start('/rebuild', 'DELETE')}>Cancel</button>`
              : asked === 'rebuild'
                ? html`<span>Fill a second generation and switch to it?</span>
                <button class="button primary" onClick=${() => start('/rebuild')}>Rebuild</button>
                <button class="button quiet" onClick=${() => setAsked(null)}>Back</button>`
                : html`<button class="button" onClick=${() => setAsked('rebuild')}>Rebuild …</button>`
          }
        </div>
      </div>
    </section>`;
}

function Reconciliation({ state }) {
  if (!state) return html`<p class="soft">Not known.</p>`;
  if (state.isRunning)
    return html`
      <progress aria-label="Reconciliation"></progress>
      <p role="status">Comparing every order’s version.</p>`;
  const { last, lastError } = state;
  if (lastError) return html`<p class="note bad">${lastError}</p>`;
  if (!last) return html`<p class="soft">None has run since the projector started.</p>`;
  const differences = last.differences ?? last.missing + last.behind + last.different + last.ahead + last.extra;
  const found =
    differences === 0
      ? `All ${number(last.orders)} orders agree.`
      : `${number(differences)} of ${number(last.orders)} differed and were repaired.`;
  return html`
    <p>${found}
      ${' '}<span class="soft">${last.finishedAt ? exact(last.finishedAt) : ''}</span></p>
    ${last.refusal && html`<p class="note warn">${last.refusal}</p>`}`;
}

function Rebuild({ state }) {
  if (!state) return html`<p class="soft">Not known.</p>`;
  const { progress, generations, last, lastError, isRunning } = state;
  return html`
    ${
      isRunning &&
      html`
      <progress aria-label="Rebuild" value=${progress?.percent ?? undefined} max="100"></progress>
      <p role="status">
        ${progress ? `${phases[progress.phase]}: ${number(progress.filled)} orders` : 'A projector fills the shadow.'}
        ${progress?.remainingSeconds != null && ` · ${duration(progress.remainingSeconds)} left`}</p>`
    }
    <p>Live generation <span class="code">${generations.live}</span>${generations.previous && html`, previous <span
      class="code">${generations.previous}</span>`}</p>
    ${last && !isRunning && html`
      <p class="soft">The last one: ${last.outcome}, ${exact(last.finishedAt)}${last.reason && `. ${last.reason}`}</p>`}
    ${lastError && html`<p class="note bad">${lastError}</p>`}`;
}
