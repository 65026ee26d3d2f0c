// One endpoint: its session, what waits for it, what it was sent, what it is, and a kick. Found by its id, or by the user it belongs to.
import {get, post} from '../js/api.mjs';
import {bytes, h, number, put, when} from '../js/dom.mjs';
import {appChoice, ask, attempt, badge, button, card, code, covers, draws, facts, field, form, ended, head, noProduct, remember, show as load, table, text, trouble} from '../js/ui.mjs';

export function show(root, {me, params}) {
  const found = h('div', {id: 'found'});
  const place = h('div', {});
  put(root, head('Find a device'), place, found);
  load(place, appChoice(params.app), ({select, apps}) => {
    if (apps.length === 0) {
      return noProduct();
    }
    const name = text('endpoint', params.endpoint || '', {placeholder: 'ep_... or a user of the product'});
    const search = form([field('Product', select), field('Endpoint or user', name)], 'Find', async (values) => {
      remember(values.app);
      history.replaceState(null, '', `#/device?app=${values.app}&endpoint=${encodeURIComponent(values.endpoint.trim())}`);
      put(found);
      await find(found, me, values.app, values.endpoint.trim());
    }, 'form-line');
    if (params.endpoint) {
      queueMicrotask(() => find(found, me, select.value, params.endpoint).catch((problem) => put(found, trouble(problem))));
    }
    return card(null, search);
  });
}

async function find(place, me, app, name) {
  if (name.startsWith('ep_')) {
    await device(place, me, app, name);
    return;
  }
  await draws(place, get('/api/v1/aliases/' + encodeURIComponent(name), {app}), (user) => card(`Endpoints of ${user.alias}`, table([
    {label: 'Endpoint', cell: (endpoint) => h('a', {href: `#/device?app=${app}&endpoint=${encodeURIComponent(endpoint)}`}, code(endpoint))},
  ], user.endpoints || [], 'No endpoint of this product belongs to this user.', 'Endpoints')));
}

async function device(place, me, app, endpoint) {
  const path = '/api/v1/endpoints/' + encodeURIComponent(endpoint);
  const all = Promise.all([get(path, {app}), get(path + '/inbox', {app, limit: 100}), get(path + '/history', {app}), get(path + '/profile', {app}), get('/api/v1/dead-letters', {app, endpoint, limit: 500})]);
  const again = () => device(place, me, app, endpoint).catch((problem) => put(place, trouble(problem)));
  await draws(place, all, ([state, inbox, past, profile, dead]) => [
    session(me, app, state, again), card('Inbox', waiting(app, inbox)), sent(app, endpoint, past), card('Profile', who(profile)), card('Given up', dead0(app, dead))]);
}

function session(me, app, state, again) {
  return card(null,
    h('div', {class: 'broadcast-top'}, h('h2', {}, code(state.endpoint)), badge(state.state, {online: 'ok', offline: 'plain'}[state.state] || 'warn')),
    facts([['Room', state.room ? h('a', {href: '#/rooms'}, state.room) : '-'], [state.state === 'online' ? 'Online since' : 'Last seen', when(state.since_ms || state.seen_ms)],
      ['Connection', Number(state.conn_seq) ? code(state.conn_seq) : '-'], ['Waiting', number(state.waiting)], ['Registration', state.registered || '-'], ['App runs', {yes: 'yes', no: 'no: it last answered so'}[state.app_running] || 'not known']]),
    h('div', {class: 'form-end'}, button('Look again', again), covers(me, 'operator') ? [h('a', {class: 'button danger', href: `#/bans?app=${app}&who=${encodeURIComponent(state.endpoint)}`}, 'Ban'), button('Kick', () => kick(app, state, again), 'danger', state.state === 'offline' ? 'Offline: no session to close' : '')] : null));
}

function named(app, message, endpoint) {
  return h('a', {href: `#/message?app=${app}&message=${message}&endpoint=${encodeURIComponent(endpoint)}`}, code(message));
}

