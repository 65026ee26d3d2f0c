// The pieces that all pages are made of.
import {get} from './api.mjs';
import {append, h, put} from './dom.mjs';

let fields = 0; // makes ids

/** A short word with a colour: ok, warn, bad, info, plain. */
export function badge(text, kind = 'plain') {
  return h('span', {class: 'badge badge-' + kind}, text);
}

const ENDS = {acked: 'ok', shown: 'ok', clicked: 'ok', waiting: 'info', expired: 'warn', cancelled: 'warn', dead: 'bad', rejected: 'bad', overflowed: 'bad'};

/** What became of a message. */
export function ended(state) {
  return badge(state, ENDS[state]);
}

/** A monospaced name that may break anywhere. */
export function code(text) {
  return h('code', {}, text);
}

/** A name or an id inside a sentence or a heading: it goes to the next line whole, and breaks only if a line is too short for it. */
export function id(text) {
  return h('span', {class: 'id'}, text);
}

/** A heading with what belongs to it at its side. */
export function head(title, ...side) {
  return h('div', {class: 'head'}, h('h1', {}, title), h('div', {class: 'head-side'}, side));
}

export function card(title, ...content) {
  return h('section', {class: 'card'}, title ? h('h2', {}, title) : null, content);
}

/**
 * Columns = [{label, cell(row), class}]; a narrow screen shows each row as a card, without the cells that say nothing.
 * Of the kind "pairs" it stays a table: two short columns.
 */
export function table(columns, rows, nothing, caption, kind = '') {
  if (rows.length === 0) {
    return h('p', {class: 'nothing'}, nothing);
  }
  return h('table', {class: 'rows ' + kind}, h('caption', {class: 'hidden'}, caption || nothing),
    h('thead', {}, h('tr', {}, columns.map((column) => h('th', {scope: 'col', class: column.class}, column.label)))),
    h('tbody', {}, rows.map((row) => h('tr', {}, columns.map((column) => cellOf(column, h('div', {class: 'cell'}, column.cell(row))))))));
}

function cellOf(column, cell) {
  const says = cell.hasChildNodes() && cell.textContent !== '-';
  return h('td', {'data-label': column.label, class: (column.class || '') + (says ? '' : ' void')}, cell);
}

