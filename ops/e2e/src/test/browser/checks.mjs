// What is looked at on every page: nothing stands out of the page, nothing is cut off, nothing covers another thing that
// can be pressed, no text stands over another or under what can be pressed, and axe-core has nothing to say.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A list of sentences; empty = the page is fine. */
export async function findings(page) {
  const layout = await page.evaluate(look);
  await page.evaluate(AXE);
  const axe = await page.evaluate(async () => {
    const result = await window.axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']});
    return result.violations.map((one) => `${one.id}: ${one.help}: ` + one.nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + node.failureSummary).join(' | '));
  });
  return [...layout, ...axe];
}

/* global document, window, getComputedStyle */
function look() {
  const found = [];
  const name = (element) => `<${element.tagName.toLowerCase()} class="${element.className}"> "${(element.textContent || element.value || '').trim().slice(0, 40)}"`;
  const wide = document.documentElement.scrollWidth;
  if (wide > window.innerWidth) {
    found.push(`the page is ${wide} px wide (expected: ${window.innerWidth})`);
  }
  const dialog = document.querySelector('dialog[open]');
  const scope = dialog || document.body;
  const visible = (element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const heads = element.closest('thead'); // on a narrow page there for screen readers alone
    return style.visibility !== 'hidden' && style.display !== 'none' && box.width > 1 && box.height > 1 && !element.closest('.hidden, .skip, .flame, noscript')
      && (!heads || heads.getBoundingClientRect().width > 1);
  };
  const scrolls = (element) => {
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const overflow = getComputedStyle(one).overflowX;
      if ((overflow === 'auto' || overflow === 'scroll') && one.scrollWidth > one.clientWidth) {
        return true;
      }
    }
    return false;
  };
  for (const element of scope.querySelectorAll('*')) {
    if (!visible(element) || element.closest('svg')) {
      continue;
    }
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (text && (box.left < -1 || box.right > window.innerWidth + 1) && !scrolls(element)) {
      found.push(`stands out of the page: ${name(element)}`);
    }
    if (text && element.scrollWidth > element.clientWidth + 1 && style.overflowX !== 'visible' && !scrolls(element) && style.display !== 'inline') {
      found.push(`is cut off: ${name(element)}`);
    }
    if (text && element.tagName !== 'OPTION' && style.display !== 'inline' && element.scrollHeight > element.clientHeight + 2 && style.overflowY === 'hidden') {
      found.push(`is cut off below: ${name(element)}`);
    }
    if (element.tagName === 'SELECT' && element.value && element.scrollWidth > element.clientWidth + 1) {
      found.push(`its choice is cut off: ${name(element)}`);
    }
  }
  const pressable = [...scope.querySelectorAll('button, a[href], input, select, textarea, summary')].filter(visible).filter((one) => !one.closest('#toasts'));
  for (let i = 0; i < pressable.length; i++) {
    const a = part(pressable[i]);
    for (let j = i + 1; j < pressable.length; j++) {
      const b = part(pressable[j]);
      const covers = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
      const sticky = (one) => one.closest('.side');
      if (covers && !pressable[i].contains(pressable[j]) && Boolean(sticky(pressable[i])) === Boolean(sticky(pressable[j]))) {
        found.push(`overlap: ${name(pressable[i])} and ${name(pressable[j])}`);
      }
    }
  }
  found.push(...covered(scope, pressable, visible, name));
  return found;

  // Line by line, as far as what scrolls or hides around it lets it be seen. Lines that lie close share a pixel or two.
  function covered(scope, pressable, visible, name) {
    const lines = [];
    const texts = document.createTreeWalker(scope, 4); // text nodes
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement;
      if (!node.textContent.trim() || !visible(element) || element.closest('svg, #toasts, option, textarea, .side') || (!dialog && element.closest('dialog'))) {
        continue;
      }
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        const line = seen(element, {left: box.left, right: box.right, top: box.top, bottom: box.bottom, element});
        if (line.right - line.left > 2 && line.bottom - line.top > 4) {
          lines.push(line);
        }
      }
    }
    const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.4 * Math.min(a.bottom - a.top, b.bottom - b.top);
    lines.sort((a, b) => a.top - b.top);
    const told = [];
    for (let i = 0; i < lines.length; i++) {
      for (let j = i + 1; j < lines.length && lines[j].top < lines[i].bottom; j++) {
        if (over(lines[i], lines[j])) {
          told.push(`text over text: ${name(lines[i].element)} and ${name(lines[j].element)}`);
        }
      }
    }
    for (const one of pressable.filter((each) => !each.closest('.side'))) {
      for (const {left, right, top, bottom} of one.getClientRects()) { // a link may go on in the next line
        const box = seen(one, {left, right, top, bottom});
        for (const line of lines) {
          if (!one.contains(line.element) && !line.element.contains(one) && over(box, line)) {
            told.push(`text under what can be pressed: ${name(line.element)} and ${name(one)}`);
          }
        }
      }
    }
    return told;
  }

  // What is to be seen of it: the rest has been scrolled away.
  function part(element) {
    const {left, right, top, bottom} = element.getBoundingClientRect();
    return seen(element, {left, right, top, bottom});
  }

  function seen(element, box) {
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.overflowX !== 'visible' || style.overflowY !== 'visible') {
        const clip = one.getBoundingClientRect();
        box.left = Math.max(box.left, clip.left);
        box.right = Math.min(box.right, clip.right);
        box.top = Math.max(box.top, clip.top);
        box.bottom = Math.min(box.bottom, clip.bottom);
      }
    }
    return box;
  }
}
