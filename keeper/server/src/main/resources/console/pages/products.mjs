// Products, their quotas, their keys.
import {get, post, remove} from '../js/api.mjs';
import {bytes, h, number, put, when} from '../js/dom.mjs';
import {ask, attempt, badge, button, card, choice, code, covers, facts, field, form, head, show as load, table, tell, text, toast} from '../js/ui.mjs';

const SCOPES = ['send', 'read', 'kick', 'manage', 'receive'];

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
      {label: 'Longest ttl', class: 'fixed', cell: (app) => app.settings.max_ttl},
      {label: 'Receipts', cell: (app) => app.settings.receipts ? 'kept' : 'no'},
      {label: 'Made', class: 'fixed', cell: (app) => when(app.created_ms)},
    ], answer.apps || [], 'There is no product yet.', 'Products')));
  }
}

async function create() {
  const values = await ask('New product', 'It gets an app key for its SDK; make an API key for its backend next.', [field('Name', text('name', '', {maxlength: 64, required: true}))], 'Make it', 'primary');
  if (values) {
    const app = await attempt(() => post('/api/v1/apps', {name: values.name.trim()}), (made) => `${made.name} is product ${made.app_id}`);
    if (app) {
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
      card(null, facts([['Number', app.app_id], ['App key, for its SDK', code(app.app_key)], ['Made', when(app.created_ms)], ['Waiting for its endpoints', `${number(usage.stored_messages)} ${Number(usage.stored_messages) === 1 ? 'message' : 'messages'}, ${bytes(usage.stored_bytes)}`], ['Sends a second', number(usage.sends_per_second)]])),
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
  ], keys, 'It has no API key.', 'API keys');
}

async function newKey(app, again) {
  const values = await ask('New API key of ' + app.name, 'The key is shown once. A product has two live keys at most.',
    [field('Label', text('label', '', {maxlength: 64})), field('Expires in', text('expires', '', {placeholder: '90d'}), 'Empty: never'),
      h('fieldset', {class: 'form'}, h('legend', {}, 'It may'), SCOPES.map((scope) => {
        const box = h('input', {type: 'checkbox', name: 'scope-' + scope, id: 'scope-' + scope, checked: scope === 'send' || scope === 'read'});
        return h('div', {class: 'check'}, box, h('label', {for: box.id}, scope));
      })), field('Networks', text('networks', '', {placeholder: '10.0.0.0/8, 2001:db8::/32'}), 'Empty: from anywhere')], 'Make the key', 'primary');
  if (values) {
    const scopes = SCOPES.filter((scope) => values['scope-' + scope]);
    const networks = values.networks.split(',').map((one) => one.trim()).filter(Boolean);
    const key = await attempt(() => post(`/api/v1/apps/${app.app_id}/keys`, {label: values.label, scopes, expires_in: values.expires.trim(), networks}));
    if (key) {
      tell('The key, shown only now', h('p', {}, 'Give it to the backend of ', app.name, '; only its hash is kept.'), copied(key.key));
      again();
    }
  }
}

/** The key, and a button that copies it; where a browser does not let it, the key is selected. */
function copied(key) {
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
  }), how)];
}

async function revoke(app, key, again) {
  if (await ask('Revoke key ' + key.key_id, `Whoever uses it is refused within 5 seconds. It was last used ${key.used_ms ? new Date(key.used_ms).toLocaleString('en') : 'never'}.`, [], 'Revoke it')) {
    await attempt(() => remove(`/api/v1/apps/${app.app_id}/keys/${key.key_id}`), 'Revoked');
    again();
  }
}

function settings(me, app, done) {
  const set = app.settings;
  if (!covers(me, 'owner')) {
    return facts(Object.entries(set).map(([name, value]) => [name.replaceAll('_', ' '), String(value)]));
  }
  const whole = (name, label, hint) => field(label, text(name, set[name] ?? 0, {type: 'number', min: 0, inputmode: 'numeric'}), hint);
  const inputs = [whole('sends_per_second', 'Sends a second', 'Each target counts'), whole('inbox_messages', 'Inbox, messages', 'Of one endpoint'), whole('inbox_bytes', 'Inbox, bytes', 'Of one endpoint'),
    field('When an inbox is full', choice('overflow', [['drop_oldest', 'drop the oldest'], ['reject_new', 'reject the new one'], ['collapse', 'collapse']], set.overflow)),
    field('Longest ttl', text('max_ttl', set.max_ttl), 'Up to 30d'), whole('fan_out', 'Targets of a request', '1 to 1000'), whole('stored_messages', 'Waiting in all, messages', '0: no limit'),
    whole('stored_bytes', 'Waiting in all, bytes', '0: no limit'), whole('broadcast_size', 'Broadcasts above need approval', '0: none does'),
    field('Receipts', choice('receipts', [['true', 'kept to be pulled'], ['false', 'not kept']], String(set.receipts))),
    field('Devices of a user', choice('devices', [['all', 'all'], ['one_per_platform', 'one per platform'], ['newest', 'the newest'], ['oldest', 'the oldest']], set.devices))];
  return form(inputs, 'Save', async (values) => {
    const changed = {};
    for (const [name, value] of Object.entries(values)) {
      if (String(set[name] ?? 0) !== value) {
        changed[name] = name === 'receipts' ? value === 'true' : /^(overflow|max_ttl|devices)$/.test(name) ? value.trim() : Number(value);
      }
    }
    await post(`/api/v1/apps/${app.app_id}:update`, {settings: changed});
    toast('Saved');
    done();
  }, 'form-line');
}

