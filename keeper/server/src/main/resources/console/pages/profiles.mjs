// What a process does, while it does it: how it fares, a flame graph, its heap, its threads; and the switch of sampling.
import {get, post} from '../js/api.mjs';
import {breaks, bytes, h, number, put, short, span, when} from '../js/dom.mjs';
import {flame, ofThreads, tree} from '../js/flame.mjs';
import {attempt, badge, button, card, choice, covers, facts, field, form, head, show as load, table, text, trouble} from '../js/ui.mjs';

const EVENTS = {cpu: ['CPU', 'where it computes'], wall: ['Wall clock', 'where it waits, too'], alloc: ['Allocations', 'where memory goes'], lock: ['Locks', 'what it waits for']};

const PARTS = ['keeper', 'register', 'saver', 'coordinator', 'room', 'center', 'dispatcher', 'agent'];

const CLASSES = 20; // shown at first
const STACKS = 200; // shown at most
const NAMES = 10; // of the threads of a stack

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
      acts.forEach((one) => {
        one.disabled = true;
        one.setAttribute('aria-pressed', one === pressed); // what it shows is beneath, whatever is chosen next
      });
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
      offer(element);
      return element;
    };
    const offer = (element) => {
      element.setAttribute('aria-pressed', 'false');
      acts.push(element);
    };
    const fares = () => act('Show how it fares', 'the figures', 'describe', describe);
    if (!covers(me, 'operator')) {
      return card(null, h('p', {class: 'nothing'}, 'Profiles cost the process a little: they take the role operator.'),
        h('div', {class: 'form form-line'}, field('Process', process), h('div', {class: 'form-end'}, fares())));
    }
    const seconds = text('seconds', '10', {type: 'number', min: 1, max: 900, inputmode: 'numeric'});
    const past = choice('past', [['', 'from now on'], ['yes', 'the last minutes']], '');
    const profile = form([field('Profile of', choice('event', Object.entries(EVENTS).map(([event, words]) => [event, words.join(': ')]), 'cpu')),
      field('Seconds', seconds, '1 to 300 s from now on; up to 900 s of the past'),
      field('When', past, 'Only sampled processes have past minutes (below)')], 'Profile', (values) => alone(send, () => {
      const asked = {...chosen(), event: values.event, seconds: Number(values.seconds), past: values.past !== ''};
      return reach(result, asked.past ? `Looking back at ${asked.instance} …` : `Sampling ${asked.instance} for ${values.seconds} s …`,
        post('/api/process/profile', asked), (answer) => graph(answer, asked));
    }), 'form-line form-profile');
    const send = profile.querySelector('[type="submit"]');
    offer(send);
    return card(null, h('div', {class: 'form form-line'}, field('Process', process),
      h('div', {class: 'form-end'}, fares(), act('Show heap', 'the heap', 'heap', heap, 'heap-hint'), act('Show threads', 'the threads', 'threads', threads))),
    h('p', {class: 'hint', id: 'heap-hint'}, 'To show its heap the process collects all of its garbage first: it stands still meanwhile.'), profile);
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
function sampling(me, place, kept = '') {
  load(place, get('/api/sampling'), (state) => {
    const [parts, sampled, waiting] = [state.parts || [], state.sampled || [], state.waiting || []];
    const part = choice('part', [['', 'all parts'], ...PARTS.map((one) => [one, one])], kept);
    const again = () => sampling(me, place, part.value);
    const off = button('Switch off', () => turn(false));
    off.disabled = parts.length === 0;
    const on = button('Switch on', () => turn(true), 'primary');
    const offer = () => { on.disabled = parts.includes(part.value); };
    part.addEventListener('change', offer);
    offer();
    const turn = async (on) => {
      const answer = await attempt(() => post('/api/sampling', {part: part.value, on}));
      if (answer) {
        again();
      }
    };
    return card('Sampling all the time', h('p', {class: 'muted'}, 'Low-rate samples of the processor, the last 15 minutes kept, also of processes that start later. It costs a busy room some 7 % of its processor time.'),
      facts([['Switched on', parts.length ? h('span', {class: 'badges'}, parts.map((one) => badge(one, 'ok'))) : 'nothing'], ['Sampled now', sampled.length ? sampled.map(whole) : 'no process'],
        waiting.length ? ['Not yet', waiting.map(whole)] : null]),
      covers(me, 'operator') ? h('div', {class: 'form form-line'}, field('Part', part), h('div', {class: 'form-end'}, button('Look again', again), off, on)) : null);
  });
}

// The name of a process breaks only where it is alone in its line and too long for it.
function named(instance) {
  return h('span', {class: 'id'}, instance);
}

function whole(instance) {
  return h('div', {}, h('code', {class: 'id'}, instance));
}

