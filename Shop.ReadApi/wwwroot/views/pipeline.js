import { html, useEffect } from '../core/html.js';
import { clock, duration, ms, number } from '../core/format.js';
import { Ghosts } from '../parts/status.js';
import { Maintenance } from '../parts/maintenance.js';
import { stationsOf, usePipeline } from './stations.js';

/** `/pipeline`: the way of every change, live. */
export default function PipelineView() {
  const pipeline = usePipeline();
  useEffect(() => scrollTo(0, 0), []);
  if (!pipeline.now) return html`<div class="page"><${Ghosts} count=${5} /></div>`;
  const stations = stationsOf(pipeline);
  const broken = stations.filter(station => station.problem);
  return html`
    <div class="page stack pipeline">
      <header class="row wrap">
        <h1 class="grow">Pipeline</h1>
        <p role="status" class=${broken.length ? 'verdict down' : 'verdict'}>
          ${
            broken.length
              ? `Down: ${broken.map(({ name }) => name).join(', ')}`
              : `Everything runs, ${duration(pipeline.now.lagSeconds ?? 0)} behind`
          }
          <span class="soft small"> at ${clock(pipeline.now.at)}</span></p>
      </header>
      ${pipeline.now.isRefused && html`<p
        class="note">The figures are for operators. You see only whether each part runs.</p>`}
      <ol class="stations" role="list" aria-label="From the write database to the read store">
        ${stations.map((station, index) => html`<${Station} key=${station.name} ...${station}
          isLast=${index === stations.length - 1} />`)}
      </ol>
      <${Latency} now=${pipeline.now} />
      <${Maintenance} now=${pipeline.now} refresh=${pipeline.refresh} />
      <${Partitions} status=${pipeline.now.status} />
    </div>`;
}

const lamps = { up: 'runs', down: 'down', unknown: 'not known' };

function Station({ name, what, figure, unit, facts, rates, problem, isUnknown, isFlowing, isLast }) {
  const state = problem ? 'down' : isUnknown ? 'unknown' : 'up';
  return html`
    <li class=${`station ${state}`}>
      <div class="box">
        <div class="row"><h2 class="grow">${name}</h2><span class=${`lamp ${state}`}>${lamps[state]}</span></div>
        <p class="soft small">${what}</p>
        <p class="figure"><b>${figure}</b> <span class="soft small">${unit}</span></p>
        <${Sparkline} rates=${rates} name=${name} />
        ${problem
          ? html`<p class="problem small">${problem}</p>`
          : html`<dl class="facts small">
              ${facts.map(([term, value]) => html`<dt key=${term}>${term}</dt><dd>${value}</dd>`)}</dl>`}
      </div>
      ${!isLast && html`<span class=${`pipe ${state} ${isFlowing ? 'flowing' : ''}`} aria-hidden="true"></span>`}
    </li>`;
}

function Sparkline({ rates, name }) {
  const most = Math.max(...rates, 1);
  const points = rates.map(
    (rate, index) => `${((index / 59) * 100).toFixed(1)},${(24 - (rate / most) * 22).toFixed(1)}`,
  );
  return html`
    <svg class="sparkline" viewBox="0 0 100 26" preserveAspectRatio="none" role="img"
      aria-label=${`${name}: rate of the last minute`}>
      <line x1="0" x2="100" y1="25" y2="25" class="base" vector-effect="non-scaling-stroke" />
      ${points.length > 1 && html`<polyline points=${points.join(' ')} vector-effect="non-scaling-stroke" />`}
    </svg>`;
}

/** The medians of the last minute as one line from the commit on. */
function Latency({ now }) {
  if (!now.relay && !now.status) return null; // Nothing is known of it.
  const hops = [
    ['published', now.relay?.published],
    ['projected', now.status?.projected],
    ['searchable', now.status?.searchable],
  ].filter(([, recent]) => recent?.medianMs != null);
  const most = Math.max(...hops.map(([, recent]) => recent.medianMs), 0.1);
  return html`
    <section class="card stack" aria-label="From commit to search">
      <h2>From commit to search <span class="soft small">median of the last minute</span></h2>
      ${
        hops.length === 0
          ? html`<p class="soft">No change was committed in the last minute. <a
            href="/new">Place an order</a> to see one pass.</p>`
          : html`<ol class="latency" role="list">${hops.map(
              ([name, recent]) => html`
            <li key=${name}><span>${name}</span>
              <span class="track"><i style=${`width:${Math.max(1, (recent.medianMs / most) * 100)}%`}></i></span>
              <b class="number">${ms(recent.medianMs)}</b><span
                class="soft small number">p99 ${ms(recent.p99Ms)}</span></li>`,
            )}</ol>`
      }
    </section>`;
}

const Partitions = ({ status }) =>
  status?.partitions?.length > 0 &&
  html`
  <details class="card">
    <summary>Partitions of this projector: ${number(status.partitions.length)}</summary>
    <table class="partitions">
      <thead><tr><th scope="col">Partition</th><th scope="col">Position</th><th scope="col">End</th><th
        scope="col">Waiting</th><th scope="col">As of</th></tr></thead>
      <tbody>${status.partitions.map(
        ({ partition, position, end, lagEvents, asOf }) => html`
        <tr key=${partition}><th
          scope="row">${partition}</th><td>${number(position)}</td><td>${end === null ? '–' : number(end)}</td>
          <td>${lagEvents === null ? '–' : number(lagEvents)}</td><td>${asOf ? clock(asOf) : '–'}</td></tr>`,
      )}</tbody>
    </table>
  </details>`;
