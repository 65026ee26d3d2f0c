// Configuration of a part: its layers, edited with the mistakes at their lines; its versions; and how one goes out.
import {live, post} from '../js/api.mjs';
import {h, number, put, span, when} from '../js/dom.mjs';
import {diff, editor} from '../js/editor.mjs';
import {ask, attempt, badge, button, card, choice, code, covers, facts, field, head, show as load, table, tell, text, toast} from '../js/ui.mjs';

const call = (name, body) => post('/api/config/' + name, body);
const STEPS = ['one process', '5 %', '25 %', 'all'];
const STATES = {NONE: 'none', OBSERVING: 'observing', STEPPING: 'telling processes', BAKING: 'baking', HALTED: 'halted', DONE: 'done', ROLLED_BACK: 'rolled back'};
const KINDS = {OBSERVING: 'info', STEPPING: 'info', BAKING: 'info', HALTED: 'warn', DONE: 'ok', ROLLED_BACK: 'bad'};
const NO_ROLLOUT = 'No rollout yet: one begins with "Roll out" in the list of versions.';
const UNDER_WAY = ['OBSERVING', 'STEPPING', 'BAKING'];
const ENDED = ['DONE', 'ROLLED_BACK'];

export function show(root, {me, params}) {
  const place = h('div', {});
  put(root, head('Configuration'), place);
  let leave = () => {};
  if (params.part) {
    leave = part(place, me, params.part);
  } else {
    load(place, call('list-parts', {}), (answer) => [card(null, table([
      {label: 'Part', cell: (one) => h('a', {href: '#/config?part=' + one.part}, one.part)},
      {label: 'In force', cell: (one) => Number(one.in_force) ? 'version ' + one.in_force : 'each process has its own file'},
      {label: 'Newest', class: 'num', cell: (one) => Number(one.newest) || '-'},
      {label: 'Processes', class: 'num', cell: (one) => number(one.processes)},
      {label: 'Last rollout', cell: (one) => one.rollout && one.rollout.state !== 'NONE' ? badge(STATES[one.rollout.state], KINDS[one.rollout.state]) : '-'},
    ], answer.parts, 'No process has told what can be configured yet.', 'Parts'))]);
  }
  return () => leave();
}

function part(place, me, name) {
  const rollout = h('div', {});
  const layers = h('div', {});
  const versions = h('div', {});
  put(place, h('div', {class: 'broadcast-top'}, h('h2', {class: 'part-name'}, name), h('a', {href: '#/config'}, 'All parts')), card('Rollout', rollout),
    h('div', {class: 'columns'}, card('Layers', layers), card('Versions', versions)));
  put(rollout, h('p', {class: 'nothing'}, NO_ROLLOUT));
  const state = {name, me, base: 0, rollout: {}, written: () => false};
  const made = () => call('history', {part: name, limit: 50});
  let known = null;
  const list = (answer) => {
    known = answer;
    return history(state, answer);
  };
  const drafts = ({version, hosts, instances}) => {
    state.base = Number(version.number || 0);
    return edit(state, version, hosts, instances);
  };
  let shown = '';
  // What is shown stays until what comes in its place is there.
  const showVersions = async () => {
    const answer = await attempt(made);
    if (answer) {
      put(versions, list(answer));
    }
  };
  state.draw = (what) => put(layers, drafts(what));
  state.again = async () => {
    showVersions();
    const what = await attempt(() => base(name));
    if (what) {
      state.draw(what);
    }
  };
  state.see = (one) => {
    state.rollout = one;
    put(rollout, progress(state, one));
    const now = one.number + ' ' + one.state;
    if (shown && shown !== now && ENDED.includes(one.state)) {
      showVersions(); // another one may be in force
      rebase(state);
    } else if (shown !== now && known) {
      put(versions, list(known)); // what was rolled back is marked
    }
    shown = now;
  };
  load(versions, made(), list);
  load(layers, base(name), drafts);
  return live('/api/live/rollout?part=' + encodeURIComponent(name), {
    rollout: state.see,
    over() {},
    trouble(problem) {
      put(rollout, h('p', {class: 'nothing'}, problem.code === 'not_found' || problem.code === 'conflict' ? NO_ROLLOUT : problem.detail));
    },
  }, () => {});
}

