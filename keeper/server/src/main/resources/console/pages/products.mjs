// Products, their quotas, their keys.
import {get, post, remove} from '../js/api.mjs';
import {bytes, h, number, put, time, when} from '../js/dom.mjs';
import {ask, attempt, badge, button, card, choice, code, covers, facts, field, form, head, show as load, table, tell, text, toast} from '../js/ui.mjs';

// What a backend may do with a key, as docs/api.md has it.
const SCOPES = {
  send: 'Send, broadcast, schedule, cancel, revoke; resend dead letters.',
  read: 'See messages, broadcasts, endpoints, receipts and schedules.',
  kick: 'Close sessions; ban endpoints and users, and lift bans.',
  manage: 'Set tags, attributes and aliases; delete endpoints.',
  receive: 'Get what phones say and who is online; answer requests.',
};

export function show(root, {me, params}) {
  const place = h('div', {});
  put(root, head('Products and keys', covers(me, 'owner') ? button('New product', () => create(), 'primary') : null), place);
  if (params.app) {
    one(place, me, params.app);
  } else {
    load(place, get('/api/v1/apps'), (answer) => card(null, table([
      {label: 'Product', cell: (app) => h('a', {href: '#/products?app=' + app.app_id}, app.name)},
      {label: 'Number', class: 'num', cell: (app) => app.app_id},
      {label: 'Sends/s', class: 'num', cell: (app) => number(app.settings.sends_per_second)},
      {label: 'Inbox', class: 'num', cell: (app) => `${number(app.settings.inbox_messages)} ${Number(app.settings.inbox_messages) === 1 ? 'message' : 'messages'}`},
      {label: 'Longest TTL', class: 'fixed', cell: (app) => app.settings.max_ttl},
      {label: 'Receipts', cell: (app) => app.settings.receipts ? 'kept' : 'not kept'},
      {label: 'Made', class: 'fixed', cell: (app) => when(app.created_ms)},
    ], answer.apps || [], covers(me, 'owner') ? 'There is no product yet: "New product" makes one.' : 'There is no product yet: an owner makes one.', 'Products')));
  }
}

const unanswered = {}; // by name, the key of an order whose answer did not come: done again it makes no second product

function random() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function create() {
  const values = await ask('New product', 'It gets an app key for its SDK; make an API key for its backend next.', [field('Name', text('name', '', {maxlength: 64, required: true}))], 'Make it', 'primary');
  if (values) {
    const name = values.name.trim();
    unanswered[name] ??= random();
    const app = await attempt(() => post('/api/v1/apps', {name, idempotency_key: unanswered[name]}), (made) => `${made.name} is product ${made.app_id}`);
    if (app) {
      delete unanswered[name];
      location.hash = '#/products?app=' + app.app_id;
    }
  }
}

function one(place, me, id) {
  load(place, Promise.all([get('/api/v1/apps/' + id), get(`/api/v1/apps/${id}/keys`), get('/api/v1/usage', {app_id: id})]), ([app, keys, usage]) => {
    const list = h('div', {}, keyTable(me, app, keys.keys || []));
    const again = () => load(list, get(`/api/v1/apps/${id}/keys`), (answer) => keyTable(me, app, answer.keys || [], again));
    put(list, keyTable(me, app, keys.keys || [], again));
    return [
      h('div', {class: 'broadcast-top'}, h('h2', {}, app.name), h('a', {href: '#/products'}, 'All products')),
      card(null, facts([['Number', app.app_id], ['Made', when(app.created_ms)], ['Waiting for its endpoints', `${number(usage.stored_messages)} ${Number(usage.stored_messages) === 1 ? 'message' : 'messages'}, ${bytes(usage.stored_bytes)}`]]),
        h('div', {class: 'key-row'}, h('div', {class: 'muted small'}, 'App key, for its SDK'), copied(app.app_key))),
      h('section', {class: 'card'}, h('div', {class: 'broadcast-top'}, h('h2', {}, 'API keys'), covers(me, 'owner') ? button('New key', () => newKey(app, again)) : null), list),
      card('Settings', settings(me, app, () => one(place, me, id)))];
  });
}

function keyTable(me, app, keys, again) {
  return table([
    {label: 'Key', cell: (key) => [code(key.key_id), h('div', {class: 'muted small'}, key.label || 'no label')]},
    {label: 'May', cell: (key) => h('span', {class: 'badges'}, (key.scopes || []).length ? key.scopes.map((scope) => badge(scope)) : badge('everything', 'info'))},
    {label: 'From', cell: (key) => (key.networks || []).join(', ') || 'anywhere'},
    {label: 'Last used', class: 'fixed', cell: (key) => when(key.used_ms)},
    {label: 'Expires', class: 'fixed', cell: (key) => key.expires_ms ? when(key.expires_ms) : 'never'},
    {label: '', cell: (key) => key.revoked ? badge('revoked', 'bad') : covers(me, 'owner') ? button('Revoke', () => revoke(app, key, again), 'small danger') : badge('live', 'ok')},
  ], keys, covers(me, 'owner') ? 'It has no API key yet: "New key" makes one for its backend.' : 'It has no API key yet.', 'API keys');
}

