// What a process does, while it does it: a flame graph, its heap, its threads.
import {get, post} from '../js/api.mjs';
import {bytes, h, number, put} from '../js/dom.mjs';
import {flame, tree} from '../js/flame.mjs';
import {attempt, button, card, choice, covers, facts, field, form, head, show as load, table, text} from '../js/ui.mjs';

const EVENTS = [['cpu', 'cpu: where it computes'], ['wall', 'wall: where it waits, too'], ['alloc', 'alloc: what it allocates'], ['lock', 'lock: what it waits for']];

export function show(root, {me, params}) {
  const result = h('div', {id: 'found'});
  const place = h('div', {});
  put(root, head('Profiles'), place, result);
  load(place, get('/api/cluster'), (picture) => {
    const members = (picture.members || []).filter((member) => member.rpc);
    if (!covers(me, 'operator')) {
      return card(null, h('p', {class: 'nothing'}, 'Profiles cost the process a little: they take the role operator.'));
    }
    const process = choice('process', members.map((member) => [member.part + ' ' + member.instance, member.instance]), params.process);
    const chosen = () => ({part: process.value.split(' ')[0], instance: process.value.split(' ').slice(1).join(' ')});
    const seconds = text('seconds', '10', {type: 'number', min: 1, max: 300, inputmode: 'numeric'});
    return card(null, form([field('Process', process), field('What', choice('event', EVENTS, 'cpu')), field('Seconds', seconds, '1 to 300')], 'Profile', async (values) => {
      put(result, card(null, h('p', {class: 'nothing', role: 'status'}, `Sampling ${chosen().instance} for ${values.seconds} s …`)));
      try {
        put(result, graph(await post('/api/process/profile', {...chosen(), event: values.event, seconds: Number(values.seconds)})));
      } catch (problem) {
        put(result);
        throw problem;
      }
    }, 'form-line'), h('div', {class: 'form-end'}, button('Heap', () => heap(result, chosen())), button('Threads', () => threads(result, chosen()))));
  });
}

function graph(profile) {
  const stacks = tree(profile.stacks);
  if (stacks.value === 0) {
    return card(null, h('p', {class: 'nothing'}, 'No sample: it did nothing of the kind in that time.'));
  }
  const picture = flame(stacks);
  const search = h('input', {type: 'search', autocomplete: 'off', oninput: () => picture.search(search.value.trim())});
  const file = new Blob([profile.stacks], {type: 'text/plain'});
  const save = h('a', {class: 'button', download: `${profile.part}-${profile.event}.collapsed`, href: URL.createObjectURL(file)}, 'Save the stacks');
  return card(`${profile.event} of ${profile.instance}`, facts([['Samples', number(profile.samples || stacks.value)], ['Seconds', String(profile.seconds)], ['By', profile.profiler]]),
    h('div', {class: 'form form-line'}, field('Find frames', search), h('div', {class: 'form-end'}, save)), picture.element);
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