// A rollback changes what drafts are made from; what is being written in the editor stays all the same.
async function rebase(state) {
  const now = await attempt(() => base(state.name));
  if (!now || Number(now.version.number || 0) === state.base) {
    return;
  }
  if (state.written()) {
    toast(`Drafts are made from version ${now.version.number} now, what you have written from ${state.base}: keep a copy and open the page again.`, 'bad');
  } else {
    state.draw(now);
  }
}

// What drafts are made from: after a rollback that is the version in force, not the newest one.
async function base(name) {
  const {to} = await call('diff', {part: name});
  const [version, processes] = await Promise.all([Number(to) ? call('get-version', {part: name, number: to}) : {number: 0, layers: []}, call('list-processes', {part: name})]);
  return {version, hosts: [...new Set(processes.processes.map((one) => one.host))], instances: processes.processes.map((one) => one.instance).filter(Boolean)};
}

const scopeOf = (value) => value === '' ? {} : value.startsWith('host ') ? {host: value.slice(5)} : {instance: value.slice(9)};
const labelOf = (scope) => !scope || (!scope.host && !scope.instance) ? '' : scope.host ? 'host ' + scope.host : 'instance ' + scope.instance;

function edit(state, version, hosts, instances) {
  const known = new Map((version.layers || []).map((layer) => [labelOf(layer.scope), layer.yaml]));
  const options = [['', 'cluster: every process'], ...[...new Set([...hosts.map((host) => 'host ' + host), ...instances.map((one) => 'instance ' + one), ...known.keys()])]
    .filter(Boolean).sort().map((label) => [label, label])];
  const scope = choice('scope', options, '');
  const may = covers(state.me, 'operator');
  const yaml = editor('YAML of the layer', known.get('') || '', !may);
  const below = h('div', {'aria-live': 'polite'});
  const comment = text('comment', '', {placeholder: 'why', maxlength: 200});
  state.written = () => yaml.area.value !== (known.get(scope.value) || '') || comment.value !== '';
  scope.addEventListener('change', () => {
    yaml.area.value = known.get(scope.value) || '';
    yaml.area.dispatchEvent(new Event('input'));
    put(below);
  });
  const send = async (checkOnly) => {
    const answer = await attempt(() => call('put', {part: state.name, scope: scopeOf(scope.value), yaml: yaml.area.value, comment: comment.value, made_from: String(state.base), check_only: checkOnly}));
    if (!answer) {
      return;
    }
    const mistakes = answer.mistakes || [];
    yaml.mark(mistakes);
    if (mistakes.length) {
      put(below, h('ul', {class: 'mistakes'}, mistakes.map((one) => mistake(yaml, one))));
    } else if (checkOnly) {
      put(below, h('p', {class: 'muted'}, 'No mistake. ', answer.waiting_keys?.length ? 'Counts after a restart only: ' + answer.waiting_keys.join(', ') : 'All of it is taken over while running.'), diff(answer.diff));
    } else {
      toast('Version ' + answer.version.number + ' is made; nothing runs with it before a rollout');
      state.again();
    }
  };
  return h('div', {class: 'form'}, field('Layer', scope), yaml.element, below, may ? [field('Comment', comment),
    h('div', {class: 'form-end'}, button('Check', () => send(true)), button('Make a version', () => send(false), 'primary'))] : null);
}

function mistake(yaml, one) {
  const place = one.line ? `Line ${one.line}${one.column ? ', column ' + one.column : ''}: ` : '';
  return h('li', {class: 'trouble'}, h('span', {}, place, one.path && !one.message.startsWith(one.path) ? [code(one.path), ' '] : null, one.message, one.process ? ` (said by ${one.process})` : null),
    one.line ? button('Go to line ' + one.line, () => yaml.go(one.line, one.column), 'small') : null);
}

