// Configuration of a part: its layers, edited with the mistakes at their lines; its versions; and how one goes out.
import {get, live, post} from '../js/api.mjs';
import {h, number, put, when, words} from '../js/dom.mjs';
import {diff, editor} from '../js/editor.mjs';
import {ask, attempt, badge, button, card, choice, code, covers, facts, field, head, liveDot, redraw, show as load, table, tell, text, toast} from '../js/ui.mjs';

const call = (name, body) => post('/api/config/' + name, body);
const STEPS = ['one process', '5 %', '25 %', 'all'];
const STATES = {NONE: 'none', OBSERVING: 'observing', STEPPING: 'telling processes', BAKING: 'baking', HALTED: 'halted', DONE: 'done', ROLLED_BACK: 'rolled back'};
const KINDS = {OBSERVING: 'info', STEPPING: 'info', BAKING: 'info', HALTED: 'warn', DONE: 'ok', ROLLED_BACK: 'bad'};
const NO_ROLLOUT = 'No rollout yet: one begins with "Roll out" in the list of versions.';
const UNDER_WAY = ['OBSERVING', 'STEPPING', 'BAKING'];
const ENDED = ['DONE', 'ROLLED_BACK'];
const OWN_FILE = 'each process\'s own file';
const BY_OPERATOR = 'by an operator'; // the reason that this page gives
const RECORDS = 500; // of the audit log, looked at for what was rolled out

export function show(root, {me, params}) {
  const place = h('div', {});
  const dot = liveDot();
  dot.element.hidden = true;
  put(root, head('Configuration', dot.element), place);
  let leave = () => {};
  if (params.part) {
    leave = part(place, me, params.part, dot);
  } else {
    load(place, call('list-parts', {}), (answer) => [card(null, table([
      {label: 'Part', cell: (one) => h('a', {href: '#/config?part=' + one.part}, one.part)},
      {label: 'In force', cell: (one) => Number(one.in_force) ? 'version ' + one.in_force : OWN_FILE},
      {label: 'Newest', class: 'num', cell: (one) => Number(one.newest) || '-'},
      {label: 'Processes', class: 'num', cell: (one) => number(one.processes)},
      {label: 'Last rollout', cell: (one) => one.rollout && one.rollout.state !== 'NONE' ? badge(STATES[one.rollout.state], KINDS[one.rollout.state]) : '-'},
    ], answer.parts, 'No process has told what can be configured yet.', 'Parts'))]);
  }
  return () => leave();
}

function part(place, me, name, dot) {
  const rollout = h('div', {'data-key': 'rollout'});
  const layers = h('div', {});
  const versions = h('div', {});
  put(place, h('div', {class: 'broadcast-top'}, h('h2', {class: 'part-name id'}, name), h('a', {href: '#/config'}, 'All parts')), card('Rollout', rollout),
    h('div', {class: 'columns'}, card('Layers', layers), card('Versions', versions)));
  put(rollout, h('p', {class: 'nothing'}, NO_ROLLOUT));
  const state = {name, me, base: 0, rollout: {}, written: () => false};
  const made = async () => {
    const [answer, started] = await Promise.all([call('history', {part: name, limit: 50}), rolledOut(name)]);
    return {...answer, back: takenBack(answer.versions || [], started)};
  };
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
  let drawn = '';
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
    dot.element.hidden = ![...UNDER_WAY, 'HALTED'].includes(one.state); // what is over does not move
    if (drawn !== JSON.stringify(one)) {
      drawn = JSON.stringify(one);
      redraw(rollout, () => put(rollout, progress(state, one)));
    }
    const now = one.number + ' ' + (UNDER_WAY.includes(one.state) ? 'under way' : one.state);
    if (shown && shown !== now && ENDED.includes(one.state)) {
      showVersions(); // another one may be in force
      rebase(state);
    } else if (shown !== now && known) {
      put(versions, list(known)); // what is rolled out, or was rolled back, is marked
    }
    shown = now;
  };
  load(versions, made(), list);
  load(layers, base(name), drafts);
  return live('/api/live/rollout?part=' + encodeURIComponent(name), {
    rollout: state.see,
    over() {},
    trouble(problem) {
      drawn = '';
      put(rollout, h('p', {class: 'nothing'}, problem.code === 'not_found' || problem.code === 'conflict' ? NO_ROLLOUT : problem.detail));
    },
  }, dot.state);
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
      put(below, h('p', {class: 'muted'}, 'No mistakes. ', answer.waiting_keys?.length ? 'Takes effect after a restart only: ' + answer.waiting_keys.join(', ') : 'Takes effect without a restart.'), diff(answer.diff));
    } else {
      toast('Version ' + answer.version.number + ' is made; nothing runs with it before a rollout');
      state.again();
    }
  };
  return h('div', {class: 'form'}, field('Layer', scope), yaml.element, below, may ? [field('Comment', comment),
    h('div', {class: 'form-end'}, button('Check', () => send(true)), button('Make a version', () => send(false), 'primary'))] : h('p', {class: 'hint'}, 'Your role may only look.'));
}

