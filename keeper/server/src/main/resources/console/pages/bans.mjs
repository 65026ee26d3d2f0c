// Who is kept out: endpoints and users of a product, or networks; why, until when and by whom. Banning, and lifting.
import {get, post, remove} from '../js/api.mjs';
import {h, number, put, when, words} from '../js/dom.mjs';
import {block, within} from '../js/net.mjs';
import {appChoice, ask, attempt, badge, button, card, choice, code, covers, field, form, head, id, productName, remember, show as load, table, text, toast} from '../js/ui.mjs';

const PAGE = 500;
const SHOWN = 200;
const PAGES = 10; // looked at without being asked to
const NETWORKS = '0';
const RECORDED_MS = 60000; // a ban is in the audit log before it is kept, by clocks that may differ

export function show(root, {me, params}) {
  const place = h('div', {});
  let open = () => {};
  put(root, head('Bans', button('Look again', () => open())), place);
  load(place, appChoice(params.app === NETWORKS ? '' : params.app), ({select, apps}) => {
    const of = choice('of', [...apps.map((app) => [app.app_id, productName(app)]), [NETWORKS, 'Networks']], params.app || select.value || NETWORKS);
    const search = text('words', '', {type: 'search', placeholder: 'a name, an address, a reason'});
    const door = h('div', {});
    const list = h('div', {});
    let draw = () => {};
    open = () => {
      draw = listing(list, me, of.value, search, () => open());
    };
    const turn = (who) => {
      if (of.value !== NETWORKS) {
        remember(of.value);
      }
      put(door, covers(me, 'operator') ? card('Keep somebody out', ban(of.value, who, () => open())) : null);
      open();
    };
    of.addEventListener('change', () => turn(''));
    search.addEventListener('input', () => draw());
    turn(params.who || '');
    return [card(null, h('div', {class: 'form form-line'}, field('Bans of', of), field('Find among them', search))), door, card('In force', list)];
  });
}

/** Shows those of a product, or of networks, the newest first; what it returns shows them again, for other words. */
function listing(place, me, app, search, again) {
  const list = h('div', {});
  const bans = [];
  let makers = new Map();
  let cursor = '';
  let ready = false;
  let looking = false;
  put(place, list);
  const next = async () => {
    const page = await get('/api/v1/bans', {app_id: app, cursor, limit: PAGE});
    bans.push(...(page.bans || []));
    cursor = page.cursor || '';
    return page;
  };
  const content = () => {
    const found = bans.filter(finder(search.value, makers)).reverse();
    return [table(columns(me, app, makers, again), found.slice(0, SHOWN), bans.length ? 'No ban matches these words.' : app === NETWORKS ? 'No network is banned.' : 'Nobody is banned.', 'Bans'),
      bans.length ? h('p', {class: 'hint'}, `${number(found.length)} of ${number(bans.length)}${cursor ? ', there are newer ones' : ''}${found.length > SHOWN ? `; ${SHOWN} are shown` : ''}. "By" comes from the newest ${PAGE} lines of the audit log${app === NETWORKS ? '' : '; what a product bans itself is not in it'}.`) : null,
      cursor ? h('button', {type: 'button', class: 'button', disabled: looking, onclick: () => rest(Infinity)}, 'Look at all') : null];
  };
  const draw = () => {
    if (ready) {
      put(list, content());
    }
  };
  const rest = async (pages) => {
    looking = true;
    for (let i = 0; i < pages && cursor && list.isConnected && await attempt(next); i++) {
      draw();
    }
    looking = false;
    draw();
  };
  load(list, Promise.all([next(), recorded(app)]), ([, records]) => {
    makers = records;
    ready = true;
    if (cursor) {
      queueMicrotask(() => rest(PAGES));
    }
    return content();
  });
  return draw;
}

/** What the audit log has of bans that were made, by who was banned. */
async function recorded(app) {
  const made = new Map();
  try {
    const log = await get('/api/v1/audit', {app_id: app, limit: PAGE});
    for (const entry of (log.entries || []).filter((one) => one.action === 'ban.create')) {
      made.set(entry.subject, [...(made.get(entry.subject) || []), entry]);
    }
  } catch {
    return made; // the bans count; who made them stands in the audit log as well
  }
  return made;
}

function maker(one, makers) {
  const entry = (makers.get(name(one)) || []).find((record) => Math.abs(record.at_ms - one.created_ms) < RECORDED_MS);
  return entry ? entry.actor.replace(/^admin\//, '') : '';
}

function finder(text, makers) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) {
    return () => true;
  }
  const inside = block(wanted);
  return (one) => {
    const banned = inside && one.network ? block(one.network) : null;
    return [name(one), one.reason || '', maker(one, makers)].some((said) => said.toLowerCase().includes(wanted)) || Boolean(banned && within(banned, inside));
  };
}

