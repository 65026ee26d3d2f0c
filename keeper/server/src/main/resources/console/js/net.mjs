// Addresses and blocks of them, as bans name them.

/** "10.1.2.3", "10.0.0.0/8", "2001:db8::/32" as {bytes, bits}; null = it is none. */
export function block(text) {
  const [address, length, ...more] = text.trim().split('/');
  const bytes = address.includes(':') ? six(address) : four(address);
  if (!bytes || more.length || (length !== undefined && !/^\d{1,3}$/.test(length))) {
    return null;
  }
  const bits = length === undefined ? bytes.length * 8 : Number(length);
  return bits > bytes.length * 8 ? null : {bytes, bits};
}

/** Whether all of the second block is in the first one. */
export function within(outer, inner) {
  if (outer.bytes.length !== inner.bytes.length || inner.bits < outer.bits) {
    return false;
  }
  return outer.bytes.every((byte, i) => {
    const shift = 8 - Math.min(8, Math.max(0, outer.bits - i * 8));
    return byte >> shift === inner.bytes[i] >> shift;
  });
}

function four(text) {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256) ? parts.map(Number) : null;
}

function six(text) {
  const halves = text.split('::').map((half) => half === '' ? [] : half.split(':'));
  const gap = 8 - halves.flat().length;
  if (halves.length > 2 || (halves.length === 2 ? gap < 1 : gap !== 0)) {
    return null;
  }
  const words = halves.length === 2 ? [...halves[0], ...Array(gap).fill('0'), ...halves[1]] : halves[0];
  return words.every((word) => /^[0-9a-f]{1,4}$/i.test(word)) ? words.flatMap((word) => [parseInt(word, 16) >> 8, parseInt(word, 16) & 255]) : null;
}
