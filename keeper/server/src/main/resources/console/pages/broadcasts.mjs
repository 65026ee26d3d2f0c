// Every broadcast that goes out, live: how far it is, and what can be done to it.
import {get, live, post} from '../js/api.mjs';
import {h, number, put, short, span, when} from '../js/dom.mjs';
import {ask, attempt, badge, button, card, code, covers, facts, field, head, id, liveDot, productName, redraw, text, toast, trouble} from '../js/ui.mjs';

const KINDS = {running: 'info', paused: 'warn', held: 'warn', walked: 'ok', ended: 'plain', cancelled: 'bad', scheduled: 'plain'};
const WORDS = {walked: 'done'}; // for people; the API says it in its own
const HOUR = 3600000;
const HELD = /^(about )?(\d+) endpoints? \(expected: at most (\d+) without an approval\)$/; // why one is held
const GOES_ON = ['running', 'paused', 'held'];

export function show(root, {me}) {
  const dot = liveDot();
  const list = h('div', {}, h('p', {class: 'nothing'}, 'Asking center …'));
  put(root, head('Broadcasts', dot.element), list);
  const cards = new Map();
  const products = new Products();
  let last = null;
  const drawAll = () => redraw(list, drawKnown);
  const drawKnown = () => {
    const all = last?.broadcasts;
    if (!all) {
      return; // a trouble stands there
    }
    if (all.length === 0) {
      cards.clear();
      put(list, card(null, h('p', {class: 'nothing'}, 'No broadcast has been sent yet. A product sends one with POST /v1/broadcasts or `longwire broadcast send`.')));
      return;
    }
    // What has not changed stays as it is, so that a button does not go from under the pointer.
    const elements = all.map((broadcast) => {
      const product = products.of(broadcast);
      const now = product + JSON.stringify(broadcast);
      const known = cards.get(broadcast.broadcast_id);
      if (known?.now === now) {
        return known.element;
      }
      const element = draw(me, {...broadcast, product}, known?.element.open);
      known?.element.replaceWith(element);
      cards.set(broadcast.broadcast_id, {now, element});
      return element;
    });
    [...list.children].filter((element) => !elements.includes(element)).forEach((element) => element.remove());
    elements.filter((element, index) => list.children[index] !== element)
      .forEach((element) => list.insertBefore(element, list.children[elements.indexOf(element)] || null));
  };
  return live('/api/live/broadcasts', {
    async broadcasts(answer) {
      last = {broadcasts: [], ...answer};
      drawAll();
      if (await products.learn(answer.broadcasts || [])) {
        drawAll();
      }
    },
    trouble(problem) {
      last = null;
      cards.clear();
      put(list, trouble({message: problem.detail || 'Center does not answer.', code: problem.code}));
    },
  }, dot.state);
}

/** Which product a broadcast is of: center's list of all does not say, the one of each product does. */
class Products {
  #names = new Map(); // by broadcast; '' where no product has it
  #busy = false;