function name(one) {
  return one.endpoint || one.alias || one.network;
}

function columns(me, app, makers, again) {
  return [
    {label: 'Who', cell: (one) => who(app, one)},
    {label: 'Why', class: 'whole', cell: (one) => one.reason ? words(one.reason) : '-'},
    {label: 'Since', class: 'fixed', cell: (one) => when(one.created_ms)},
    {label: 'Until', class: 'fixed', cell: (one) => Number(one.until_ms) ? when(one.until_ms) : 'it is lifted'},
    {label: 'By', cell: (one) => maker(one, makers) || '-'},
    {label: '', cell: (one) => covers(me, 'operator') ? button('Lift', () => lift(app, one, again), 'small') : null},
  ];
}

function who(app, one) {
  if (one.network) {
    return code(one.network);
  }
  return [h('a', {href: `#/device?app=${app}&endpoint=${encodeURIComponent(name(one))}`}, code(name(one))), ' ', badge(one.alias ? 'user' : 'endpoint')];
}

function ban(app, given, done) {
  const networks = app === NETWORKS;
  const subject = networks
    ? field('Network', text('who', given, {placeholder: '192.0.2.0/24', 'data-is': 'network'}), 'A block or one address, IPv4 or IPv6')
    : field('Endpoint or user', text('who', given, {placeholder: 'ep_... or a user of the product', 'data-is': 'endpoint alias'}), 'A user: all endpoints, now and later');
  const element = form([subject, field('For how long', text('duration', '', {placeholder: '12h, 7d'}), 'Empty: until it is lifted'),
    field('Reason', text('reason', '', {maxlength: 256}), networks ? 'For the audit log' : 'The phone is told')], 'Ban', async (values) => {
    const asked = values.who.trim();
    const kind = networks ? 'network' : asked.startsWith('ep_') ? 'endpoint' : 'alias';
    if (asked && !await sure(kind, asked, values.duration.trim())) {
      return;
    }
    const made = await post('/api/v1/bans', {[kind]: asked, ...(networks ? {} : {app_id: Number(app)}), duration: values.duration.trim(), reason: values.reason.trim()});
    toast(name(made) + ' is banned');
    element.reset();
    done();
  }, 'form-line', 'danger');
  return element;
}

/** Says what the ban would do, and to whom: of a network, the block that the ban has in the end. */
function sure(kind, asked, duration) {
  const lasts = duration ? 'for ' + duration.replace(/^(\d+)(us|ms|s|m|h|d)$/, (_, count, unit) => `${count} ${unit === 'm' ? 'min' : unit}`) : 'until it is lifted';
  const network = kind === 'network' ? block(asked) : null;
  const does = {
    network: `${network ? size(network) + ', ' : ''}${lasts}: nobody can connect or register from there, whatever the product. Open connections stay open.`,
    alias: `All endpoints of this user, now and later, ${lasts}: their sessions are closed, they cannot come back, and what is sent to them is refused. What waits for them stays.`,
    endpoint: `This endpoint, ${lasts}: its session is closed, it cannot come back, and what is sent to it is refused. What waits for it stays.`,
  }[kind];
  return ask(['Ban ', id(network ? normal(network) : asked)], does[0].toUpperCase() + does.slice(1), [], 'Ban it');
}

/** As center names it: without the bits of the address that the block does not have. */
function normal({bytes, bits}) {
  const kept = bytes.map((byte, i) => byte & ~(255 >> Math.min(8, Math.max(0, bits - i * 8))));
  const address = kept.length === 4 ? kept.join('.') : Array.from({length: 8}, (_, i) => (kept[2 * i] << 8 | kept[2 * i + 1]).toString(16)).join(':');
  return `${address}/${bits}`;
}

function size({bytes, bits}) {
  const free = bytes.length * 8 - bits;
  return free === 0 ? 'one address' : `${free > 32 ? '2^' + free : number(2 ** free)} addresses`;
}

async function lift(app, one, again) {
  const more = one.alias ? ' So may its endpoints.' : '';
  if (await ask(['Lift the ban of ', id(name(one))], `From a second later it is let in again.${more} A phone that was told to stay away does so for up to an hour.`, [], 'Lift it', 'primary')) {
    await attempt(() => remove(`/api/v1/bans/${one.ban_id}`, {app_id: app}), `${name(one)} is banned no more`);
    again();
  }
}
