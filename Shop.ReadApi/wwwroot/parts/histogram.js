import { html, useMemo, useRef, useState } from '../core/html.js';
import { day, number } from '../core/format.js';

const msPerDay = 86400000;
const height = 72;

/**
 * Orders over time, in bars of a day, a week or a month. Dragging selects a range; so do the arrow keys, with Shift to
 * extend it, and Escape clears it.
 */
export function Histogram({ days, from, to, select }) {
  const bars = useMemo(() => barsOf(days), [days]);
  const [drag, setDrag] = useState(null);
  const svg = useRef();
  if (bars.length < 2) return null;

  const most = Math.max(...bars.map(bar => bar.count), 1);
  const width = 1000 / bars.length;
  const chosen = drag ?? rangeOf(bars, from, to);
  const isIn = index => !chosen || (index >= chosen[0] && index <= chosen[1]);
  const indexAt = event => {
    const box = svg.current.getBoundingClientRect();
    return Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length)));
  };
  const commit = range => select(range ? { from: bars[range[0]].from, to: bars[range[1]].to } : { from: '', to: '' });

  const onPointerDown = event => {
    if (event.button !== 0) return;
    svg.current.setPointerCapture(event.pointerId);
    const index = indexAt(event);
    setDrag([index, index, index]);
  };
  const onPointerMove = event => {
    if (!drag) return;
    const index = indexAt(event);
    setDrag([Math.min(drag[2], index), Math.max(drag[2], index), drag[2]]);
  };
  const onPointerUp = () => {
    if (drag) commit(drag);
    setDrag(null);
  };
  const onKeyDown = event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) commit(moved(chosen, step, event.shiftKey, bars.length));
    else if (event.key === 'Escape' && chosen) commit(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const count = bars.reduce((sum, bar, index) => sum + (isIn(index) ? bar.count : 0), 0);
  const words = chosen
    ? `${spoken(bars[chosen[0]].from, bars[chosen[1]].to)}: ${number(count)} orders`
    : `All time: ${number(count)} orders`;
  return html`
    <div class="histogram">
      <svg ref=${svg} viewBox="0 0 1000 ${height}" preserveAspectRatio="none" tabindex="0" role="slider"
        aria-label="When orders were placed; arrow keys select a period, Shift extends it, Escape clears it"
        aria-valuemin="0" aria-valuemax=${bars.length - 1}
        aria-valuenow=${chosen ? chosen[0] : 0} aria-valuetext=${words}
        onPointerDown=${onPointerDown} onPointerMove=${onPointerMove} onPointerUp=${onPointerUp}
        onPointerCancel=${() => setDrag(null)} onKeyDown=${onKeyDown}>
        ${chosen && html`<rect class="range" x=${chosen[0] * width} width=${(chosen[1] - chosen[0] + 1) * width} y="0"
          height=${height} />`}
        ${bars.map(
          (bar, index) =>
            bar.count > 0 &&
            html`
          <rect key=${bar.from} class=${isIn(index) ? 'bar' : 'bar out'} x=${index * width + width * 0.08}
            width=${width * 0.84}
            y=${height - barHeight(bar.count, most)} height=${barHeight(bar.count, most)}>
            <title>${spoken(bar.from, bar.to)}: ${number(bar.count)}</title>
          </rect>`,
        )}
        <line class="base" x1="0" x2="1000" y1=${height} y2=${height} vector-effect="non-scaling-stroke" />
      </svg>
      <div class="scale" aria-hidden="true">
        <span>${day(bars[0].from)}</span>
        <span>${chosen ? words : ''}</span>
        <span>${day(bars[bars.length - 1].to)}</span>
      </div>
    </div>`;
}

const barHeight = (count, most) => Math.max(2, (count / most) * (height - 4));

const spoken = (from, to) => (from === to ? day(from) : `${day(from)} – ${day(to)}`);

function moved(chosen, step, isExtended, count) {
  if (!chosen) return step > 0 ? [0, 0] : [count - 1, count - 1];
  const [first, last] = chosen;
  if (isExtended) return [first, Math.max(first, Math.min(count - 1, last + step))];
  const shift = Math.max(-first, Math.min(count - 1 - last, step));
  return [first + shift, last + shift];
}

/** The bars that a range of days covers; null without a range. */
function rangeOf(bars, from, to) {
  if (!from && !to) return null;
  const first = bars.findIndex(bar => bar.to >= from);
  const after = to ? bars.findIndex(bar => bar.from > to) : -1;
  const range = [first < 0 ? bars.length - 1 : first, after < 0 ? bars.length - 1 : after - 1];
  return range[0] <= range[1] ? range : null;
}

/** Bars of equal width from the first to the last day, each with its days and their sum. */
function barsOf(days) {
  if (days.length === 0) return [];
  const first = days[0].day;
  const last = days[days.length - 1].day;
  const span = (Date.parse(last) - Date.parse(first)) / msPerDay + 1;
  const startOf = span <= 100 ? text => text : span <= 731 ? monday : text => `${text.slice(0, 7)}-01`;
  const nextOf = span <= 100 ? text => plus(text, 1) : span <= 731 ? text => plus(text, 7) : nextMonth;
  const sums = new Map();
  for (const { day: text, count } of days) sums.set(startOf(text), (sums.get(startOf(text)) ?? 0) + count);
  const bars = [];
  for (let from = startOf(first); from <= last; from = nextOf(from))
    bars.push({ from, to: plus(nextOf(from), -1), count: sums.get(from) ?? 0 });
  return bars;
}

const plus = (text, count) => new Date(Date.parse(text) + count * msPerDay).toISOString().slice(0, 10);

const monday = text => plus(text, -((new Date(text).getUTCDay() + 6) % 7));

const nextMonth = text => {
  const date = new Date(text);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)).toISOString().slice(0, 10);
};
