// A flame graph of collapsed stacks ("a;b;c 12" each line), drawn with buttons so that it can be walked by keyboard.
import {h, number, put} from './dom.mjs';

const ROW = 19;
const LEAST = 0.0008; // of the width: what is narrower is left out
const MOST_ROWS = 120;

/** The tree of the stacks: {name, value, self, children: Map}. */
export function tree(stacks) {
  const root = {name: 'all', value: 0, children: new Map()};
  for (const line of stacks.split('\n')) {
    const end = line.lastIndexOf(' ');
    const count = Number(line.slice(end + 1));
    if (end <= 0 || !Number.isFinite(count)) {
      continue;
    }
    root.value += count;
    let node = root;
    for (const name of line.slice(0, end).split(';')) {
      let child = node.children.get(name);
      if (!child) {
        child = {name, value: 0, children: new Map(), parent: node};
        node.children.set(name, child);
      }
      child.value += count;
      node = child;
    }
  }
  return root;
}

/** An element that shows the tree; a click goes into a frame, the lowest one back out. */
export function flame(root) {
  const picture = h('div', {class: 'flame', role: 'group', 'aria-label': 'Flame graph'});
  const foot = h('div', {class: 'flame-foot', 'aria-live': 'polite'}, 'A click on a frame goes into it.');
  let searched = '';
  let shown = root;
  const draw = () => {
    const rows = [];
    let deepest = 0;
    const place = (node, left, depth) => {
      const width = node.value / shown.value;
      if (width < LEAST || depth >= MOST_ROWS) {
        return;
      }
      deepest = Math.max(deepest, depth);
      rows.push(frame(node, left, width, depth));
      let at = left;
      for (const child of [...node.children.values()].sort((a, b) => a.name < b.name ? -1 : 1)) {
        place(child, at, depth + 1);
        at += child.value / shown.value;
      }
    };
    let above = 0;
    for (const parent of parents(shown)) {
      rows.push(frame(parent, 0, 1, above++));
    }
    place(shown, 0, above);
    put(picture, rows);
    picture.style.height = (deepest + 1) * ROW + 2 + 'px';
  };
  const frame = (node, left, width, depth) => {
    const share = ((100 * node.value) / root.value).toFixed(1);
    const label = `${node.name}: ${number(node.value)} samples, ${share} %`;
    const button = h('button', {type: 'button', class: searched && node.name.toLowerCase().includes(searched) ? 'found' : 'hue-' + hue(node.name), 'aria-label': label, tabindex: width > 0.03 ? '0' : '-1',
      onclick: () => {
        shown = node;
        draw();
        put(foot, label);
      },
      onmouseenter: () => put(foot, label), onfocus: () => put(foot, label)}, width > 0.02 ? node.name : '');
    button.style.left = left * 100 + '%';
    button.style.width = width * 100 + '%';
    button.style.top = depth * ROW + 1 + 'px';
    return button;
  };
  draw();
  return {
    element: h('div', {}, picture, foot),
    search(text) {
      searched = text.toLowerCase();
      draw();
    },
  };
}

function parents(node) {
  const up = [];
  for (let one = node.parent; one; one = one.parent) {
    up.unshift(one);
  }
  return up;
}

// Java of ours, Java of others, the JVM and the kernel stand apart.
function hue(name) {
  if (/^io[/.]longwire/.test(name)) {
    return 3;
  }
  if (/^(java|jdk|sun)[/.]/.test(name)) {
    return 1;
  }
  if (/[/.]/.test(name)) {
    return 0;
  }
  return /_\[k\]$|^(entry_|do_|__|sys_|tcp_|ip_)/.test(name) ? 2 : 4;
}