function describe(now) {
  const findings = Object.entries(now.findings || {}).sort(([, a], [, b]) => (b !== '') - (a !== '')); // what is wrong stands first
  return card(['How ', named(now.instance), ' fares'], facts([['Phase', now.phase], ['Started', when(now.started_ms)], ['Pid', now.pid], ['Heap', `${bytes(now.heap_used_bytes)} of ${bytes(now.heap_max_bytes)}`],
    ['Resident memory', bytes(now.rss_bytes)], ['Processor time', span(now.cpu_ms)], ['Open files', number(now.open_files)], ['Threads', number(now.threads)]]),
  h('h3', {}, 'Checks'), findings.length ? h('ul', {class: 'checks'}, findings.map(([check, why]) => h('li', {class: why ? 'wrong' : ''}, check, ' ', badge(why ? 'failed' : 'ok', why ? 'bad' : 'ok'), why ? ' ' + why : ''))) : h('p', {class: 'nothing'}, 'It has none.'),
  h('h3', {}, 'Garbage collectors'), table([
    {label: 'Collector', cell: (one) => one.name},
    {label: 'Collections', class: 'num', cell: (one) => number(Number(one.collections))},
    {label: 'Time', class: 'num', cell: (one) => span(Math.max(Number(one.total_ms ?? 0), took(one).reduce((all, each) => all + each, 0)))}, // the JVM counts it apart and rounds it down
    {label: 'Longest of the last 64', class: 'num', cell: (one) => span(Math.max(0, ...took(one)))},
    {label: 'Last', class: 'fixed', cell: (one) => one.recent?.length ? when(one.recent.at(-1).at_ms) : '-'},
    {label: 'Cause', cell: (one) => one.recent?.length ? one.recent.at(-1).cause : '-'},
  ], now.collectors || [], 'It tells of none.', 'Garbage collectors'),
  h('h3', {}, 'Gauges'), gauges(Object.entries(now.gauges || {}).sort()));
}

function took(collector) {
  return (collector.recent || []).map((pause) => pause.millis ?? 0);
}

function gauges(all) {
  return all.length === 0 ? h('p', {class: 'nothing'}, 'It has none.')
    : h('dl', {class: 'gauges'}, all.map(([name, value]) => {
      const [label, said] = gauge(name, value);
      return h('div', {}, h('dt', {}, h('code', {title: name}, breaks(label, '_'))), h('dd', {}, said));
    }));
}

const UNITS = [ // those that are a time count the seconds since 1970
  [/_(?:millis|ms)$/, span],
  [/(?<=_(?:until|time))_seconds$/, (value) => when(value * 1000)],
  [/_seconds$/, (value) => span(value * 1000)],
  [/_bytes$/, bytes],
];

// The end of a gauge's name is its unit, which its value tells: ["saver_law_until", "2026-03-01 12:00:00"].
function gauge(name, value) {
  const [, base, tags] = /^([^{]*)(.*)$/.exec(name);
  const [unit, words] = UNITS.find(([sign]) => sign.test(base)) || [];
  return unit ? [base.replace(unit, '') + tags, words(value)] : [name, number(value)];
}

function graph(profile, asked) {
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
  const time = short(Number(profile.seconds)) + ' s';
  const part = asked.past && profile.seconds < asked.seconds ? ` of the ${number(asked.seconds)} s asked: it was not sampled for longer` : '';
  return card([title + ' of ', named(profile.instance)], facts([['Samples', number(profile.samples || stacks.value)], ['Time', time + part], ['By', profile.profiler],
    profile.event !== asked.event ? ['Sampled', `${profile.event}, because ${asked.event} cannot be taken here`] : null]),
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
    {label: 'Size', class: 'num', cell: (one) => size(one.bytes)},
  ], shown, 'Nothing.', 'Classes'), shown.length < classes.length
    ? h('div', {class: 'form-end'}, button(classes.length < Number(answer.class_count) ? `Show the ${number(classes.length)} largest` : 'Show all', () => draw(classes))) : null);
  draw(classes.slice(0, CLASSES));
  return card(['Heap of ', named(process.instance)], facts([['Classes', number(answer.class_count)], ['Objects', number(Number(answer.instances))], ['Size', bytes(answer.bytes)]]), place);
}

// One decimal in each row of a column: "4.0 MiB".
function size(value) {
  return bytes(value).replace(/^([\d,]+) (?=[KMGT])/, '$1.0 ');
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
  return card(['Threads of ', named(process.instance)], facts([['Platform threads', number(answer.platform)], ['Virtual threads', number(answer.virtual)], answer.deadlocked?.length ? ['Deadlocked', answer.deadlocked.join(', ')] : null]),
    h('div', {class: 'form form-line'}, field('Find', search), h('div', {class: 'form-end'}, save('Save the stacks', `${process.instance}-threads.txt`, 'text/plain', answer.text))), told, list);
}

function stackOf({threads: names, stack}) {
  const more = names.length - NAMES;
  const entry = (name, i, all) => [h('span', {class: 'entry'}, name + (i < all.length - 1 ? ',' : '')), ' '];
  return h('div', {class: 'stack'}, h('strong', {}, names.length === 1 ? names[0] : number(names.length) + ' threads'),
    names.length === 1 ? null : h('div', {class: 'muted'}, names.slice(0, NAMES).map(entry), more > 0 ? `and ${number(more)} more` : null),
    stack ? stack.split('\n').map(call) : '(no frames)');
}

// "at" stays with what it belongs to, "(Thread.java:1474)" is whole; a long one goes on in the next line, further in.
function call(line) {
  const [, at, name, place] = /^(at [^./$(]*[./$(])?(.*?)(\([^()]*\))?$/.exec(line);
  return h('div', {class: 'call'}, at ? [h('span', {class: 'unbroken'}, at), h('wbr')] : null, breaks(name, './$('), place ? h('span', {class: 'entry'}, place) : null);
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
