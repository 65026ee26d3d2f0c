// What a process does, while it does it: how it fares, a flame graph, its heap, its threads; and the switch of sampling.
import {get, post} from '../js/api.mjs';
import {breaks, bytes, h, number, put, short, span, when} from '../js/dom.mjs';
import {flame, ofThreads, tree} from '../js/flame.mjs';
import {attempt, badge, button, card, choice, code, covers, facts, field, form, head, show as load, table, text, trouble} from '../js/ui.mjs';

const EVENTS = {cpu: ['CPU', 'where it computes'], wall: ['Wall clock', 'where it waits, too'], alloc: ['Allocations', 'where it takes memory'], lock: ['Locks', 'what it waits for']};

const PARTS = ['keeper', 'register', 'saver', 'coordinator', 'room', 'center', 'dispatcher', 'agent'];

const CLASSES = 20; // shown at first
const STACKS = 200; // shown at most

export function show(root, {me, params}) {
  const result = h('div', {id: 'found'});
  const place = h('div', {});
  const switched = h('div', {});
  put(root, head('Profiles'), place, result, switched);
  load(place, get('/api/cluster'), (picture) => {
    const members = (picture.members || []).filter((member) => member.rpc);
    const process = choice('process', members.map((member) => [member.part + ' ' + member.instance, member.instance]), params.process);
    const chosen = () => ({part: process.value.split(' ')[0], instance: process.value.split(' ').slice(1).join(' ')});
    const acts = []; // one at a time
    const alone = async (pressed, work) => {
      acts.forEach((one) => { one.disabled = true; });
      await work();
      acts.forEach((one) => { one.disabled = false; });
      if (document.activeElement === document.body) { // who works by keyboard goes on from there
        pressed.focus({preventScroll: true});
      }
    };
    const act = (name, doing, path, draw, hint) => {
      const element = button(name, () => alone(element, () => {
        const asked = chosen();
        return reach(result, `Loading ${doing} of ${asked.instance} …`, post('/api/process/' + path, asked), (answer) => draw(answer, asked));
      }));
      if (hint) {
        element.setAttribute('aria-describedby', hint);
      }
      acts.push(element);
      return element;
    };
    const fares = () => act('How it fares', 'the figures', 'describe', describe);
    if (!covers(me, 'operator')) {
      return card(null, h('p', {class: 'nothing'}, 'Profiles cost the process a little: they take the role operator.'),
        h('div', {class: 'form form-line'}, field('Process', process), h('div', {class: 'form-end'}, fares())));
    }
    const seconds = text('seconds', '10', {type: 'number', min: 1, max: 900, inputmode: 'numeric'});
    const past = choice('past', [['', 'from now on'], ['yes', 'the last minutes']], '');
    const profile = form([field('Process', process), field('What', choice('event', Object.entries(EVENTS).map(([event, words]) => [event, words.join(': ')]), 'cpu')), field('Seconds', seconds, '1 to 300; up to 900 of the last minutes'),
      field('When', past, 'The last minutes are known of a process that is sampled')], 'Profile', (values) => alone(send, () => {
      const asked = chosen();
      return reach(result, values.past ? `Looking back at ${asked.instance} …` : `Sampling ${asked.instance} for ${values.seconds} s …`,
        post('/api/process/profile', {...asked, event: values.event, seconds: Number(values.seconds), past: values.past !== ''}), graph);
    }), 'form-line');
    const send = profile.querySelector('[type="submit"]');
    acts.push(send);
    return card(null, profile, h('div', {class: 'form-end'}, fares(), act('Heap', 'the heap', 'heap', heap, 'heap-hint'), act('Threads', 'the threads', 'threads', threads)),
    h('p', {class: 'hint', id: 'heap-hint'}, 'Heap makes the process collect all of its garbage first: it stands still meanwhile.'));
  });
  sampling(me, switched);
}

/** Shows that something is asked for, and what comes of it, where the reader sees it. */
async function reach(result, asking, promise, draw) {
  const waiting = card(null, h('p', {class: 'nothing', role: 'status'}, asking));
  put(result, waiting);
  result.scrollIntoView();
  try {
    const drawn = draw(await promise);
    if (waiting.isConnected) { // nothing else was asked for meanwhile
      put(result, drawn);
      result.scrollIntoView();
    }
  } catch (problem) {
    if (waiting.isConnected) {
      put(result, card(null, trouble(problem)));
    }
  }
}

