// Who changed what, newest first; each change was recorded before it was made.
import {get} from '../js/api.mjs';
import {breaks, h, put, when} from '../js/dom.mjs';
import {attempt, badge, button, card, field, head, show as load, table} from '../js/ui.mjs';

const COLUMNS = [
  {label: 'When', class: 'fixed', cell: (entry) => when(entry.at_ms)},
  {label: 'Who', cell: (entry) => [h('strong', {}, entry.actor.replace(/^admin\//, '')), h('div', {class: 'muted small whole'}, entry.address)]},
  {label: 'What', cell: (entry) => badge(entry.action, entry.action.endsWith('.failed') ? 'bad' : 'plain')},
  {label: 'Product', class: 'num', cell: (entry) => entry.app_id || '-'},
  {label: 'To', cell: (entry) => h('code', {}, breaks(entry.subject || '-', '/:'))},
  {label: 'How', cell: (entry) => entry.detail || '-'},
];

export function show(root) {
  const place = h('div', {});
  put(root, head('Audit log', button('Look again', () => open())), card(null, place));
  const open = () => load(place, page(''), entries);
  open();
}

function page(cursor) {
  return get('/api/v1/audit', {cursor, limit: matchMedia('(max-width: 720px)').matches ? 50 : 100});
}

function entries({entries: all = [], cursor}) {
  const list = h('div', {});
  const search = h('input', {type: 'search', autocomplete: 'off', spellcheck: 'false', oninput: () => draw()});
  const older = button('Older', async () => {
    older.disabled = true;
    const next = await attempt(() => page(cursor));
    older.disabled = false;
    if (next) {
      all = [...all, ...(next.entries || [])];
      cursor = next.cursor;
      draw();
      older.focus({preventScroll: true});
    }
  });
  const draw = () => {
    const words = search.value.trim().toLowerCase();
    const found = all.filter((entry) => [entry.actor, entry.address, entry.action, entry.app_id, entry.subject, entry.detail].join(' ').toLowerCase().includes(words));
    put(list, table(COLUMNS, found, all.length ? 'No entry matches these words.' + (cursor ? ' There are older ones.' : '') : 'Nothing has been changed yet.', 'Audit log'), cursor ? h('div', {class: 'form-end'}, older) : null);
  };
  draw();
  return [all.length ? h('div', {class: 'form form-line'}, field('Find among these', search)) : null, list];
}
