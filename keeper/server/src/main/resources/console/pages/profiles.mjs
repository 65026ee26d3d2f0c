// What a process does, while it does it: how it fares, a flame graph, its heap, its threads; and the switch of sampling.
import {get, post} from '../js/api.mjs';
import {bytes, h, number, put, span, when} from '../js/dom.mjs';
import {flame, tree} from '../js/flame.mjs';
import {attempt, badge, button, card, choice, code, covers, facts, field, form, head, show as load, table, text} from '../js/ui.mjs';

const EVENTS = [['cpu', 'cpu: where it computes'], ['wall', 'wall: where it waits, too'], ['alloc', 'alloc: what it allocates'], ['lock', 'lock: what it waits for']];

const PARTS = ['keeper', 'register', 'saver', 'coordinator', 'room', 'center', 'dispatcher', 'agent'];

export function show(root, {me, params}) {
  const result = h('div', {id: 'found'});
  const place = h('div', {});
  const switched = h('div', {});
  put(root, head('Profiles'), place, switched, result);
  load(place, get('/api/cluster'), (picture) => {
    const members = (picture.members || []).filter((member) => member.rpc);
    const process = choice('process', members.map((member) => [member.part + ' ' + member.instance, member.instance]), params.process);
    const chosen = () => ({part: process.value.split(' ')[0], instance: process.value.split(' ').slice(1).join(' ')});
    if (!covers(me, 'operator')) {
      return card(null, h('p', {class: 'nothing'}, 'Profiles cost the process a little: they take the role operator.'),
        h('div', {class: 'form form-line'}, field('Process', process), h('div', {class: 'form-end'}, button('How it fares', () => describe(result, chosen())))));
    }
    const seconds = text('seconds', '10', {type: 'number', min: 1, max: 900, inputmode: 'numeric'});
    const past = choice('past', [['', 'from now on'], ['yes', 'that have been, if it is sampled']], '');
    return card(null, form([field('Process', process), field('What', choice('event', EVENTS, 'cpu')), field('Seconds', seconds, '1 to 300; 900 of those that have been'), field('Which', past)], 'Profile', async (values) => {
      put(result, card(null, h('p', {class: 'nothing', role: 'status'}, values.past ? 'Looking back …' : `Sampling ${chosen().instance} for ${values.seconds} s …`)));
      try {
        put(result, graph(await post('/api/process/profile', {...chosen(), event: values.event, seconds: Number(values.seconds), past: values.past !== ''})));
      } catch (problem) {
        put(result);
        throw problem;
      }
    }, 'form-line'), h('div', {class: 'form-end'}, button('How it fares', () => describe(result, chosen())), button('Heap', () => heap(result, chosen())), button('Threads', () => threads(result, chosen()))));
  });
  sampling(me, switched);
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

async function describe(result, process) {
  const now = await attempt(() => post('/api/process/describe', process));
  if (now) {
    const findings = Object.entries(now.findings || {});
    put(result, card(`How ${now.instance} fares`, facts([['Phase', now.phase], ['Started', when(now.started_ms)], ['Pid', now.pid], ['Heap', `${bytes(now.heap_used_bytes)} of ${bytes(now.heap_max_bytes)}`],
      ['Resident', bytes(now.rss_bytes)], ['Processor time', span(now.cpu_ms)], ['Open files', number(now.open_files)], ['Threads', number(now.threads)],
      ['Checks', findings.length ? findings.map(([check, why]) => h('div', {}, badge(check, why ? 'bad' : 'ok'), why ? ' ' + why : '')) : '-']]),
    h('h3', {}, 'Garbage collectors, the longest of the last 64 of each'), table([
      {label: 'Collector', cell: (one) => one.name},
      {label: 'Collections', class: 'num', cell: (one) => number(Number(one.collections))},
      {label: 'Time', class: 'num', cell: (one) => span(one.total_ms)},
      {label: 'Longest', class: 'num', cell: (one) => span(Math.max(0, ...(one.recent || []).map((pause) => pause.millis)))},
      {label: 'Last', class: 'fixed', cell: (one) => one.recent?.length ? when(one.recent.at(-1).at_ms) : '-'},
      {label: 'Cause', cell: (one) => one.recent?.length ? one.recent.at(-1).cause : '-'},
    ], now.collectors || [], 'It tells of none.', 'Garbage collectors'),
    h('h3', {}, 'Gauges'), table([
      {label: 'Gauge', cell: ([name]) => code(name)},
      {label: 'Now', class: 'num', cell: ([, value]) => number(value)},
    ], Object.entries(now.gauges || {}).sort(), 'It has none.', 'Gauges')));
  }
}

function graph(profile) {
  const stacks = tree(profile.stacks);
  if (stacks.value === 0) {
    return card(null, h('p', {class: 'nothing'}, 'No sample: it did nothing of the kind in that time.'));
  }
  const picture = flame(stacks);
  const search = h('input', {type: 'search', autocomplete: 'off', oninput: () => picture.search(search.value.trim())});
  const save = (what, name, type, content) => h('a', {class: 'button', download: `${profile.part}-${profile.event}.${name}`, href: URL.createObjectURL(new Blob([content], {type}))}, what);
  return card(`${profile.event} of ${profile.instance}`, facts([['Samples', number(profile.samples || stacks.value)], ['Seconds', String(profile.seconds)], ['By', profile.profiler]]),
    h('div', {class: 'form form-line'}, field('Find frames', search), h('div', {class: 'form-end'}, save('Save the stacks', 'collapsed', 'text/plain', profile.stacks), save('Save the flame graph', 'html', 'text/html', profile.graph))), picture.element);
}

async function heap(result, process) {
  const answer = await attempt(() => post('/api/process/heap', process));
  if (answer) {
    put(result, card(`Heap of ${process.instance}`, facts([['Classes', number(answer.class_count)], ['Objects', number(Number(answer.instances))], ['Bytes', bytes(answer.bytes)]]), table([
      {label: 'Class', cell: (one) => h('code', {}, one.name)},
      {label: 'Objects', class: 'num', cell: (one) => number(Number(one.instances))},
      {label: 'Bytes', class: 'num', cell: (one) => bytes(one.bytes)},
    ], answer.classes, 'Nothing.', 'Classes')));
  }
}

async function threads(result, process) {
  const answer = await attempt(() => post('/api/process/threads', process));
  if (answer) {
    put(result, card(`Threads of ${process.instance}`, facts([['Platform threads', number(answer.platform)], ['Virtual threads', number(answer.virtual)], answer.deadlocked?.length ? ['Deadlocked', answer.deadlocked.join(', ')] : null]),
      h('pre', {class: 'diff', tabindex: '0', 'aria-label': 'Stacks'}, answer.text)));
  }
}
