import { setTokenSource } from './api.js';
import { get, set } from './store.js';
import { here } from './url.js';

// Sign-in with OpenID Connect: authorization code with PKCE (https://www.rfc-editor.org/rfc/rfc7636). The token stays
// in this tab. Where no authority is configured, nobody signs in.
const pendingKey = 'shop.sign-in';
const tokenKey = 'shop.token';
const marginMs = 30000;

let settings = null;

/** Finishes or starts a sign-in. Returns false if the browser leaves for the authority. */
export async function start(config) {
  if (!config.authority) return true;
  settings = config;
  setTokenSource(async () => currentToken());
  const params = new URLSearchParams(location.search);
  const pending = read(pendingKey);
  if (pending && params.get('state') === pending.state) {
    sessionStorage.removeItem(pendingKey);
    history.replaceState(null, '', pending.back);
    const problem = params.has('code') ? await exchange(params.get('code'), pending) : params.get('error_description');
    set({ person: personOf(read(tokenKey)), signInProblem: problem || null });
    return true;
  }
  if (currentToken()) {
    set({ person: personOf(read(tokenKey)) });
    return true;
  }
  return !(await signIn());
}

/** Sends the browser to the authority. Returns false, with the reason in the store, if that is not possible. */
export async function signIn() {
  try {
    const { authorization_endpoint: endpoint } = await discover();
    const pending = { state: random(), verifier: random(), back: here() };
    sessionStorage.setItem(pendingKey, JSON.stringify(pending));
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
    location.assign(
      `${endpoint}?${new URLSearchParams({
        client_id: settings.clientId,
        redirect_uri: redirectUri(),
        response_type: 'code',
        scope: settings.scope,
        state: pending.state,
        code_challenge: base64(new Uint8Array(hash)),
        code_challenge_method: 'S256',
      })}`,
    );
    return true;
  } catch {
    set({ signInProblem: `${settings.authority} does not answer, so nobody can sign in.` });
    return false;
  }
}

export async function signOut() {
  const idToken = read(tokenKey)?.idToken;
  sessionStorage.removeItem(tokenKey);
  set({ person: null });
  try {
    const { end_session_endpoint: endpoint } = await discover();
    if (endpoint) {
      location.assign(
        `${endpoint}?${new URLSearchParams({
          post_logout_redirect_uri: redirectUri(),
          client_id: settings.clientId,
          ...(idToken ? { id_token_hint: idToken } : {}),
        })}`,
      );
    }
  } catch {
    // The token is gone from this tab, which is what counts here.
  }
}

async function exchange(code, { verifier }) {
  try {
    const { token_endpoint: endpoint } = await discover();
    const response = await fetch(endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: settings.clientId,
        redirect_uri: redirectUri(),
        code,
        code_verifier: verifier,
      }),
    });
    const body = await response.json();
    if (!response.ok) return body.error_description ?? 'The sign-in was refused.';
    sessionStorage.setItem(
      tokenKey,
      JSON.stringify({
        token: body.access_token,
        idToken: body.id_token,
        until: Date.now() + (body.expires_in ?? 3600) * 1000,
      }),
    );
    return null;
  } catch {
    return `${settings.authority} does not answer, so the sign-in could not be finished.`;
  }
}

function currentToken() {
  const known = read(tokenKey);
  if (known && known.until - marginMs > Date.now()) return known.token;
  if (known) {
    sessionStorage.removeItem(tokenKey);
    set({ person: null, signInProblem: 'The sign-in has expired.' });
  }
  return null;
}

const discover = async () => (await fetch(`${settings.authority}/.well-known/openid-configuration`)).json();

// One address is registered with the authority; the view that was open is restored afterwards.
const redirectUri = () => `${location.origin}/`;

const random = () => base64(crypto.getRandomValues(new Uint8Array(32)));

const base64 = bytes =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

/**
 * Whether the person has the role, so that the page does not ask for what would be refused. Where nobody signs in, the
 * developer has every role. The APIs decide: they validate the token.
 */
export const may = role => !get().config.authority || Boolean(get().person?.roles.includes(role));

/** Who signed in, for display only. */
function personOf(known) {
  if (!known) return null;
  const claims = { ...claimsOf(known.token), ...claimsOf(known.idToken) };
  return {
    name: claims.name ?? claims.preferred_username ?? claims.sub ?? 'Signed in',
    roles: [claims[settings.roleClaim] ?? []].flat(),
  };
}

function claimsOf(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), letter => letter.charCodeAt(0))));
  } catch {
    return {};
  }
}