/** Names and values. */
export function facts(pairs, kind = '') {
  return h('dl', {class: 'facts ' + kind}, pairs.filter(Boolean).map(([name, ...value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/** With a reason it stands there and does nothing: the reason is told beside it. */
export function button(text, action, kind = '', reason = '') {
  const element = h('button', {type: 'button', class: 'button ' + kind, onclick: action, disabled: reason !== ''}, text);
  if (!reason) {
    return element;
  }
  const id = 'reason-' + ++fields;
  element.setAttribute('aria-describedby', id);
  return h('span', {class: 'refused'}, element, h('span', {class: 'muted small', id}, reason));
}

/** A labelled input. `field.input` is the input. */
export function field(label, input, hint) {
  const id = 'field-' + ++fields;
  input.id = id;
  if (hint) {
    input.setAttribute('aria-describedby', id + '-hint');
  }
  const element = h('div', {class: 'field'}, h('label', {for: id}, label), input, hint ? h('span', {class: 'hint', id: id + '-hint'}, hint) : null);
  element.input = input;
  return element;
}

export function text(name, value = '', more = {}) {
  return h('input', {name, value, autocomplete: 'off', spellcheck: 'false', ...more});
}

export function choice(name, options, chosen) {
  return h('select', {name}, options.map(([value, label]) => h('option', {value, selected: String(value) === String(chosen)}, label)));
}

/** A form that calls `done(values)` and shows what is refused beneath, with the field marked that it is about. */
export function form(children, submit, done, kind = '', act = 'primary') {
  const trouble = h('p', {class: 'trouble', role: 'alert', hidden: true});
  trouble.id = 'trouble-' + ++fields;
  const send = h('button', {type: 'submit', class: 'button ' + act}, submit);
  const end = h('div', {class: 'form-end'}, send);
  const element = h('form', {class: 'form ' + kind, novalidate: true}, children, end, trouble);
  if (kind.includes('form-line')) {
    ownRow(element, end);
  }
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    for (const input of element.querySelectorAll('[aria-errormessage]')) {
      unmark(input);
    }
    send.disabled = true;
    try {
      await done(Object.fromEntries(new FormData(element)));
    } catch (problem) {
      const wrong = refused(element, problem);
      put(trouble, wrong ? wrong.sentence : said(problem));
      trouble.hidden = false;
      if (wrong) {
        wrong.input.setAttribute('aria-invalid', 'true');
        wrong.input.setAttribute('aria-errormessage', trouble.id);
        wrong.input.addEventListener('input', () => unmark(wrong.input), {once: true});
      }
    } finally {
      send.disabled = false;
    }
  });
  return element;
}

function unmark(input) {
  input.removeAttribute('aria-invalid');
  input.removeAttribute('aria-errormessage');
}

/** Beside fields the buttons stand as low as the inputs; in a row of their own they need no room for a label above. */
export function ownRow(element, end) {
  new ResizeObserver(() => requestAnimationFrame(() => { // not at once: it changes the height
    const before = end.previousElementSibling;
    end.classList.toggle('own-row', Boolean(before) && end.offsetTop > before.offsetTop);
  })).observe(element);
}

// "duration: soon (expected: 1s to 30d, or none)" in the words of the form, where a field of it is meant: the one of that
// name, or that has it among its data-is.
function refused(element, problem) {
  const [, name, given, expected] = /^([a-z_]+): (.*) \(expected: (.*)\)$/.exec(problem.message) || [];
  const input = name && [...element.elements].find((one) => one.name === name || (one.dataset.is || '').split(' ').includes(name));
  const label = input && input.labels?.[0]?.textContent;
  if (!label) {
    return null;
  }
  const plainly = plain(problem.message);
  const sentence = plainly !== problem.message ? plainly : given === 'missing' ? `${label} is missing (expected: ${expected}).` : `${label}: "${given}" is not right (expected: ${expected}).`;
  return {input, sentence};
}

// What the server says to programs, for people.
const PLAIN = [
  [/^name or password: wrong/, 'Name or password is wrong.'],
  [/^message_id: missing \(.*Crockford/, 'Please give the id of a message: 13 letters and digits.'],
  [/^message_id: (.*) \(.*Crockford/, 'This is no id of a message, which has 13 letters and digits: $1'],
];

function plain(message) {
  const [sign, sentence] = PLAIN.find(([one]) => one.test(message)) || [];
  return sentence ? sentence.replace('$1', () => sign.exec(message)[1]) : message;
}

/** What went wrong, in a sentence. */
export function said(problem) {
  const wait = problem.retryAfterMs >= 60000 ? ` Try again in ${Math.ceil(problem.retryAfterMs / 60000)} min.` : '';
  const word = {forbidden: 'Your role does not allow it: ', unavailable: 'Something the console needs does not answer: '}[problem.code] || '';
  return word + plain(problem.message) + wait;
}

export function trouble(problem) {
  return h('p', {class: 'trouble', role: 'alert'}, said(problem));
}

const asked = new WeakMap(); // what a place waits for

/** Shows what a promise gives, or why not; an answer that comes after a newer question is not shown. */
export async function show(place, promise, draw) {
  put(place, h('p', {class: 'nothing'}, 'Loading …'));
  try {
    await draws(place, promise, draw);
  } catch (problem) {
    put(place, trouble(problem));
  }
}

/** The same, but throws why not. */
export async function draws(place, promise, draw) {
  asked.set(place, promise);
  const newest = () => asked.get(place) === promise;
  try {
    const answer = await promise;
    if (newest()) {
      put(place, draw(answer));
    }
  } catch (problem) {
    if (newest()) {
      throw problem;
    }
  }
}

let pressed = false; // the pointer is down
const waiting = new Map(); // redraws, by place

addEventListener('pointerdown', (event) => {
  pressed = event.button === 0;
});
for (const end of ['pointerup', 'pointercancel', 'contextmenu', 'blur']) {
  addEventListener(end, () => setTimeout(() => { // after the click
    pressed = false;
    const held = [...waiting.values()];
    waiting.clear();
    held.forEach((draw) => draw());
  }));
}

/**
 * Draws a place anew that changes by itself, without taking from the reader what is under the hand: not while the pointer
 * is down, whose click would be lost; and who stands by keyboard on a button below a `data-key` stands on it after.
 */
export function redraw(place, draw) {
  if (pressed) {
    waiting.set(place, () => redraw(place, draw));
    return;
  }
  const before = document.activeElement;
  const key = place.contains(before) && before.closest('[data-key]')?.dataset.key;
  draw();
  if (!key || before.isConnected) {
    return;
  }
  const alike = (one) => one.localName === before.localName && (one.localName === 'summary' || one.textContent === before.textContent);
  const same = [...document.querySelectorAll('[data-key]')].find((one) => one.dataset.key === key);
  [...same?.querySelectorAll('button, a, summary') || []].find(alike)?.focus({preventScroll: true});
}

const made = new WeakMap(); // when the toasts were
const CORNERS = ['', 'at-top', 'at-left'];

/** Another page opens: what the one before said goes. What was said just now is why it opens. */
export function clearToasts() {
  for (const line of [...document.getElementById('toasts').children]) {
    if (!(Date.now() - made.get(line) < 500)) {
      line.remove();
    }
  }
}

// In the first corner where they lie over no field; else in the usual one.
function place(all) {
  const inputs = [...document.querySelectorAll('input, select, textarea')].map((one) => one.getBoundingClientRect());
  const free = (corner) => {
    all.className = corner;
    const box = all.getBoundingClientRect();
    return !inputs.some((one) => one.left < box.right && one.right > box.left && one.top < box.bottom && one.bottom > box.top);
  };
  if (!CORNERS.some(free)) {
    all.className = '';
  }
}

/** A line at the edge that goes by itself. */
export function toast(message, kind = 'ok') {
  const line = h('p', {class: 'toast toast-' + kind, onclick: () => line.remove()}, message);
  made.set(line, Date.now());
  const all = document.getElementById('toasts');
  all.append(line);
  place(all);
  setTimeout(() => line.remove(), kind === 'bad' ? 9000 : 5000);
}

/** Asks before something is done; resolves to the values of the form, or null. */
export function ask(title, explanation, children, action, kind = 'danger') {
  return new Promise((resolve) => {
    const titleId = 'dialog-title-' + ++fields;
    const dialog = h('dialog', {class: 'dialog', 'aria-labelledby': titleId});
    let values = null;
    const inside = h('form', {method: 'dialog', class: 'form'}, h('h2', {id: titleId}, title), explanation ? h('p', {}, explanation) : null, children,
      h('div', {class: 'form-end'}, h('button', {type: 'button', class: 'button', onclick: () => dialog.close()}, 'Leave it'), h('button', {type: 'submit', class: 'button ' + kind}, action)));
    inside.addEventListener('submit', () => {
      values = Object.fromEntries(new FormData(inside));
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(values);
    });
    dialog.append(inside);
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Shows something to be closed. */
export function tell(title, ...content) {
  const titleId = 'dialog-title-' + ++fields;
  const dialog = h('dialog', {class: 'dialog', 'aria-labelledby': titleId}, h('h2', {id: titleId}, title), content,
    h('div', {class: 'form-end'}, h('button', {type: 'button', class: 'button primary', onclick: () => dialog.close()}, 'Close')));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Does something, and says how it went. */
export async function attempt(work, done) {
  try {
    const answer = await work();
    if (done) {
      toast(typeof done === 'function' ? done(answer) : done);
    }
    return answer;
  } catch (problem) {
    toast(said(problem), 'bad');
    return null;
  }
}

/** Whether a role may do what another one may. */
export function covers(me, role) {
  const order = ['viewer', 'operator', 'owner'];
  return order.indexOf(me.role) >= order.indexOf(role);
}

/** A product among others: names may be alike, and the audit log has the numbers alone. */
export function productName(app) {
  return `${app.name} · product ${app.app_id}`;
}

/** Where a page needs a product and there is none. */
export function noProduct() {
  return card(null, h('p', {class: 'nothing'}, 'There is no product yet: an owner makes one under ', h('a', {href: '#/products'}, 'Products, keys'), '.'));
}

/** A select with all apps; the one of before is chosen again. */
export async function appChoice(chosen) {
  const {apps = []} = await get('/api/v1/apps');
  const known = chosen || remembered();
  const select = choice('app', apps.map((app) => [app.app_id, productName(app)]), known);
  select.addEventListener('change', () => remember(select.value));
  return {select, apps};
}

function remembered() {
  try {
    return localStorage.getItem('app') || '';
  } catch {
    return '';
  }
}

export function remember(app) {
  try {
    localStorage.setItem('app', app);
  } catch {
    // a browser that keeps nothing asks again
  }
}

/** A dot that says whether what is shown moves. */
export function liveDot() {
  const word = h('span', {}, 'connecting');
  const element = h('span', {class: 'live live-waiting'}, h('span', {class: 'live-dot', 'aria-hidden': 'true'}), word);
  return {
    element,
    state(state) {
      element.className = 'live live-' + state;
      put(word, state === 'live' ? 'live' : 'no connection');
    },
  };
}

export {append, h, put};