  /** Looks for the products of those not seen before; whether one was found. */
  async learn(broadcasts) {
    const isNew = (one) => !this.#names.has(one.broadcast_id);
    if (this.#busy || !broadcasts.some(isNew)) {
      return false;
    }
    this.#busy = true;
    try {
      const {apps = []} = await get('/api/v1/apps');
      for (let i = 0; i < apps.length && broadcasts.some(isNew); i++) {
        const own = await get('/api/v1/broadcasts', {app_id: apps[i].app_id, limit: 50});
        (own.broadcasts || []).forEach((one) => this.#names.set(one.broadcast_id, productName(apps[i])));
      }
      broadcasts.filter(isNew).forEach((one) => this.#names.set(one.broadcast_id, ''));
      return true;
    } catch {
      return false; // the next look asks again
    } finally {
      this.#busy = false;
    }
  }

  of(broadcast) {
    return this.#names.get(broadcast.broadcast_id) || '';
  }
}

function draw(me, one, open) {
  const counts = one.counts || {}; // old ones come without
  const percent = Math.min(100, one.percent || 0);
  const failed = Object.values(counts.failed || {}).reduce((sum, value) => sum + value, 0);
  const bar = h('progress', {class: 'bar', max: 100, value: percent, 'aria-label': `Broadcast ${one.broadcast_id}: ${percent.toFixed(1)} %`});
  const title = [h('h2', {}, one.label || 'Broadcast ', one.label ? ' ' : null, code(one.broadcast_id)), ' ',
    h('span', {class: 'badges'}, badge(WORDS[one.state] || one.state, KINDS[one.state]), one.canary && one.stage ? badge(one.stage === 'canary' ? 'canary' : 'everybody', 'plain') : null)];
  const product = one.product ? h('div', {class: 'muted small'}, one.product) : null;
  const body = [
    one.counts ? bar : null,
    h('div', {class: 'bar-line'}, one.counts ? h('span', {}, `${percent.toFixed(1)} % of the ${one.list ? 'list' : 'phones online'} gone through${logins(one)}`) : null, h('span', {}, speed(one))),
    one.reason ? h('p', {class: 'note'}, reason(one.reason)) : null,
    one.counts ? facts([[one.list ? 'Written' : 'Written, logins too', number(counts.written)], ['Acked', number(counts.acked)], ['Shown', number(counts.shown)], ['Clicked', number(counts.clicked)],
      ['Left to the next login', number(counts.left_to_cursor)], failed ? ['Failed', number(failed)] : null], 'dense') : null,
    h('p', {class: 'muted small dates'}, 'Made ', when(one.created_ms), h('br'), 'Expires ', when(one.expires_ms)),
    acts(me, one)];
  if (GOES_ON.includes(one.state)) {
    return h('section', {class: 'card', 'data-key': one.broadcast_id}, h('div', {class: 'broadcast-top'}, title), product, body);
  }
  const brief = one.counts ? `${number(counts.written)} written, ${number(counts.acked)} acked, ${number(counts.shown)} shown, ${number(counts.clicked)} clicked` : ['Made ', when(one.created_ms)];
  return h('details', {class: 'card fold', 'data-key': one.broadcast_id, open}, h('summary', {}, title, product, h('div', {class: 'muted small dates'}, brief)), body);
}

function speed(one) {
  return [pace(one), ...(one.state === 'running' ? [`${short(one.rate_per_second)}/s now`, Number(one.eta_ms) && !one.pace?.duration ? `about ${left(one.eta_ms)} left` : ''] : [])].filter(Boolean).join(', ');
}

function pace(one) {
  const set = one.pace || {};
  return 'Pace: ' + (set.rate_per_second ? `${number(set.rate_per_second)}/s` : set.duration ? `over ${lasting(set.duration)}` : 'as fast as the rooms can');
}

// "7200s", as center tells it, is "2 h" here.
function lasting(duration) {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(duration) || [];
  const ms = unit ? count * {ms: 1, s: 1000, m: 60000, h: 3600000, d: 86400000}[unit] : 0;
  return !unit ? duration : ms > 0 && ms < 48 * HOUR && ms % HOUR === 0 ? `${ms / HOUR} h` : span(ms);
}

// In whole seconds: it is an estimate.
function left(ms) {
  return span(Math.max(1, Math.round(Number(ms) / 1000)) * 1000);
}

// Why more may be written than was gone through.
function logins(one) {
  return !one.list && one.state === 'running' && !(one.percent >= 100) ? `; ${one.stage === 'canary' ? 'canary phones' : 'phones'} that log in get it too` : '';
}

/** Center's reason in a sentence for people. */
function reason(told) {
  const [, about = '', size, most] = HELD.exec(told) || [];
  return size ? `Goes to ${about}${number(size)} ${size === '1' ? 'endpoint' : 'endpoints'}; more than ${number(most)} needs an approval` : told.charAt(0).toUpperCase() + told.slice(1);
}

function acts(me, one) {
  if (!covers(me, 'operator') || !GOES_ON.includes(one.state)) {
    return null;
  }
  const control = (verb, done) => () => order(one, verb, done);
  return h('div', {class: 'form-end'},
    one.state === 'running' ? button('Pause', control('pause', 'Paused: nothing more is written')) : null,
    one.state === 'paused' ? button('Resume', control('resume', 'It goes on'), 'primary') : null,
    one.stage === 'canary' && one.state !== 'held' ? button('Send to everybody', () => advance(one)) : null,
    one.state === 'held' && covers(me, 'owner') ? button('Approve', () => approve(one), 'primary') : null,
    button('Change pace', () => changePace(one)),
    button('Cancel', () => cancel(one), 'danger'));
}

function order(one, verb, done, reason = '') {
  return attempt(() => post(`/api/v1/broadcasts/${one.broadcast_id}:${verb}`, {reason}), done);
}

const named = (one) => one.label || one.broadcast_id;
const within = (one) => one.product ? `Of ${one.product}. ` : '';

async function advance(one) {
  const share = one.canary?.percent ? `, ${one.canary.percent} % of the audience` : '';
  const so = one.counts ? ` ${number(one.counts.written)} written so far.` : '';
  if (await ask(['Send ', id(named(one)), ' to everybody'], `${within(one)}So far it goes to the canary${share}.${so} From now on everybody in the audience gets it, and it does not go back to the canary.`, [], 'Send to everybody')) {
    await order(one, 'advance', 'It goes to everybody');
  }
}

async function approve(one) {
  const [size] = /^(about )?\d+ endpoints?/.exec(one.reason || '') || []; // as the reason why it is held says it
  const first = one.canary ? ' The canary gets it first.' : '';
  if (await ask(['Approve ', id(named(one))], `${within(one)}It goes to ${size ? size.replace(/\d+/, (count) => number(count)) + ', ' : ''}more than its product may reach without an approval.${first}`, [], 'Approve it', 'primary')) {
    await order(one, 'approve', 'Approved');
  }
}

async function changePace(one) {
  const before = {rate: String(one.pace?.rate_per_second || ''), duration: one.pace?.duration || ''};
  const values = await ask('Pace of ' + named(one), 'Fill in one of the two. Both empty: as fast as the rooms can.',
    [field('Phones a second', text('rate', before.rate, {type: 'number', min: 1, max: 10000000, inputmode: 'numeric'})),
      field('Or over this time', text('duration', before.duration, {placeholder: '30m'}), '1s to 24h')], 'Set the pace', 'primary');
  if (values) {
    const [rate, duration] = [values.rate, values.duration.trim()];
    const [another, other] = [rate !== before.rate, duration !== before.duration];
    if (rate && duration && another && other) {
      toast('The pace is as before: only one of the two can be filled in.', 'bad');
      return;
    }
    const set = duration && (other || !rate) ? {duration} : rate ? {rate_per_second: Number(rate)} : {}; // not the one of before
    await attempt(() => post(`/api/v1/broadcasts/${one.broadcast_id}:pace`, {pace: set}), 'The pace is set');
  }
}

async function cancel(one) {
  const values = await ask('Cancel ' + named(one), 'Nobody gets it any more; who has it keeps it. It cannot be taken up again.',
    [field('Reason', text('reason', '', {maxlength: 256}), 'For the audit log')], 'Cancel the broadcast');
  if (values) {
    await order(one, 'cancel', 'Cancelled', values.reason);
  }
}