function mistake(yaml, one) {
  const place = one.line ? `Line ${one.line}${one.column ? ', column ' + one.column : ''}: ` : '';
  return h('li', {class: 'trouble'}, h('span', {}, place, one.path && !one.message.startsWith(one.path) ? [code(one.path), ' '] : null, one.message, one.process ? ` (said by ${one.process})` : null),
    one.line ? button('Go to line ' + one.line, () => yaml.go(one.line, one.column), 'small') : null);
}

// The versions of a part whose rollout the audit log has.
async function rolledOut(part) {
  try {
    const {entries = []} = await get('/api/v1/audit', {limit: RECORDS});
    return new Set(entries.filter((one) => one.action === 'config.start-rollout' && one.subject === part).map((one) => Number(/^version (\d+)/.exec(one.detail)?.[1])));
  } catch {
    return new Set();
  }
}

// Which versions were rolled back once, the last rollout aside, of which keepers tell: a draft is made from the newest
// version, and after a rollback from the one in force. What it passes over was taken back, if it was ever rolled out.
function takenBack(versions, started) {
  const back = new Set();
  const passed = new Set();
  for (const one of [...versions].reverse()) {
    const over = versions.map((other) => Number(other.number)).filter((other) => Number(one.made_from) < other && other < Number(one.number) && !passed.has(other));
    for (const other of over) {
      passed.add(other);
      if (started.has(other)) {
        back.add(other);
      }
    }
  }
  return back;
}

// A version that was in force and was taken back at once, without steps, has no time for them; then `version` is the one
// in force again, and `from` what was taken back.
const atOnce = (one) => one.state === 'ROLLED_BACK' && !Number(one.bake_ms);
const given = (one) => Number(atOnce(one) ? one.from : one.version);

function mark(state, answer, number) {
  const last = state.rollout;
  if (UNDER_WAY.includes(last.state) && number === Number(last.version)) {
    return badge('rolling out', 'info');
  }
  if (last.state === 'HALTED' && number === Number(last.version)) {
    return badge('halted', 'warn');
  }
  if (number === Number(answer.in_force)) {
    return badge('in force', 'ok');
  }
  return answer.back.has(number) || (last.state === 'ROLLED_BACK' && number === given(last)) ? badge('rolled back', 'bad') : null;
}

function history(state, answer) {
  const may = covers(state.me, 'operator');
  const inForce = Number(answer.in_force);
  const going = UNDER_WAY.includes(state.rollout.state) || state.rollout.state === 'HALTED' ? Number(state.rollout.version) : 0;
  const start = (one, marked) => may && Number(one.number) !== inForce && Number(one.number) !== going
    ? button('Roll out', () => begin(state, one), Number(one.number) < inForce || marked?.textContent === 'rolled back' ? 'small' : 'small primary') : null;
  const versions = answer.versions || [];
  return [versions.length && !inForce ? h('p', {class: 'muted'}, `In force: ${OWN_FILE}.`) : null, table([
    {label: 'Version', cell: (one) => [h('strong', {}, one.number), h('div', {class: 'badges'}, mark(state, answer, Number(one.number)), one.unproven ? badge('unproven', 'warn') : null)]},
    {label: 'Why, by whom', class: 'whole', cell: (one) => [one.comment ? words(one.comment) : h('span', {class: 'muted'}, 'no comment'), h('div', {class: 'muted small why'}, h('span', {class: 'id'}, one.author || 'unknown'), ', ', when(one.created_ms))]},
    {label: '', cell: (one) => h('div', {class: 'acts'}, button('Compare', () => differences(one), 'small'), start(one, mark(state, answer, Number(one.number))))},
  ], versions, 'No version yet: each process runs with its own file.', 'Versions')];
}

