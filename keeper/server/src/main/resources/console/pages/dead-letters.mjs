// Messages that were given up because their app never acked them, and sending them again.
import {get, post} from '../js/api.mjs';
import {h, number, put, when} from '../js/dom.mjs';
import {appChoice, attempt, button, card, code, covers, field, head, noProduct, remember, show as load, table} from '../js/ui.mjs';

const PAGE = 500;
const MOST = 20; // pages
const SHOWN = 50;

export function show(root, {me, params}) {
  const place = h('div', {});
  put(root, head('Dead letters'), place);
  load(place, appChoice(params.app), ({select, apps}) => {
    if (apps.length === 0) {
      return noProduct();
    }
    const list = h('div', {});
    const open = () => {
      const app = select.value;
      load(list, all(app), (found) => letters(me, app, found, SHOWN));
    };
    select.addEventListener('change', () => {
      remember(select.value);
      open();
    });
    open();
    return [card(null, h('div', {class: 'form form-line'}, field('Product', select))), card('Given up in the last seven days', list)];
  });
}

// Center gives the oldest first, a page at a time; here the newest stands first.
async function all(app) {
  const found = [];
  let cursor = '';
  for (let pages = 0; pages < MOST; pages++) {
    const answer = await get('/api/v1/dead-letters', {app, cursor, limit: PAGE});
    found.push(...(answer.letters || []));
    cursor = answer.cursor;
    if (!cursor) {
      break;
    }
  }
  found.sort((a, b) => Number(b.dead_ms) - Number(a.dead_ms));
  return {letters: found, cut: Boolean(cursor)};
}

function letters(me, app, {letters: found, cut}, most) {
  const place = h('div', {});
  const more = () => put(place, letters(me, app, {letters: found, cut}, most + SHOWN));
  put(place, cut ? h('p', {class: 'note'}, `There are more: these are the ${number(found.length)} that were given up first.`) : null, table([
    {label: 'Message', class: 'fixed', cell: (letter) => h('a', {href: `#/message?app=${app}&message=${letter.message_id}&endpoint=${encodeURIComponent(letter.endpoint)}`}, code(letter.message_id))},
    {label: 'Endpoint', class: 'fixed', cell: (letter) => h('a', {href: `#/device?app=${app}&endpoint=${encodeURIComponent(letter.endpoint)}`}, code(letter.endpoint))},
    {label: 'Given up', class: 'fixed', cell: (letter) => when(letter.dead_ms)},
    {label: 'Deliveries', class: 'num', cell: (letter) => number(letter.attempts)},
    {label: 'Why', cell: (letter) => letter.reason},
    {label: 'Again', cell: (letter) => again(me, app, letter)},
  ], found.slice(0, most), 'No message of this product was given up.', 'Dead letters'), found.length > most ? h('div', {class: 'form-end'}, button('More', more)) : null);
  return place;
}

function sentAs(app, letter, message) {
  return h('span', {class: 'muted'}, 'Sent again as ', h('a', {href: `#/message?app=${app}&message=${message}&endpoint=${encodeURIComponent(letter.endpoint)}`}, code(message)));
}

function again(me, app, letter) {
  if (letter.resent_as) {
    return sentAs(app, letter, letter.resent_as);
  }
  if (!covers(me, 'operator')) {
    return null;
  }
  const place = h('div', {});
  put(place, button('Send again', async () => {
    const sent = await attempt(() => post(`/api/v1/dead-letters/${letter.message_id}/endpoints/${letter.endpoint}:resend`, {}, {app}), (answer) => `Sent again as ${answer.message_id}`);
    if (sent) {
      letter.resent_as = sent.message_id;
      put(place, sentAs(app, letter, sent.message_id));
    }
  }, 'small'));
  return place;
}
