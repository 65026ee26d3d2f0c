// The rooms: who holds how many phones, how busy it is, and a drain.
import {live, post} from '../js/api.mjs';
import {h, number, put, short, span} from '../js/dom.mjs';
import {ask, attempt, button, card, code, covers, field, head, id, liveDot, redraw, table, text} from '../js/ui.mjs';
import {drained, standing} from './cluster.mjs';

export function show(root, {me}) {
  const dot = liveDot();
  const list = h('div', {}, h('p', {class: 'nothing'}, 'Looking at the rooms …'));
  const sum = h('span', {class: 'muted'}, '');
  put(root, head('Rooms', sum, dot.element), card(null, list));
  let shown = '';
  return live('/api/live/cluster', {
    cluster(picture) {
      const rooms = picture.members.filter((member) => member.part === 'room');
      const sessions = rooms.reduce((all, room) => all + (room.figures.sessions || 0), 0);
      const silent = rooms.filter((room) => room.health === 'unreachable').length;
      put(sum, `${number(sessions)} sessions in ${rooms.length} ${rooms.length === 1 ? 'room' : 'rooms'}${silent ? `, ${silent} of them without an answer` : ''}`);
      const now = JSON.stringify(rooms);
      if (now !== shown) {
        shown = now;
        redraw(list, () => put(list, table(columns(me, rooms), rooms, 'No room runs.', 'Rooms', 'tight')));
      }
    },
  }, dot.state);
}

function columns(me, rooms) {
  return [
    {label: 'Room', class: 'lead', cell: (room) => [h('div', {class: whole(room.instance)}, h('strong', {}, room.instance)), h('div', {class: 'muted small'}, (room.attributes.listen || '').split(',').map((one) => h('div', {class: whole(one)}, code(one))))]},
    {label: 'State', cell: (room) => h('span', {class: 'badges'}, standing(room))},
    {label: 'Sessions', class: 'num', cell: (room) => told(room, 'sessions', number)},
    {label: 'Connections', class: 'num', cell: (room) => told(room, 'connections', number)},
    {label: 'Logins/s', class: 'num', cell: (room) => told(room, 'logins', short)},
    {label: 'Written/s', class: 'num', cell: (room) => told(room, 'written', short)},
    {label: 'Acked/s', class: 'num', cell: (room) => told(room, 'acked', short)},
    {label: 'Logins it can take/s', class: 'num', cell: (room) => room.draining ? '-' : number(room.attributes.freeAccept)},
    {label: 'Loop lag', class: 'num', cell: (room) => told(room, 'loop_lag_ms', span)},
    {label: '', cell: (room) => covers(me, 'operator') ? h('div', {'data-key': room.instance}, button('Drain', () => drain(room, rooms), 'small danger', drained(room) ? 'Empty: restart or stop it' : room.draining ? 'Already draining' : '')) : null},
  ];
}

// What a room does not tell is not 0.
function told(room, name, draw) {
  return room.figures[name] === undefined ? '-' : draw(room.figures[name]);
}

// A name or an address stands on one line, unless it is longer than any column could be.
function whole(name) {
  return name.length <= 36 ? 'unbroken' : '';
}

async function drain(room, rooms) {
  const others = rooms.filter((one) => one !== room && !one.draining && one.health === 'ok').length;
  const warning = others === 0
    ? 'This is the only room that takes phones: they will have nowhere to go until another one runs. '
    : `Its phones go to ${others} other ${others === 1 ? 'room' : 'rooms'}. `;
  const values = await ask(['Drain ', id(room.instance)], warning + 'It takes nobody new, asks its phones to leave over the time, and stays empty until it is restarted.',
    [field('Over how many seconds', text('seconds', '60', {type: 'number', min: 1, max: 1800, inputmode: 'numeric'}), '1 to 1800')], 'Drain it');
  if (values) {
    await attempt(() => post(`/api/rooms/${encodeURIComponent(room.instance)}/drain`, {within_seconds: Number(values.seconds)}),
      `Draining ${room.instance}`);
  }
}