// What the version itself changed, as it was kept with it: the one it was made from may be gone.
function differences(one) {
  const before = Number(one.made_from);
  tell(before ? `Version ${before} to ${one.number}` : Number(one.number) === 1 ? 'Version 1, first version' : `Version ${one.number}, from ${OWN_FILE}`, diff(one.diff));
}

async function begin(state, one) {
  const values = await ask(`Roll out version ${one.number} of ${state.name}`, 'To one process, then 5 %, 25 % and all, with a pause to look at errors, disconnects and p99 after each; it stops and goes back by itself if they get worse.',
    [field('Pause after each step, in seconds', text('bake', '60', {type: 'number', min: 1, max: 3600, inputmode: 'numeric'}))], 'Roll out', 'primary');
  if (values) {
    await order(state, 'start-rollout', {version: one.number, bake_ms: Number(values.bake) * 1000}, `The rollout of version ${one.number} has begun`);
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
  const over = one.state === 'ROLLED_BACK';
  const step = atOnce(one) ? 0 : Number(one.step);
  return [h('div', {class: 'broadcast-top'}, h('h3', {}, title(one)), badge(STATES[one.state], KINDS[one.state])),
    over ? null : h('ol', {class: 'steps'}, STEPS.map((label, index) => stepOf(label, index + 1, step, one.state === 'DONE'))),
    one.reason ? h('p', {class: 'note'}, reason(one)) : null,
    facts([over && step ? ['Reached', STEPS[step - 1]] : null, Number(one.processes) ? ['Told', `${number(one.told)} of ${number(one.processes)}`] : null, [atOnce(one) ? 'Rolled back by' : 'By', one.author], [atOnce(one) ? 'Rolled back' : 'Began', when(one.started_ms)],
      Number(one.next_ms) ? ['Next step', when(Number(one.next_ms))] : null, ended(one),
      one.waiting_keys?.length ? ['Takes effect after a restart only', one.waiting_keys.join(', ')] : null]),
    may ? h('div', {class: 'form-end'}, UNDER_WAY.includes(one.state) ? button('Halt', () => order(state, 'halt-rollout', {reason: BY_OPERATOR}, `The rollout of version ${one.version} is halted`)) : null,
      one.state === 'HALTED' ? button('Go on', () => order(state, 'resume-rollout', {}, `The rollout of version ${one.version} goes on`), 'primary') : null,
      over ? null : button('Roll back', () => back(state, one), 'danger')) : null];
}

function title(one) {
  const [to, from] = [Number(one.version), Number(one.from)];
  if (one.state !== 'ROLLED_BACK') {
    return `Version ${to}, from ${from || OWN_FILE}`;
  }
  const [gone, again] = atOnce(one) ? [from, to] : [to, from];
  if (gone === again) { // another one was being rolled out
    return `Rolled back to version ${again}`;
  }
  return `${gone ? 'Version ' + gone : 'E' + OWN_FILE.slice(1)} rolled back to ${again || OWN_FILE}`;
}

function stepOf(label, index, step, done) {
  const now = !done && index === step;
  return h('li', {class: done || index < step ? 'past' : now ? 'now' : '', 'aria-current': now ? 'step' : null}, label);
}

function reason(one) {
  return one.reason === BY_OPERATOR ? `${one.state === 'HALTED' ? 'Halted' : 'Rolled back'} by an operator` : one.reason;
}

// Who halted it or took it back, where that was a person; of what was taken back at once, who began it did.
function ended(one) {
  return one.ended_by && one.ended_by !== 'keeper' && !atOnce(one) ? [one.state === 'HALTED' ? 'Halted by' : 'Rolled back by', one.ended_by] : null;
}

async function back(state, one) {
  const seen = one.state === 'DONE' ? {in_force: one.version} : {rollout: one.number}; // a late click takes back nothing else
  if (await ask('Roll back ' + state.name, 'All processes go back at once: from this rollout, else to the version that was in force before.', [], 'Roll back')) {
    await order(state, 'rollback', {...seen, reason: BY_OPERATOR}, `Version ${one.version} of ${state.name} is rolled back`);
  }
}