// Kept by the platform: who starts later follows it.
function sampling(me, place) {
  const again = () => sampling(me, place);
  load(place, get('/api/sampling'), (state) => {
    const [parts, sampled, waiting] = [state.parts || [], state.sampled || [], state.waiting || []];
    const part = choice('part', [['', 'all parts'], ...PARTS.map((one) => [one, one])], '');
    const turn = async (on) => {
      const answer = await attempt(() => post('/api/sampling', {part: part.value, on}));
      if (answer) {
        again();
      }
    };
    return card('Sampling all the time', h('p', {class: 'muted'}, 'Low-rate samples of the processor, the last 15 minutes kept, also of processes that start later. It costs a busy room some 7 % of its processor time.'),
      facts([['Switched on', parts.length ? h('span', {class: 'badges'}, parts.map((one) => badge(one, 'ok'))) : 'for no part'], ['Sampled now', sampled.length ? sampled.map((one) => h('div', {}, code(one))) : 'nobody'],
        waiting.length ? ['Not yet', waiting.map((one) => h('div', {}, code(one)))] : null]),
      covers(me, 'operator') ? h('div', {class: 'form form-line'}, field('Part', part), h('div', {class: 'form-end'}, button('Look again', again), button('Switch off', () => turn(false)), button('Switch on', () => turn(true), 'primary'))) : null);
  });
}

function describe(now) {
  const findings = Object.entries(now.findings || {}).sort(([, a], [, b]) => (b !== '') - (a !== '')); // what is wrong stands first
  return card(`How ${now.instance} fares`, facts([['Phase', now.phase], ['Started', when(now.started_ms)], ['Pid', now.pid], ['Heap', `${bytes(now.heap_used_bytes)} of ${bytes(now.heap_max_bytes)}`],
    ['Resident', bytes(now.rss_bytes)], ['Processor time', span(now.cpu_ms)], ['Open files', number(now.open_files)], ['Threads', number(now.threads)]]),
  h('h3', {}, 'Checks'), findings.length ? h('ul', {class: 'checks'}, findings.map(([check, why]) => h('li', {class: why ? 'wrong' : ''}, badge(check, why ? 'bad' : 'ok'), why ? ' ' + why : ''))) : h('p', {class: 'nothing'}, 'It has none.'),
  h('h3', {}, 'Garbage collectors, the longest of the last 64 of each'), table([
    {label: 'Collector', cell: (one) => one.name},
    {label: 'Collections', class: 'num', cell: (one) => number(Number(one.collections))},
    {label: 'Time', class: 'num', cell: (one) => span(one.total_ms)},
    {label: 'Longest', class: 'num', cell: (one) => span(Math.max(0, ...(one.recent || []).map((pause) => pause.millis)))},
    {label: 'Last', class: 'fixed', cell: (one) => one.recent?.length ? when(one.recent.at(-1).at_ms) : '-'},
    {label: 'Cause', cell: (one) => one.recent?.length ? one.recent.at(-1).cause : '-'},
  ], now.collectors || [], 'It tells of none.', 'Garbage collectors'),
  h('h3', {}, 'Gauges'), table([
    {label: 'Gauge', class: 'whole', cell: ([name]) => h('code', {}, breaks(name, '_'))},
    {label: 'Now', class: 'num', cell: ([name, value]) => gauge(name, value)},
  ], Object.entries(now.gauges || {}).sort(), 'It has none.', 'Gauges', 'pairs'));
}

// The end of a gauge's name is its unit; those that are a time count the seconds since 1970.
function gauge(name, value) {
  if (/_(millis|ms)$/.test(name)) {
    return span(value);
  }
  if (/_(until|time)_seconds$/.test(name)) {
    return when(value * 1000);
  }
  if (/_seconds$/.test(name)) {
    return span(value * 1000);
  }
  return /_bytes$/.test(name) ? bytes(value) : number(value);
}

function graph(profile) {
  const stacks = tree(profile.stacks);
  if (stacks.value === 0) {
    return card(null, h('p', {class: 'nothing'}, 'No sample: it did nothing of the kind in that time.'));
  }
  let picture;
  const place = h('div', {});
  const search = h('input', {type: 'search', autocomplete: 'off', oninput: () => picture.search(search.value.trim())});
  const threads = choice('threads', [['', 'alike ones together'], ['each', 'each by itself']], '');
  const draw = () => {
    picture = flame(tree(profile.stacks, threads.value === ''), search.value.trim());
    put(place, picture.element);
  };
  threads.addEventListener('change', draw);
  draw();
  const name = `${profile.part}-${profile.event}`;
  const [title = profile.event] = EVENTS[profile.event] || [];
  return card(`${title} of ${profile.instance}`, facts([['Samples', number(profile.samples || stacks.value)], ['Time', short(Number(profile.seconds)) + ' s'], ['By', profile.profiler]]),
    h('div', {class: 'form form-line'}, field('Find frames', search), ofThreads(stacks) ? field('Threads', threads, 'Alike: their names differ by numbers alone') : null,
      h('div', {class: 'form-end'}, save('Save the stacks', name + '.collapsed', 'text/plain', profile.stacks), save('Save the flame graph', name + '.html', 'text/html', profile.graph))), place);
}