function history(state, answer) {
  const may = covers(state.me, 'operator');
  const inForce = Number(answer.in_force);
  // Of a rollout that was done already, what was taken back is its `from`: its version is the one in force again.
  const last = state.rollout.state === 'ROLLED_BACK' ? state.rollout : {};
  const given = Number(last.version) === inForce ? Number(last.from) : Number(last.version);
  return table([
    {label: 'Version', cell: (one) => [h('strong', {}, one.number), ' ', Number(one.number) === inForce ? badge('in force', 'ok') : Number(one.number) === given ? badge('rolled back', 'bad') : null, ' ', one.unproven ? badge('unproven', 'warn') : null]},
    {label: 'By', class: 'whole', cell: (one) => [one.author || '-', h('div', {class: 'muted small whole'}, when(one.created_ms))]},
    {label: 'Why', class: 'whole', cell: (one) => one.comment || '-'},
    {label: '', cell: (one) => h('div', {class: 'acts'}, button('Diff', () => differences(one), 'small'), may && Number(one.number) !== inForce ? button('Roll out', () => start(state, one), Number(one.number) === given ? 'small' : 'small primary') : null)},
  ], answer.versions || [], 'No version yet: every process runs with its own file.', 'Versions');
}

// What the version itself changed, as it was kept with it: the one it was made from may be gone.
function differences(one) {
  tell(Number(one.made_from) ? `Version ${one.made_from} to ${one.number}` : `Version ${one.number}, made from none`, diff(one.diff));
}

async function start(state, one) {
  const values = await ask(`Roll out version ${one.number} of ${state.name}`, 'To one process, then 5 %, 25 % and all, with a pause to look at errors, disconnects and p99 after each; it stops and goes back by itself if they get worse.',
    [field('Pause after each step, in seconds', text('bake', '60', {type: 'number', min: 1, max: 3600, inputmode: 'numeric'}))], 'Roll out', 'primary');
  if (values) {
    await order(state, 'start-rollout', {version: one.number, bake_ms: Number(values.bake) * 1000}, 'The rollout has begun');
  }
}

// The answer is the rollout as it is then.
async function order(state, name, body, done) {
  const rollout = await attempt(() => call(name, {part: state.name, ...body}), done);
  if (rollout) {
    state.see(rollout);
  }
}

function progress(state, one) {
  if (!one.state || one.state === 'NONE') {
    return h('p', {class: 'nothing'}, NO_ROLLOUT);
  }
  const may = covers(state.me, 'operator');
  const step = Number(one.step);
  return [h('div', {class: 'broadcast-top'}, h('h3', {}, `Version ${one.version}, from ${Number(one.from) || 'each one\'s own file'}`), badge(STATES[one.state], KINDS[one.state])),
    h('ol', {class: 'steps'}, STEPS.map((label, index) => h('li', {class: one.state === 'DONE' || index + 1 < step ? 'past' : index + 1 === step ? 'now' : '', 'aria-current': index + 1 === step ? 'step' : null}, label))),
    one.reason ? h('p', {class: 'note'}, one.reason) : null,
    facts([Number(one.processes) ? ['Told', `${number(one.told)} of ${number(one.processes)}`] : null, ['By', one.author], ['Began', when(one.started_ms)], Number(one.next_ms) ? ['Next step in', span(Math.max(0, Number(one.next_ms) - Date.now()))] : null,
      one.waiting_keys?.length ? ['Counts after a restart only', one.waiting_keys.join(', ')] : null]),
    may ? h('div', {class: 'form-end'}, UNDER_WAY.includes(one.state) ? button('Halt', () => order(state, 'halt-rollout', {reason: 'by an operator'}, 'Halted')) : null,
      one.state === 'HALTED' ? button('Go on', () => order(state, 'resume-rollout', {}, 'It goes on'), 'primary') : null,
      one.state === 'ROLLED_BACK' ? null : button('Roll back', () => back(state, one), 'danger')) : null];
}

async function back(state, one) {
  const seen = one.state === 'DONE' ? {in_force: one.version} : {rollout: one.number}; // a late click takes back nothing else
  if (await ask('Roll back ' + state.name, 'All processes go back at once: from this rollout, else to the version that was in force before.', [], 'Roll back')) {
    await order(state, 'rollback', {...seen, reason: 'by an operator'}, 'Rolling back');
  }
}