function waiting(app, inbox) {
  const count = Number(inbox.messages);
  return [count === 0 ? null : h('p', {class: 'muted'}, `${number(count)} ${count === 1 ? 'message' : 'messages'}, ${bytes(inbox.bytes)}`), table([
    {label: 'Message', class: 'fixed', cell: (item) => named(app, item.message_id, inbox.endpoint)},
    {label: 'Accepted', class: 'fixed', cell: (item) => when(item.accepted_ms)},
    {label: 'Expires', class: 'fixed', cell: (item) => when(item.expires_ms)},
    {label: 'Deliveries', class: 'num', cell: (item) => number(item.attempts)},
    {label: 'Size', class: 'num', cell: (item) => bytes(item.size)},
  ], inbox.items || [], 'Nothing waits for it.', 'Messages that wait')];
}

// What it was sent, a page at a time.
function sent(app, endpoint, past) {
  const place = h('div', {});
  const draw = (items, cursor) => put(place, table([
    {label: 'Message', class: 'fixed', cell: (item) => named(app, item.message_id, endpoint)},
    {label: 'Accepted', class: 'fixed', cell: (item) => when(item.accepted_ms)},
    {label: 'Became', cell: (item) => ended(item.state)},
    {label: 'Reason', cell: (item) => item.reason_code && item.reason_code !== item.state ? code(item.reason_code) : '-'},
    {label: 'At', class: 'fixed', cell: (item) => item.ended_ms ? when(item.ended_ms) : '-'},
    {label: 'Deliveries', class: 'num', cell: (item) => number(item.attempts)},
  ], items, 'It was sent nothing in the last seven days.', 'Messages of the last seven days'),
  cursor ? h('div', {class: 'form-end'}, button('Older', async () => {
    const next = await attempt(() => get('/api/v1/endpoints/' + encodeURIComponent(endpoint) + '/history', {app, cursor}));
    if (next) {
      draw([...items, ...(next.items || [])], next.cursor);
    }
  })) : null);
  draw(past.items || [], past.cursor);
  return card('History', place);
}

function who(profile) {
  const attributes = Object.entries(profile.attributes || {});
  const users = profile.aliases || [];
  const tags = profile.tags || [];
  if (users.length === 0 && tags.length === 0 && attributes.length === 0) {
    return h('p', {class: 'nothing'}, 'No user, tags or attributes set', Number(profile.changed_ms) ? [', changed ', when(profile.changed_ms)] : '', '.');
  }
  return [facts([['Users', users.join(', ') || '-'], ['Tags', tags.length ? h('span', {class: 'badges'}, tags.map((tag) => badge(tag))) : '-'], ['Changed', when(profile.changed_ms)]]),
    attributes.length ? [h('h3', {}, 'Attributes'), facts(attributes.map(([name, value]) => [code(name), code(value)]))] : null];
}

function dead0(app, dead) {
  return table([
    {label: 'Message', class: 'fixed', cell: (letter) => named(app, letter.message_id, letter.endpoint)},
    {label: 'Given up', class: 'fixed', cell: (letter) => when(letter.dead_ms)},
    {label: 'Why', cell: (letter) => letter.reason},
  ], [...dead.letters || []].sort((a, b) => Number(b.dead_ms) - Number(a.dead_ms)), 'No message to it was given up in the last seven days.', 'Dead letters');
}

async function kick(app, state, again) {
  const values = await ask('Kick ' + state.endpoint, 'Its session is closed and the phone is told why. It comes back by itself, not before the time given.',
    [field('Reason', text('reason', 'by an operator', {maxlength: 256}), 'The phone is told'), field('Not back before, in seconds', text('seconds', '30', {type: 'number', min: 0, max: 3600, inputmode: 'numeric'}), '0 to 3600')], 'Kick it');
  if (values) {
    await attempt(() => post(`/api/v1/endpoints/${state.endpoint}:kick`, {reason: values.reason, retry_after_seconds: Number(values.seconds)}, {app}),
      (answer) => answer.kicked ? 'Kicked' : `Not kicked: ${answer.state}`);
    await again();
  }
}
