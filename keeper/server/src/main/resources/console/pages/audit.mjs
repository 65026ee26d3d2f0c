// Who changed what, newest first; each change was recorded before it was made.
import {get} from '../js/api.mjs';
import {breaks, h, number, put, time, when, words} from '../js/dom.mjs';
import {attempt, badge, button, card, field, head, productName, show as load, table} from '../js/ui.mjs';

// What the subject of an action is, by how the action begins.
const SUBJECTS = [['app.call', 'call'], ['app.', 'product'], ['key.', 'key'], ['ban.', 'banned'], ['broadcast.', 'broadcast'], ['connection.', 'endpoint'], ['event.', 'type'], ['callback.', 'type'],
  ['config.', 'part'], ['process.sampling', 'part'], ['process.', 'process'], ['room.', 'room'], ['console.', 'user']];

// How the detail of an action reads: a pattern, and the names of its groups.
const DETAILS = [
  [/^key\.create/, /^label (.*), scopes \[(.*?)\], networks \[(.*?)\], expires_ms (\d+)$/, ['label', 'scopes', 'networks', 'expires']],
  [/^key\./, /^label (.*)$/, ['label']],
  [/^ban\.create/, /^(?:for )?(\S+|until lifted); ?(.*)$/, ['duration', 'reason']],
  [/^connection\.kick/, /^retry after (\d+ s); ?(.*)$/, ['retry after', 'reason']],
  [/^callback\.put/, /^url (.*), secrets (\d+)$/, ['url', 'secrets']],
  [/^broadcast\.pace/, /^rate_per_second (\d+), duration_s (\d+)$/, ['phones a second', 'duration in seconds']],
  [/^broadcast\./, /^(.*)$/, ['reason']],
  [/^config\./, /^(?:version (\d+)(?:; |$))?(?:scope (.*?)(?:; |$))?(?:comment (.*?)(?:; (?=reason )|$))?(?:reason (.*))?$/, ['version', 'scope', 'comment', 'reason']],
  [/^process\.profile/, /^(\w+), (.*)$/, ['event', 'time']],
  [/^process\.sampling/, /^(.*)$/, ['sampling']],
  [/^process\.heap/, /^(.*)$/, ['cost']],
  [/^room\.drain/, /^within (.*)$/, ['within']],
  [/^console\./, /^(?:role (\w+))?(?:, )?(?:(another) password)?$/, ['role', 'password']],
];

export function show(root) {
  const place = h('div', {});
  put(root, head('Audit log', button('Look again', () => open())), card(null, place));
  const open = () => load(place, Promise.all([page(''), names()]), ([first, products]) => entries(first, products));
  open();
}

function page(cursor) {
  return get('/api/v1/audit', {cursor, limit: matchMedia('(max-width: 720px)').matches ? 50 : 100});
}

// The names of the products, by number; none if they cannot be had.
async function names() {
  try {
    const {apps = []} = await get('/api/v1/apps');
    return new Map(apps.map((app) => [String(app.app_id), productName(app)]));
  } catch {
    return new Map();
  }
}

const orNone = (all) => all.length ? all : '-';

function columns(line) {
  return [
    {label: 'When', class: 'fixed', cell: (entry) => when(entry.at_ms)},
    {label: 'Who', cell: (entry) => [h('strong', {class: 'unbroken'}, line(entry).who), h('div', {class: 'muted small whole'}, entry.address)]},
    {label: 'What', cell: (entry) => badge(entry.action, entry.action.endsWith('.failed') ? 'bad' : 'plain')},
    {label: 'Product', class: 'whole product', cell: (entry) => line(entry).product || '-'},
    {label: 'To', class: 'to', cell: (entry) => orNone(line(entry).to.map(([name, value]) => [name ? h('span', {class: 'muted'}, name + ': ') : null, h('code', {}, breaks(value, '/:'))]))},
    {label: 'How', class: 'whole', cell: (entry) => orNone(line(entry).how.map(([name, value], i) => [i ? '; ' : null, h('span', {class: 'muted'}, name + ': '), /^\d+ \S+$/.test(value) ? h('span', {class: 'unbroken'}, value) : words(value)]))},
  ];
}

