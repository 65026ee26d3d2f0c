// A text with line numbers; lines that are wrong stand out.
import {h, put} from './dom.mjs';

export function editor(label, value, readonly) {
  const area = h('textarea', {class: 'code', 'aria-label': label, spellcheck: 'false', autocomplete: 'off', wrap: 'off', readonly});
  area.value = value;
  const gutter = h('div', {class: 'gutter', 'aria-hidden': 'true'});
  const element = h('div', {class: 'editor' + (readonly ? ' flat' : '')}, gutter, area);
  let wrong = new Map();
  const number = () => {
    const lines = area.value.split('\n').length;
    put(gutter, Array.from({length: lines}, (_, index) => h('span', {class: wrong.has(index + 1) ? 'wrong' : '', title: wrong.get(index + 1)}, index + 1)));
    gutter.scrollTop = area.scrollTop;
  };
  area.addEventListener('input', () => {
    wrong = new Map();
    number();
  });
  area.addEventListener('scroll', () => {
    gutter.scrollTop = area.scrollTop;
  });
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Tab' && !event.shiftKey && !event.altKey && !event.ctrlKey && !readonly) {
      event.preventDefault();
      area.setRangeText('  ', area.selectionStart, area.selectionEnd, 'end');
      area.dispatchEvent(new Event('input'));
    }
  });
  number();
  return {
    element,
    area,
    /** mistakes = [{line, column, message}] */
    mark(mistakes) {
      wrong = new Map(mistakes.filter((one) => one.line).map((one) => [one.line, one.message]));
      number();
    },
    /** Puts the caret at a line and column, from 1. */
    go(line, column) {
      const before = area.value.split('\n').slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      area.focus();
      area.setSelectionRange(before + Math.max(0, column - 1), before + Math.max(0, column - 1));
      const height = area.scrollHeight / Math.max(1, area.value.split('\n').length);
      area.scrollTop = Math.max(0, (line - 4) * height);
    },
  };
}

/** A unified diff in colours. */
export function diff(text) {
  if (!text) {
    return h('p', {class: 'nothing'}, 'No difference.');
  }
  return h('pre', {class: 'diff', tabindex: '0', 'aria-label': 'Difference'}, text.replace(/\n$/, '').split('\n').map((line) => h('span',
    {class: line.startsWith('+++') || line.startsWith('---') || line.startsWith('@@') ? 'at' : line.startsWith('+') ? 'plus' : line.startsWith('-') ? 'minus' : ''}, line)));
}
