// Every process of the platform: what it is, whether it is well, what it does.
import {get, live} from '../js/api.mjs';
import {chart} from '../js/chart.mjs';
import {ago, h, put, short, span} from '../js/dom.mjs';
import {badge, code, head, liveDot} from '../js/ui.mjs';

const CHARTS = [['sessions', 'Sessions', ''], ['logins', 'Logins', '/s'], ['accepted', 'Accepted', '/s'], ['written', 'Written', '/s'], ['acked', 'Acked', '/s']];
const LABELS = {
  sessions: 'Sessions', connections: 'Connections', logins: 'Logins/s', written: 'Written/s', acked: 'Acked/s', ends_waiting: 'Acks unsaved', loop_lag_ms: 'Loop lag',
  slots: 'Slots', lookups: 'Lookups/s', puts: 'Puts/s', appends: 'Appends/s', fetches: 'Fetches/s', ends: 'Ended/s', queued_rows: 'Rows queued', cold_slots: 'Cold slots',
  calls: 'Calls/s', accepted: 'Accepted/s', refused: 'Refused/s', in_flight: 'In flight', uplinks: 'Uplinks/s', given: 'Given/s', streams: 'Streams',
  requests: 'Requests/s', registered: 'Registered/s', rooms: 'Addresses', leading: 'Leading', registers: 'Registers', fenced: 'Fenced', rpc_failures: 'RPC failures/s',
};
const TOLD = { // in the words of docs/metrics.md, where a label is too short for them
  ends_waiting: 'Acks and attempts not yet confirmed by a saver', ends: 'Acks, cancels and other ends of messages, answered to rooms and centers', rooms: 'Addresses of rooms that it gives to phones',
};
const ORDER = Object.keys(LABELS);
const POINTS = 300;

export function show(root) {
  const dot = liveDot();
  const well = h('span', {}, '');
  const epoch = h('span', {class: 'muted'}, '');
  const charts = CHARTS.map(([name, label, unit]) => ({name, ...chart(label, unit)}));
  const parts = h('div', {}, h('p', {class: 'nothing'}, 'Looking at all processes …'));
  put(root, head('Cluster', well, epoch, dot.element), h('div', {class: 'charts'}, charts.map((one) => one.element)), parts);
  let points = [];
  const draw = () => charts.forEach((one) => one.draw(points.map((point) => ({at: point.at_ms, value: point[one.name] ?? 0}))));
  // Keeper has what this tab did not see.
  const past = () => get('/api/cluster/history').then((history) => {
    const newest = history.points.length ? history.points[history.points.length - 1].at_ms : 0;
    points = [...history.points, ...points.filter((point) => point.at_ms > newest)].slice(-POINTS);
    draw();
  }, () => {});
  return live('/api/live/cluster', {
    cluster(picture) {
      put(well, summary(picture.members));
      put(epoch, `slot map ${picture.epoch}`);
      if (points.length === 0 || points[points.length - 1].at_ms < picture.at_ms) {
        points = [...points, {...picture.sums, at_ms: picture.at_ms}].slice(-POINTS);
      }
      draw();
      put(parts, h('div', {class: 'groups'}, groups(picture.members)));
    },
  }, (state) => {
    dot.state(state);
    if (state === 'live') {
      past();
    }
  });
}

const RANKS = {unreachable: 0, failing: 1, draining: 2, ok: 2}; // who drains was told to

function rank(member) {
  return RANKS[member.health] ?? 0;
}

// Who was drained is as it was told to be; who still drains is on the way.
function summary(members) {
  const fine = members.filter((member) => member.health === 'ok' || drained(member)).length;
  const worst = Math.min(2, ...members.map(rank));
  return badge(counted(members), ['bad', 'warn', fine === members.length ? 'ok' : 'warn'][worst]);
}

function counted(members) {
  const well = members.filter((member) => member.health === 'ok').length;
  const empty = members.filter(drained).length;
  return `${well} of ${members.length} well` + (empty ? `, ${empty} drained` : '');
}

// Whoever needs help stands first: its part among the parts, and it among its own.
function groups(all) {
  const members = [...all].sort((a, b) => rank(a) - rank(b));
  const names = [...new Set(members.map((member) => member.part))];
  return names.map((name) => {
    const own = members.filter((member) => member.part === name);
    return h('section', {'aria-label': name, class: 'group' + (own.length > 2 ? ' group-many' : own.length === 2 ? ' group-two' : '')}, h('div', {class: 'part-title'}, h('h2', {}, name), h('span', {class: 'muted'}, counted(own))),
      h('div', {class: 'parts'}, own.map(card)));
  });
}

function card(member) {
  const shown = Object.entries(member.figures).filter(([name, value]) => !(name === 'fenced' || name === 'rpc_failures') || value > 0)
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return h('article', {class: `member member-${member.health}${drained(member) ? ' member-drained' : ''}`},
    h('div', {class: 'member-name' + (member.instance.length <= 32 ? ' unbroken' : '')}, member.instance),
    h('div', {class: 'member-top'}, h('span', {class: 'muted small'}, `${member.host} · ${member.idc} · index ${member.index}`), h('span', {class: 'badges'}, standing(member))),
    h('div', {class: 'muted small'}, `Up ${ago(member.started_ms).replace(' ago', '')}, `, h('span', {class: 'unbroken'}, member.version || 'version unknown')),
    member.troubles.length ? h('p', {class: 'note small'}, member.troubles.join('; ')) : null,
    h('dl', {class: 'figures'}, shown.map(([name, value]) => h('div', {title: TOLD[name]}, h('dt', {}, LABELS[name] || name), h('dd', {}, figure(name, value))))),
    h('div', {class: 'muted small ports'}, h('span', {}, 'Admin ', code(member.admin)), member.rpc ? h('span', {}, 'RPC ', code(member.rpc)) : null));
}

function figure(name, value) {
  return name === 'leading' ? value > 0 ? 'yes' : 'no' : name.endsWith('_ms') ? span(value ?? 0) : short(value);
}

const STANDING = {ok: ['well', 'ok'], draining: ['draining', 'warn'], drained: ['drained', 'info'], failing: ['failing', 'warn'], unreachable: ['no answer', 'bad']};

/** Whether a room drains and has nobody left. */
export function drained(member) {
  return member.health === 'draining' && member.part === 'room' && member.figures.sessions === 0;
}

/** How a process stands: one word, and a second one for a process that drains and does not answer. */
export function standing(member) {
  const [word, kind] = STANDING[drained(member) ? 'drained' : member.health] || [member.health, 'bad'];
  return [badge(word, kind), member.draining && member.health === 'unreachable' ? badge(...STANDING.draining) : null];
}
