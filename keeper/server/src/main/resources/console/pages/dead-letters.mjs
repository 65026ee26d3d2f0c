// Messages that were given up because their app never acked them, and sending them again.
import {get, post} from '../js/api.mjs';
import {append, h, number, put, when} from '../js/dom.mjs';
import {appChoice, attempt, button, card, code, covers, field, head, noProduct, remember, show as load, table} from '../js/ui.mjs';

const PAGE = 50;

export function show(root, {me, params}) {
  const place = h('div', {});
  put(root, head('Dead letters'), place);
  load(place, appChoice(params.app), ({select, apps}) => {
    if (apps.length === 0) {
      return noProduct();
    }
    const list = h('div', {});
    const open = () => load(list, page(select.value, ''), (answer) => letters(me, select.value, answer));
    select.addEventListener('change', () => {
      remember(select.value);
      open();
    });
    open();
    return [card(null, h('div', {class: 'form form-line'}, field('Product', select))), card('Given up in the last seven days', list)];
  });
}

function page(app, cursor) {
  return get('/api/v1/dead-letters', {app, cursor, limit: PAGE});
}

function letters(me, app, answer) {
  const rest = h('div', {});
  if (answer.cursor) {
    const more = button('More', async () => {
      const next = await attempt(() => page(app, answer.cursor));
      if (next) {
        put(rest, letters(me, app, next));
      }
    });
    append(rest, more);
  }
  return [table([
    {label: 'Message', class: 'fixed', cell: (letter) => h('a', {href: `#/message?app=${app}&message=${letter.message_id}&endpoint=${encodeURIComponent(letter.endpoint)}`}, code(letter.message_id))},
    {label: 'Endpoint', class: 'fixed', cell: (letter) => h('a', {href: `#/device?app=${app}&endpoint=${encodeURIComponent(letter.endpoint)}`}, code(letter.endpoint))},
    {label: 'Given up', class: 'fixed', cell: (letter) => when(letter.dead_ms)},
    {label: 'Deliveries', class: 'num', cell: (letter) => number(letter.attempts)},
    {label: 'Why', cell: (letter) => letter.reason},
    {label: '', cell: (letter) => again(me, app, letter)},
  ], answer.letters || [], 'No message of this product was given up.', 'Dead letters'), rest];
}

function again(me, app, letter) {
  if (letter.resent_as) {
    return h('span', {class: 'muted'}, 'sent again as ', code(letter.resent_as));
  }
  if (!covers(me, 'operator')) {
    return null;
  }
  const place = h('div', {});
  put(place, button('Send again', async () => {
    const sent = await attempt(() => post(`/api/v1/dead-letters/${letter.message_id}/endpoints/${letter.endpoint}:resend`, {}, {app}), (answer) => `Sent again as ${answer.message_id}`);
    if (sent) {
      put(place, h('span', {class: 'muted'}, 'sent again as ', code(sent.message_id)));
    }
  }, 'small'));
  return place;
}
