// A line over time, as one SVG; its newest value, and what it reached.
import {h, put, s, short, span} from './dom.mjs';

const WIDTH = 300;
const HEIGHT = 64;

/** A figure with `draw(points)`, points = [{at, value}], oldest first. */
export function chart(label, unit) {
  const value = h('strong', {class: 'chart-now'}, '-');
  const range = h('span', {class: 'muted'}, '');
  const line = s('polyline', {class: 'chart-line', points: ''});
  const area = s('polygon', {class: 'chart-area', points: ''});
  const picture = s('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', class: 'chart-picture', role: 'img', 'aria-label': label},
    s('line', {x1: 0, y1: HEIGHT - 0.5, x2: WIDTH, y2: HEIGHT - 0.5, class: 'chart-floor'}), area, line);
  const figure = h('figure', {class: 'chart'}, h('figcaption', {}, h('span', {}, label), value), picture, h('div', {class: 'chart-foot'}, range));
  return {
    element: figure,
    draw(points) {
      if (points.length === 0) {
        return;
      }
      const newest = points[points.length - 1];
      const most = Math.max(1e-9, ...points.map((point) => point.value));
      const first = points[0].at;
      const time = Math.max(1, newest.at - first);
      const places = points.map((point) => {
        const x = points.length === 1 ? WIDTH : ((point.at - first) / time) * WIDTH;
        return `${x.toFixed(1)},${(HEIGHT - 2 - (point.value / most) * (HEIGHT - 6)).toFixed(1)}`;
      });
      line.setAttribute('points', places.join(' '));
      area.setAttribute('points', `0,${HEIGHT} ${places.join(' ')} ${WIDTH},${HEIGHT}`);
      const text = short(newest.value) + unit;
      put(value, text);
      put(range, `most ${short(most < 1e-6 ? 0 : most)}${unit} in ${span(time)}`);
      picture.setAttribute('aria-label', `${label}: now ${text}, most ${short(most)}${unit} in ${span(time)}`);
    },
  };
}
