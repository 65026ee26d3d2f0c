// Elements and texts. Text goes in as text nodes alone, so nothing that the platform says can become markup.

/** An element: h('p', {class: 'note', onclick: f}, 'text', child, [more]). False, null and undefined leave nothing. */
export function h(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same in SVG. */
export function s(tag, attributes, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'value' || name === 'checked' || name === 'disabled' || name === 'selected') {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === false || child === null || child === undefined) {
      continue;
    }
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** Puts these children in place of what an element has. */
export function put(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

/** A name that breaks after these signs, and elsewhere only if it must: put it where a text may go. */
export function breaks(name, signs) {
  const parts = name.split(new RegExp(`([^${signs}]*[${signs}])`)).filter(Boolean);
  return parts.flatMap((part, i) => i === 0 ? part : [h('wbr'), part]);
}

const MOST_WHOLE = 24; // letters of a word that a narrow cell still has room for

/** A sentence whose words stay whole at their hyphens: "to 1280-light" has two words. */
export function words(text) {
  return text.split(/(\s+)/).map((word) => word.includes('-') && word.length <= MOST_WHOLE ? h('span', {class: 'unbroken'}, word) : word);
}

const WHOLE = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const SMALL = new Intl.NumberFormat('en', {maximumFractionDigits: 1});
const SHORT = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});

export function number(value) {
  return WHOLE.format(value ?? 0);
}

export function short(value) {
  const known = value ?? 0; // a rate takes two looks
  const size = Math.abs(known);
  return size >= 10000 ? SHORT.format(known) : size >= 100 || Number.isInteger(known) ? WHOLE.format(known) : SMALL.format(known);
}

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let left = Number(value ?? 0);
  let unit = 0;
  while (left >= 1024 && unit < units.length - 1) {
    left /= 1024;
    unit++;
  }
  return (unit === 0 ? WHOLE : SMALL).format(left) + ' ' + units[unit];
}

/** "2026-03-01 12:00:05" of the browser's zone; "-" of 0. */
export function time(millis) {
  if (!Number(millis)) {
    return '-';
  }
  const at = new Date(Number(millis));
  const two = (n) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The zone that all times are in, for readers: "Europe/Amsterdam, UTC+1". */
export function zone() {
  const away = -new Date().getTimezoneOffset();
  const hours = Math.floor(Math.abs(away) / 60);
  const minutes = Math.abs(away) % 60;
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const utc = 'UTC' + (away === 0 ? '' : (away < 0 ? '-' : '+') + hours + (minutes ? ':' + String(minutes).padStart(2, '0') : ''));
  return !name || name === utc ? utc : `${name}, ${utc}`;
}

/** The same as a <time>, with how long ago or ahead in its title. */
export function when(millis) {
  return Number(millis)
    ? h('time', {datetime: new Date(Number(millis)).toISOString(), title: ago(millis)}, time(millis))
    : '-';
}

/** "3 h ago", "in 5 min". */
export function ago(millis) {
  const away = Date.now() - Number(millis);
  return away >= 0 ? span(away) + ' ago' : 'in ' + span(-away);
}

/** "850 ms", "12 s", "3 min", "4 h", "2 d". */
export function span(millis) {
  const ms = Number(millis);
  if (ms < 1000) {
    return Math.round(ms) + ' ms';
  }
  const seconds = ms / 1000;
  if (seconds < 120) {
    return (seconds < 10 ? SMALL : WHOLE).format(seconds) + ' s';
  }
  const minutes = seconds / 60;
  if (minutes < 120) {
    return WHOLE.format(minutes) + ' min';
  }
  const hours = minutes / 60;
  return hours < 48 ? WHOLE.format(hours) + ' h' : WHOLE.format(hours / 24) + ' d';
}
