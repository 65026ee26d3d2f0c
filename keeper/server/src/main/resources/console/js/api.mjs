// What the pages ask of the console's server.

let csrf = '';
let user = '';

/** A refusal: RFC 9457, `code` as in docs/errors.md. */
export class Problem extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || 'status ' + status);
    this.status = status;
    this.code = problem.code || 'internal';
    this.retryAfterMs = problem.retry_after_ms || 0;
  }
}

/** Remembers the token of the session that the answer of sign-in or me tells. */
export function signedIn(me) {
  csrf = me.csrf;
  user = me.user;
  return me;
}

export const get = (path, query) => call('GET', path + asked(query));
export const post = (path, body, query) => call('POST', path + asked(query), body ?? {});
export const remove = (path, query) => call('DELETE', path + asked(query));

function asked(query) {
  const given = Object.entries(query || {}).filter(([, value]) => value !== '' && value !== undefined && value !== null);
  return given.length ? '?' + given.map(([k, v]) => encodeURIComponent(k) + '=' + encodeURIComponent(v)).join('&') : '';
}

async function call(method, path, body, again = false) {
  const request = {method, credentials: 'same-origin', headers: {Accept: 'application/json'}};
  if (method !== 'GET') {
    request.headers['Content-Type'] = 'application/json';
    request.headers['X-Longwire-Csrf'] = csrf;
    request.body = body === undefined ? undefined : JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, request);
  } catch {
    throw new Problem(0, {code: 'unreachable', detail: 'The console does not answer; it may be restarting.'});
  }
  const text = await answer.text();
  let json;
  try {
    json = text ? JSON.parse(text) : {};
  } catch {
    throw new Problem(answer.status, {detail: 'An answer that is no JSON (status ' + answer.status + ')'});
  }
  if (answer.ok) {
    return json;
  }
  const problem = new Problem(answer.status, json);
  if (problem.code === 'cross_site' && !again && await renewed()) {
    return call(method, path, body, true);
  }
  if (answer.status === 401 && problem.code !== 'wrong_password') {
    window.dispatchEvent(new CustomEvent('signed-out', {detail: problem.code}));
  }
  throw problem;
}

// Another tab of the browser signed in since; whether the same user did.
async function renewed() {
  const session = await get('/api/session');
  if (session.user === user) {
    signedIn(session);
    return true;
  }
  window.dispatchEvent(new CustomEvent('signed-out', {detail: 'session_ended'}));
  return false;
}

const SILENCE_MS = 25000; // the server beats each 10 s

/**
 * Server-sent events until the returned function is called; opens the stream again when it ends, or when nothing comes
 * any more: a connection that is gone may tell nobody. There is none while the tab is hidden: a browser has six
 * connections to the console for all its tabs. `state` is told "live", or "waiting" while there is none.
 */
export function live(path, handlers, state) {
  let source;
  let timer;
  let silence;
  let over = false;
  const rest = () => {
    source?.close();
    clearTimeout(silence);
    clearTimeout(timer);
  };
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      rest();
      state('waiting');
      again();
    }, SILENCE_MS);
  };
  const open = () => {
    rest();
    source = new EventSource(path);
    heard();
    source.onopen = () => state('live');
    source.addEventListener('beat', heard);
    source.onerror = () => {
      state('waiting');
      if (source.readyState === EventSource.CLOSED) {
        rest();
        timer = setTimeout(again, 3000);
      }
    };
    for (const [event, handler] of Object.entries(handlers)) {
      source.addEventListener(event, (message) => {
        heard();
        handler(JSON.parse(message.data));
      });
    }
    source.addEventListener('ended', () => {
      rest();
      window.dispatchEvent(new CustomEvent('signed-out', {detail: 'session_ended'}));
    });
  };
  const unseen = () => over || document.hidden;
  const again = () => {
    if (!unseen()) {
      get('/api/me').then(() => unseen() || open(), () => unseen() || (timer = setTimeout(again, 3000)));
    }
  };
  const turned = () => {
    rest();
    state('waiting');
    again();
  };
  document.addEventListener('visibilitychange', turned);
  if (!unseen()) {
    open();
  }
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', turned);
    rest();
  };
}