function save(what, name, type, content) {
  return h('a', {class: 'button', download: name, href: URL.createObjectURL(new Blob([content], {type}))}, what);
}

function heap(answer, process) {
  const classes = answer.classes || [];
  const place = h('div', {});
  const draw = (shown) => put(place, table([
    {label: 'Class', class: 'whole', cell: (one) => h('code', {}, breaks(className(one.name), '.$/'))},
    {label: 'Objects', class: 'num', cell: (one) => number(Number(one.instances))},
    {label: 'Size', class: 'num', cell: (one) => bytes(one.bytes)},
  ], shown, 'Nothing.', 'Classes'), shown.length < classes.length
    ? h('div', {class: 'form-end'}, button(classes.length < Number(answer.class_count) ? `The ${number(classes.length)} largest` : `All ${number(classes.length)} classes`, () => draw(classes))) : null);
  draw(classes.slice(0, CLASSES));
  return card(`Heap of ${process.instance}`, facts([['Classes', number(answer.class_count)], ['Objects', number(Number(answer.instances))], ['Size', bytes(answer.bytes)]]), place);
}

const PRIMITIVES = {Z: 'boolean', B: 'byte', C: 'char', D: 'double', F: 'float', I: 'int', J: 'long', S: 'short'};

// "[[B" of the JVM is byte[][], "[Ljava.lang.String;" is java.lang.String[].
function className(name) {
  const [, arrays, element] = /^(\[*)(.*)$/.exec(name);
  return arrays ? (PRIMITIVES[element] || element.replace(/^L(.*);$/, '$1')) + '[]'.repeat(arrays.length) : name;
}

function threads(answer, process) {
  const stacks = merged(answer.text);
  const told = h('p', {class: 'muted small', role: 'status'});
  const list = h('div', {class: 'stacks', role: 'region', tabindex: '0', 'aria-label': 'Stacks'});
  const draw = (words) => {
    const found = stacks.map((one) => one.stack.toLowerCase().includes(words) ? one : {...one, threads: one.threads.filter((thread) => thread.toLowerCase().includes(words))})
      .filter((one) => one.threads.length > 0);
    const count = found.reduce((all, one) => all + one.threads.length, 0);
    put(told, `${number(count)} found, with ${number(found.length)} ${found.length === 1 ? 'stack' : 'different stacks'}` + (found.length > STACKS ? `, of which ${STACKS} are shown` : ''));
    put(list, found.slice(0, STACKS).map(stackOf));
    list.scrollTop = 0;
  };
  const search = h('input', {type: 'search', autocomplete: 'off', spellcheck: 'false', oninput: () => draw(search.value.trim().toLowerCase())});
  draw('');
  return card(`Threads of ${process.instance}`, facts([['Platform threads', number(answer.platform)], ['Virtual threads', number(answer.virtual)], answer.deadlocked?.length ? ['Deadlocked', answer.deadlocked.join(', ')] : null]),
    h('div', {class: 'form form-line'}, field('Find', search), h('div', {class: 'form-end'}, save('Save the stacks', `${process.instance}-threads.txt`, 'text/plain', answer.text))), told, list);
}

function stackOf({threads: names, stack}) {
  return h('div', {class: 'stack'}, h('strong', {}, names.length === 1 ? names[0] : number(names.length) + ' threads'),
    names.length === 1 ? null : h('div', {class: 'muted'}, names.slice(0, 10).join(', ') + (names.length > 10 ? ', …' : '')), h('pre', {}, stack || '(no frames)'));
}

// The JVM's text: a line '#12 "name" virtual WAITING 2026-...' for each thread, its frames beneath. Threads that stand
// at the same place are told of together, most of them first, those without frames last; what they wait at differs by
// its hash alone.
function merged(text) {
  const stacks = new Map();
  for (const block of text.split(/^(?=#\d)/m).filter((one) => one.startsWith('#'))) {
    const [first, ...rest] = block.trimEnd().split('\n');
    const thread = first.replace(/ \d{4}-\d\d-\d\dT\S+/, '').trim();
    const stack = rest.map((line) => line.replace(/^\s+/, '')).join('\n');
    const place = stack.replace(/@[0-9a-f]+/g, '');
    const known = stacks.get(place);
    if (known) {
      known.threads.push(thread);
    } else {
      stacks.set(place, {threads: [thread], stack});
    }
  }
  return [...stacks.values()].sort((a, b) => (a.stack === '') - (b.stack === '') || b.threads.length - a.threads.length);
}
