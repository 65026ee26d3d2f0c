// A flame graph of collapsed stacks ("a;b;c 12" each line), drawn with buttons so that it can be walked by keyboard.
import {h, number, put} from './dom.mjs';

const ROW = 19;
const LEAST = 1; // px: what is narrower is left out
const APART = 2; // px: what is narrower has no edge of its own, and is pale
const NAMED = 28; // px: what is narrower has no name in it
const LETTER = 6.7; // px: how wide a letter of a name is
const MOST_ROWS = 120;

const THREAD = /^\[(.*?) ?tid=\d+\]$/; // the first frame of a stack, where the profiler tells of threads

/**
 * The tree of the stacks: {name, value, children: Map, threads}. Together: threads whose names differ by numbers alone are
 * one frame, of which `threads` has the names.
 */
export function tree(stacks, together = false) {
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
      const key = together && node === root ? alike(name) : name;
      let child = node.children.get(key);
      if (!child) {
        child = {name: key, value: 0, children: new Map(), parent: node, threads: node === root ? new Set() : null};
        node.children.set(key, child);
      }
      if (key !== name) {
        child.threads.add(name);
      }
      child.value += count;
      node = child;
    }
  }
  for (const child of root.children.values()) {
    if (child.threads.size === 1) { // nobody is like it
      [child.name] = child.threads;
    }
  }
  return root;
}

/** Whether the first frames of the stacks are threads. */
export function ofThreads(root) {
  return [...root.children.keys()].some((name) => THREAD.test(name));
}

// "[loop-4-1 tid=8990]" as "[loop-*]": numbers that stand alone, or at the end.
function alike(name) {
  const [, thread] = THREAD.exec(name) || [];
  return thread === undefined ? name : `[${(thread || 'unnamed').replace(/(?<![A-Za-z\d])\d+(?:[-.:]\d+)*(?![A-Za-z\d])|\d+$/g, '*')}]`;
}

/** An element that shows the tree; a click goes into a frame, "All" and the frames above it back out. */
export function flame(root, search = '') {
  const picture = h('div', {class: 'flame-picture'});
  const foot = h('div', {class: 'flame-said', 'aria-live': 'polite'}, 'A click on a frame goes into it.');
  const all = h('button', {type: 'button', class: 'button small', disabled: true, onclick: () => into(root)}, 'All');
  const hits = h('span', {class: 'flame-hits', role: 'status'});
  const legend = h('div', {class: 'flame-legend'}, [3, 1, 0, 4, 2].map((one) => h('span', {}, swatch('hue-' + one), HUES[one])), hits);
  const element = h('div', {class: 'flame-box'}, h('div', {class: 'flame-foot'}, foot, all), legend,
    h('div', {class: 'flame', role: 'region', tabindex: '0', 'aria-label': 'Flame graph'}, picture));
  let searched = search.toLowerCase();
  let shown = root;
  let wide = 300;
  const draw = () => {
    const rows = [];
    let deepest = 0;
    const place = (node, left, depth) => {
      const width = node.value / shown.value;
      if (width * wide < LEAST || depth >= MOST_ROWS) {
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
    picture.style.height = (deepest + 1) * ROW + 'px';
    all.disabled = shown === root;
  };
  const into = (node) => {
    shown = node;
    draw();
    picture.children[parents(node).length]?.focus(); // it stands for the one that was pressed
  };
  const frame = (node, left, width, depth) => {
    const share = ((100 * node.value) / root.value).toFixed(1);
    const figures = `: ${node.threads?.size > 1 ? number(node.threads.size) + ' threads, ' : ''}${number(node.value)} samples, ${share} %`;
    const tell = () => put(foot, brief(node.name, wide < 500 ? 50 : 130) + figures);
    const px = width * wide;
    const look = (found(node, searched) ? 'found' : 'hue-' + hue(node.name)) + (px < APART ? ' sliver' : px < NAMED ? '' : ' named');
    const button = h('button', {type: 'button', class: look, 'aria-label': node.name + figures, title: node.name + figures, tabindex: width > 0.03 ? '0' : '-1',
      onclick: () => into(node), onmouseenter: tell, onfocus: tell}, px < NAMED ? '' : fitted(node.name, px));
    button.style.left = left * 100 + '%';
    button.style.width = width * 100 + '%';
    button.style.top = depth * ROW + 'px';
    return button;
  };
  const tellHits = () => {
    const {frames, samples} = count(root, searched);
    const share = root.value ? ((100 * samples) / root.value).toFixed(1) : '0.0';
    put(hits, searched ? [swatch('found'), `found: ${number(frames)} ${frames === 1 ? 'frame' : 'frames'}, ${share} %`] : null);
  };
  draw();
  tellHits();
  new ResizeObserver(([now]) => {
    const width = now.contentRect.width;
    if (width > 0 && Math.abs(width - wide) > 20) { // a scroll bar that comes is no reason
      wide = width;
      draw();
    }
  }).observe(element);
  return {
    element,
    search(text) {
      searched = text.toLowerCase();
      draw();
      tellHits();
    },
  };
}

function swatch(look) {
  return h('i', {class: 'swatch ' + look, 'aria-hidden': 'true'});
}

function found(node, searched) {
  return searched !== '' && Boolean(node.parent) && node.name.toLowerCase().includes(searched); // the root is no frame
}

/** How many frames have the text in their names, and how many samples are in any of them: none twice. */
export function count(node, searched, within = false) {
  const hit = found(node, searched);
  const all = {frames: hit ? 1 : 0, samples: hit && !within ? node.value : 0};
  for (const child of node.children.values()) {
    const {frames, samples} = count(child, searched, within || hit);
    all.frames += frames;
    all.samples += samples;
  }
  return all;
}

// A name's end tells more than its beginning.
function brief(name, most) {
  return name.length > most ? '…' + name.slice(1 - most) : name;
}

// Where there is no room for the package, the class and its method: frames beside each other have the package in common.
function fitted(name, px) {
  return name.length * LETTER > px ? name.slice(name.lastIndexOf('/') + 1) : name;
}

function parents(node) {
  const up = [];
  for (let one = node.parent; one; one = one.parent) {
    up.unshift(one);
  }
  return up;
}

/** What the colours mean, in the order of their numbers. */
const HUES = ['other code', 'Java itself', 'kernel', 'Longwire', 'JVM, threads'];

// Java of ours, Java of others, the JVM and the kernel stand apart.
function hue(name) {
  if (name.startsWith('[')) {
    return 4;
  }
  if (/^io[/.]longwire/.test(name)) {
    return 3;
  }
  if (/^(javax?|jdk|(com[/.])?sun)[/.]/.test(name)) {
    return 1;
  }
  if (/[/.]/.test(name)) {
    return 0;
  }
  return /_\[k\]$|^(entry_|do_|__|sys_|tcp_|ip_)/.test(name) ? 2 : 4;
}