/** An entry as it is shown: names and values, without those that say nothing. */
function read(entry, all, products) {
  const [, detail, why] = failure(entry, all);
  return {
    who: entry.actor.replace(/^admin\//, ''),
    product: entry.app_id ? products.get(String(entry.app_id)) || 'product ' + entry.app_id : '',
    to: subject(entry),
    how: [...said(entry.action, detail), ...(why ? [['failed', why]] : [])],
  };
}

function subject(entry) {
  if (!entry.subject) {
    return [];
  }
  const [, name] = SUBJECTS.find(([start]) => entry.action.startsWith(start)) || ['', ''];
  return entry.action.startsWith('ban.') && entry.subject.startsWith('ban ') ? [['ban', entry.subject.slice(4)]] : [[name, entry.subject]];
}

// The record of a failure has the detail of what was tried, and why it failed behind it.
function failure(entry, all) {
  const detail = (entry.detail || '').trim();
  if (!entry.action.endsWith('.failed')) {
    return ['', detail, ''];
  }
  const tried = all.find((one) => one.action + '.failed' === entry.action && one.subject === entry.subject && one.at_ms <= entry.at_ms && detail.startsWith(`${one.detail || ''}; `));
  return tried ? ['', (tried.detail || '').trim(), detail.slice((tried.detail || '').length + 2)] : ['', '', detail.replace(/^; /, '')];
}

function said(action, detail) {
  if (!detail) {
    return [];
  }
  const [, pattern, fields] = DETAILS.find(([actions]) => actions.test(action)) || [];
  const found = pattern && pattern.exec(detail);
  if (found) {
    return pairs(fields.map((name, i) => [name, found[i + 1] || '']));
  }
  if (/^[a-z_]+: /.test(detail)) { // settings
    return pairs([...detail.matchAll(/([a-z_]+): ("(?:[^"\\]|\\.)*"|\S+)/g)].map(([, name, value]) => [name, value.replace(/^"(.*)"$/, '$1')]))
      .map(([name, value]) => [name.replaceAll('_', ' '), /^\d{4,}$/.test(value) ? number(value) : value]);
  }
  return [['detail', detail.replace(/;\s*$/, '')]];
}

function pairs(all) {
  return all.map(([name, value]) => /_ms$|^expires$/.test(name) && /^\d+$/.test(value) ? [name.replace(/_ms$/, ''), Number(value) ? time(value) : ''] : [name, value.trim().replace(/;$/, '').replace(/^(host|instance): "(.*)"$/, '$1 $2')])
    .filter(([name, value]) => name && value && value !== '0' && value !== '[]');
}

function entries({entries: all = [], cursor}, products) {
  const list = h('div', {});
  const search = h('input', {type: 'search', autocomplete: 'off', spellcheck: 'false', oninput: () => draw()});
  const known = new Map();
  const line = (entry) => {
    if (!known.has(entry)) {
      known.set(entry, read(entry, all, products));
    }
    return known.get(entry);
  };
  const older = button('Show older', async () => {
    older.disabled = true;
    const next = await attempt(() => page(cursor));
    older.disabled = false;
    if (next) {
      all = [...all, ...(next.entries || [])];
      cursor = next.cursor;
      known.clear(); // what a failure was of may be there now
      draw();
      older.focus({preventScroll: true});
    }
  });
  const text = (entry) => {
    const {who, product, to, how} = line(entry);
    return [who, entry.address, entry.action, product, entry.subject, entry.detail, ...to.flat(), ...how.map((pair) => pair.join(': '))].join(' ').toLowerCase();
  };
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    const found = all.filter((entry) => text(entry).includes(wanted));
    put(list, table(columns(line), found, all.length ? 'No entry matches these words.' + (cursor ? ' There are older ones.' : '') : 'Nothing has been changed yet.', 'Audit log'), cursor ? h('div', {class: 'form-end'}, older) : null);
  };
  draw();
  return [all.length ? h('div', {class: 'form form-line'}, field('Find among these', search)) : null, list];
}