async function newKey(app, again) {
  const everything = h('p', {class: 'note', role: 'status', hidden: true}, 'Nothing is ticked: this key may do everything.');
  const warn = (boxes) => {
    everything.hidden = [...boxes.querySelectorAll('input')].some((box) => box.checked);
  };
  const values = await ask('New API key of ' + app.name, 'The key is shown once. A product has two live keys at most.',
    h('div', {class: 'form dialog-body'}, field('Label', text('label', '', {maxlength: 64})), field('Expires in', text('expires', '', {placeholder: '90d'}), 'Empty: never'),
      h('fieldset', {class: 'form', onchange: (event) => warn(event.currentTarget)}, h('legend', {}, 'It may'), Object.entries(SCOPES).map(([scope, may]) => {
        const id = 'scope-' + scope;
        const box = h('input', {type: 'checkbox', name: id, id, checked: scope === 'send' || scope === 'read', 'aria-describedby': id + '-hint'});
        return h('div', {class: 'check'}, box, h('div', {}, h('label', {for: id}, scope), h('span', {class: 'hint', id: id + '-hint'}, may)));
      }), everything), field('Networks', text('networks', '', {placeholder: '10.0.0.0/8, 2001:db8::/32'}), 'Empty: from anywhere')), 'Make the key', 'primary');
  if (values) {
    const scopes = Object.keys(SCOPES).filter((scope) => values['scope-' + scope]);
    const networks = values.networks.split(',').map((one) => one.trim()).filter(Boolean);
    const key = await attempt(() => post(`/api/v1/apps/${app.app_id}/keys`, {label: values.label, scopes, expires_in: values.expires.trim(), networks}));
    if (key) {
      tell('The key, shown only now', h('p', {}, 'Give it to the backend of ', app.name, '; only its hash is kept.'), copied(key.key, 'primary'));
      document.querySelector('dialog[open] > .form-end > .primary')?.classList.remove('primary'); // closing is not what is next
      again();
    }
  }
}

/** The key, and a button that copies it; where a browser does not let it, the key is selected. */
function copied(key, kind = '') {
  const shown = h('code', {class: 'secret'}, key);
  const how = h('span', {class: 'muted small', role: 'status'});
  return [h('p', {}, shown), h('div', {class: 'acts'}, button('Copy', async () => {
    try {
      await navigator.clipboard.writeText(key); // there is none without TLS
      put(how, 'Copied');
    } catch {
      getSelection().selectAllChildren(shown);
      put(how, 'Selected: copy it now');
    }
  }, kind), how)];
}

async function revoke(app, key, again) {
  if (await ask('Revoke key ' + key.key_id, `Whoever uses it is refused within 5 seconds. It was ${Number(key.used_ms) ? 'last used ' + time(key.used_ms) : 'never used'}.`, [], 'Revoke it')) {
    await attempt(() => remove(`/api/v1/apps/${app.app_id}/keys/${key.key_id}`), `Key ${key.label || key.key_id} is revoked`);
    again();
  }
}

const LABELS = {
  sends_per_second: 'Sends a second', inbox_messages: 'Inbox, messages', inbox_bytes: 'Inbox, bytes', overflow: 'When an inbox is full', max_ttl: 'Longest TTL', fan_out: 'Targets of a request',
  stored_messages: 'Waiting in all, messages', stored_bytes: 'Waiting in all, bytes', broadcast_size: 'Approval needed above, endpoints', receipts: 'Receipts', devices: 'Devices of a user',
};
const CHOICES = {
  overflow: [['drop_oldest', 'drop the oldest'], ['reject_new', 'reject the new one'], ['collapse', 'collapse']],
  receipts: [['true', 'kept to be pulled'], ['false', 'not kept']],
  devices: [['all', 'all'], ['one_per_platform', 'one per platform'], ['newest', 'the newest'], ['oldest', 'the oldest']],
};
const NONE = {stored_messages: 'no limit', stored_bytes: 'no limit', broadcast_size: 'never'}; // what 0 means

/** A setting in the words of the form. */
function setting(name, value) {
  const [, words] = (CHOICES[name] || []).find(([one]) => one === String(value)) || [];
  if (words || name === 'max_ttl') {
    return words || value || '-';
  }
  const count = Number(value ?? 0);
  return count === 0 && NONE[name] || (name.endsWith('_bytes') ? bytes(count) : number(count));
}

function settings(me, app, done) {
  const set = app.settings;
  if (!covers(me, 'owner')) {
    return facts(Object.entries(LABELS).map(([name, label]) => [label, setting(name, set[name])]));
  }
  const whole = (name, hint = '0: ' + NONE[name]) => field(LABELS[name], text(name, set[name] ?? 0, {type: 'number', min: 0, inputmode: 'numeric'}), hint);
  const sized = (name, hint) => {
    const element = whole(name, hint);
    const said = element.querySelector('.hint');
    const say = () => put(said, `${hint}${Number(element.input.value) > 0 ? '; ' + bytes(element.input.value) : ''}`);
    element.input.addEventListener('input', say);
    say();
    return element;
  };
  const select = (name) => field(LABELS[name], choice(name, CHOICES[name], String(set[name])));
  const inputs = [whole('sends_per_second', 'Each target counts'), whole('inbox_messages', 'Of one endpoint'), sized('inbox_bytes', 'Of one endpoint'), select('overflow'),
    field(LABELS.max_ttl, text('max_ttl', set.max_ttl), 'Up to 30d'), whole('fan_out', '1 to 1000'), whole('stored_messages'), sized('stored_bytes', '0: no limit'), whole('broadcast_size', 'Of a broadcast; 0: never'),
    select('receipts'), select('devices')];
  return form(inputs, 'Save', async (values) => {
    const changed = {};
    for (const [name, value] of Object.entries(values)) {
      if (value.trim() === '') { // also what a number field holds that is no number; 0 would mean that there is no limit
        throw new Error(`${name}: missing (expected: ${name === 'max_ttl' ? '1s to 30d' : 'a whole number'})`);
      }
      if (String(set[name] ?? 0) !== value) {
        changed[name] = name === 'receipts' ? value === 'true' : /^(overflow|max_ttl|devices)$/.test(name) ? value.trim() : Number(value);
      }
    }
    await post(`/api/v1/apps/${app.app_id}:update`, {settings: changed});
    toast('Saved');
    done();
  }, 'form-line');
}

