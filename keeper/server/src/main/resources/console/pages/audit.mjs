// Who changed what, newest first; each change was recorded before it was made.
import {get} from '../js/api.mjs';
import {append, h, put, when} from '../js/dom.mjs';
import {attempt, badge, button, card, code, head, show as load, table} from '../js/ui.mjs';

const PAGE = 100;

export function show(root) {
  const place = h('div', {});
  put(root, head('Audit log', button('Look again', () => open())), card(null, place));
  const open = () => load(place, page(''), entries);
  open();
}

function page(cursor) {
  return get('/api/v1/audit', {cursor, limit: PAGE});
}

function entries(answer) {
  const rest = h('div', {});
  if (answer.cursor) {
    append(rest, button('Older', async () => {
      const next = await attempt(() => page(answer.cursor));
      if (next) {
        put(rest, entries(next));
      }
    }));
  }
  return [table([
    {label: 'When', class: 'fixed', cell: (entry) => when(entry.at_ms)},
    {label: 'Who', cell: (entry) => [h('strong', {}, entry.actor.replace(/^admin\//, '')), h('div', {class: 'muted small whole'}, entry.address)]},
    {label: 'What', cell: (entry) => badge(entry.action, entry.action.endsWith('.failed') ? 'bad' : 'plain')},
    {label: 'Product', class: 'num', cell: (entry) => entry.app_id || '-'},
    {label: 'To', cell: (entry) => code(entry.subject || '-')},
    {label: 'How', cell: (entry) => entry.detail || '-'},
  ], answer.entries || [], 'Nothing has been changed yet.', 'Audit log'), rest];
}
