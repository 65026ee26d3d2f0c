// Where is my message, and why: the timeline of a message to an endpoint, or how far one to several is.
import {get, remove} from '../js/api.mjs';
import {h, number, put, when} from '../js/dom.mjs';
import {appChoice, ask, attempt, badge, button, card, code, covers, draws, ended, facts, field, form, head, noProduct, remember, show as load, text, trouble} from '../js/ui.mjs';

export function show(root, {me, params}) {
  const found = h('div', {id: 'found'});
  const place = h('div', {});
  put(root, head('Find a message'), place, found);
  load(place, appChoice(params.app), ({select, apps}) => {
    if (apps.length === 0) {
      return noProduct();
    }
    const message = text('message', params.message || '', {placeholder: '13 characters'});
    const endpoint = text('endpoint', params.endpoint || '', {placeholder: 'ep_...'});
    const search = form([field('Product', select), field('Message', message), field('Endpoint', endpoint, 'Empty for a message to several')], 'Find', async (values) => {
      remember(values.app);
      history.replaceState(null, '', `#/message?app=${values.app}&message=${encodeURIComponent(values.message.trim())}&endpoint=${encodeURIComponent(values.endpoint.trim())}`);
      put(found);
      await find(found, me, values.app, values.message.trim(), values.endpoint.trim());
    }, 'form-line');
    if (params.message) {
      queueMicrotask(() => find(found, me, select.value, params.message, params.endpoint || '').catch((problem) => put(found, trouble(problem))));
    }
    return card(null, search);
  });
}

const ID = /^[0-9A-Za-z]{13}$/;

async function find(place, me, app, message, endpoint) {
  if (message && !ID.test(message)) {
    throw new Error(`Not a message id (13 letters and digits): ${message}`);
  }
  const path = '/api/v1/messages/' + encodeURIComponent(message);
  if (endpoint) {
    await draws(place, get(path + '/endpoints/' + encodeURIComponent(endpoint), {app}), (one) => timeline(place, me, app, one));
  } else {
    await draws(place, get(path, {app}), (all) => funnel(app, all));
  }
}

function timeline(place, me, app, found) {
  const waiting = found.state === 'waiting' && covers(me, 'operator');
  return card(null,
    h('div', {class: 'broadcast-top'}, h('h2', {}, 'Message ', code(found.message_id)), ended(found.state)),
    h('p', {class: 'why'}, timed(capital(found.why || ''))),
    facts([['Endpoint', h('a', {href: `#/device?app=${app}&endpoint=${encodeURIComponent(found.endpoint)}`}, code(found.endpoint))],
      ['Expires', when(found.expires_ms)], ['Deliveries', number(found.attempts)], found.reason_code && found.reason_code !== found.state ? ['Reason', code(found.reason_code)] : null,
      found.traceparent ? ['Trace', code(found.traceparent)] : null]),
    h('h3', {}, 'Milestones'),
    h('ol', {class: 'timeline'}, (found.milestones || []).map((mark, index, all) => h('li', {}, h('strong', {}, mark.name), when(mark.at_ms),
      index > 0 ? h('span', {class: 'muted'}, ` +${number(mark.at_ms - all[index - 1].at_ms)}\u00a0ms`) : null, mark.code ? h('span', {class: 'muted'}, ` code ${mark.code}`) : null))),
    waiting ? h('div', {class: 'form-end'}, button('Cancel this message', () => cancel(place, me, app, found), 'danger')) : null);
}

function capital(sentence) {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

// Center says its times in UTC; here they are the browser's, as all others.
function timed(sentence) {
  return sentence.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/).map((part, index) => index % 2 ? when(Date.parse(part)) : part);
}

async function cancel(place, me, app, found) {
  if (await ask('Cancel message ' + found.message_id, 'It is not delivered any more.', [], 'Cancel the message')) {
    const ended = await attempt(() => remove(`/api/v1/messages/${found.message_id}/endpoints/${found.endpoint}`, {app}), (now) => now.state === 'cancelled' ? 'Cancelled' : `Not cancelled: it was ${now.state} before`);
    if (ended) {
      put(place, timeline(place, me, app, ended));
    }
  }
}

function funnel(app, found) {
  const counts = (map) => Object.entries(map || {}).map(([name, value]) => [name, number(value)]);
  return card(null, h('h2', {}, 'Message ', code(found.message_id)),
    facts([['Targets', number(found.targets)], ['Waiting', number(found.waiting)], ['First ack', when(found.first_ack_ms)], ['Last ack', when(found.last_ack_ms)],
      found.broadcast_id ? ['Broadcast', h('a', {href: '#/broadcasts'}, code(found.broadcast_id))] : null, found.unknown ? ['Refused, or kept no longer', number(found.unknown)] : null]),
    h('h3', {}, 'How they ended'), facts(counts(found.ended)), Object.keys(found.ended || {}).length ? null : h('p', {class: 'nothing'}, 'None has ended yet.'),
    Object.keys(found.receipts || {}).length ? [h('h3', {}, 'What phones told'), facts(counts(found.receipts))] : null);
}
