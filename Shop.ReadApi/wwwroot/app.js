import { html, render, useEffect, useRef, useState } from './core/html.js';
import { readApi } from './core/api.js';
import { start as startSignIn } from './core/auth.js';
import { watchFreshness } from './core/freshness.js';
import { useKeys } from './core/keys.js';
import { get, set } from './core/store.js';
import { followLinks, go, useAddress } from './core/url.js';
import { Header } from './parts/header.js';
import { Ghosts } from './parts/status.js';
import { OrderView } from './views/order.js';
import { SearchView } from './views/search.js';

// A view's code by its address. The first view's is loaded with the page, the others' when they are opened.
const views = [
  [/^\/$/, 'Orders', ({ url }) => html`<${SearchView} url=${url} />`],
  [/^\/orders\/([0-9a-f-]{36})$/, 'Order', ({ id }) => html`<${OrderView} id=${id} close=${() => go('/')} />`],
  [/^\/customers\/([0-9a-f-]{36})$/, 'Customer', lazy(() => import('./views/customer.js'))],
  [/^\/new$/, 'New order', lazy(() => import('./views/new.js'))],
  [/^\/pipeline$/, 'Pipeline', lazy(() => import('./views/pipeline.js'))],
];

const keys = [
  [['/'], 'Search'],
  [['j', 'k'], 'Next and previous order'],
  [['o'], 'Open the order'],
  [['Esc'], 'Close, or clear a selection'],
  [['←', '→'], 'Move the period in the histogram; with Shift, extend it'],
  [['?'], 'This list'],
];

function App() {
  const url = useAddress();
  const help = useRef();
  const main = useRef();
  const found = views
    .map(([path, name, view]) => ({ match: path.exec(url.pathname), name, view }))
    .find(({ match }) => match);

  useKeys({
    '/': () => document.getElementById('search').focus(),
    '?': () => help.current.showModal(),
  });
  useEffect(() => {
    document.title = found?.name ? `${found.name} · Shop` : 'Shop';
  }, [url.pathname]);

  return html`
    <${Header} url=${url} onHelp=${() => help.current.showModal()} />
    <main ref=${main} tabIndex="-1">
      ${found ? html`<${found.view} key=${found.name} url=${url} id=${found.match[1]} />` : html`<p
        class="page">There is no such view. <a href="/">All orders</a></p>`}
    </main>
    <dialog ref=${help} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl class="keys">
        ${keys.map(([names, meaning]) => html`<dt key=${meaning}>${names.map(name => html`<kbd
          key=${name}>${name}</kbd>`)}</dt><dd>${meaning}</dd>`)}
      </dl>
      <p class="end"><button class="button" onClick=${() => help.current.close()}>Close</button></p>
    </dialog>`;
}

/** A view whose module is loaded when it is first shown. */
function lazy(load) {
  return function Lazy(props) {
    const [View, setView] = useState(null);
    useEffect(() => {
      load().then(module => setView(() => module.default));
    }, []);
    return View ? html`<${View} ...${props} />` : html`<div class="page"><${Ghosts} count=${4} /></div>`;
  };
}

async function start() {
  followLinks();
  const root = document.getElementById('app');
  try {
    set({ config: (await readApi('/page/config.json')).body });
  } catch {
    set({ config: {} });
  }
  if (!(await startSignIn(get().config))) return;
  watchFreshness();
  render(html`<${App} />`, root);
}

start();
