import { html, useEffect, useRef, useState } from '../core/html.js';
import { signIn, signOut } from '../core/auth.js';
import { clock, duration, exact } from '../core/format.js';
import { address, read } from '../core/query.js';
import { set, useStore } from '../core/store.js';
import { go } from '../core/url.js';
import { Combobox } from './combobox.js';
import { Icon, Mark } from './icons.js';
import { useSuggestions } from './suggestions.js';

const delayMs = 120;
const recoveryMs = 5000;
const links = [
  ['/', 'Orders'],
  ['/new', 'New order'],
  ['/pipeline', 'Pipeline'],
];

export function Header({ url, onHelp }) {
  return html`
    <header class="header"><div>
      <a class="brand" href="/" aria-label="Shop"><${Mark} /><span>Shop</span></a>
      <nav class="nav" aria-label="Views">
        ${links.map(
          ([path, name]) => html`
          <a href=${path} key=${path} aria-current=${url.pathname === path ? 'page' : undefined}>${name}</a>`,
        )}
      </nav>
      <div class="grow" role="search"><${SearchBox} url=${url} /></div>
      <${Freshness} />
      <${Person} />
      <button class="button quiet" onClick=${onHelp} aria-label="Keys" title="Keys (?)"><${Icon} name="help" /></button>
    </div><${SignInProblem} /></header>`;
}

function Person() {
  const authority = useStore(({ config }) => config.authority);
  const person = useStore(store => store.person);
  if (!authority) return null;
  return person
    ? html`<span class="person"><bdi class="clip">${person.name}</bdi><button class="button quiet"
      onClick=${signOut}>Sign out</button></span>`
    : html`<button class="button primary" onClick=${signIn}>Sign in</button>`;
}

const SignInProblem = () => {
  const problem = useStore(store => store.signInProblem);
  return problem && html`<p class="note warn banner" role="alert">${problem}</p>`;
};

function SearchBox({ url }) {
  const isSearch = url.pathname === '/';
  const inAddress = isSearch ? read(url).q : '';
  const [text, setText] = useState(inAddress);
  const [typed, setTyped] = useState('');
  const pending = useRef(null);
  const options = useSuggestions(typed);

  // Another address, such as that of the previous search, replaces the text, but never while somebody types.
  useEffect(() => {
    if (!pending.current) setText(inAddress);
  }, [inAddress, isSearch]);

  const search = q => {
    clearTimeout(pending.current);
    pending.current = null;
    const query = isSearch ? read(url) : {};
    go(address({ ...query, q, order: '' }), { replace: isSearch });
  };

  const onInput = q => {
    setText(q);
    setTyped(q);
    clearTimeout(pending.current);
    pending.current = setTimeout(() => search(q), delayMs);
  };

  const onPick = ({ kind, id }) => {
    clearTimeout(pending.current);
    pending.current = null;
    setTyped('');
    setText('');
    if (kind === 'product') go(address({ filters: { sku: [id] } }));
    else go(kind === 'customer' ? `/customers/${id}` : address({ q: '', order: id }));
  };

  const onEnter = () => {
    search(text);
    set({ openFirst: true });
  };

  return html`<${Combobox} id="search" label="Search orders" hint="/" value=${text} options=${options}
    placeholder="Customer, product, address, order number …"
    onInput=${onInput} onPick=${onPick} onEnter=${onEnter} />`;
}

function Freshness() {
  const { state, lagMs, asOf, text, detail } = useStore(({ freshness }) => freshness);
  const live = useStore(store => store.live);
  const isBack = useRecovery(state);
  const behind = `${duration((lagMs ?? 0) / 1000)} behind`;
  const words = {
    unknown: 'Connecting',
    ok: `${isBack ? 'Connected again' : live === 'on' ? 'Live' : 'Up to date'} · ${behind}`,
    slow: behind,
    down: text,
  };
  const explained = asOf ? `Every change that was committed before ${exact(asOf)} is shown.` : 'Not known yet.';
  return html`
    <a class=${`freshness ${state}`} href="/pipeline" title=${detail ? `${detail} ${explained}` : explained}>
      <span>${words[state]}</span><span class="unseen">${asOf ? `, as of ${clock(asOf)}` : ''}</span>
    </a>
    <span class="unseen" role="status">${state === 'down' ? text : isBack ? 'Connected again' : ''}</span>`;
}

/** Whether an outage has ended a moment ago. */
function useRecovery(state) {
  const [isBack, setBack] = useState(false);
  const before = useRef(state);
  useEffect(() => {
    const hasEnded = before.current === 'down' && state !== 'down';
    before.current = state;
    if (state === 'down') setBack(false);
    if (hasEnded) setBack(true);
  }, [state]);
  useEffect(() => {
    if (!isBack) return undefined;
    const timer = setTimeout(() => setBack(false), recoveryMs);
    return () => clearTimeout(timer);
  }, [isBack]);
  return isBack;
}
