// A body as people read it, with the places marked that break a rule.

import { element } from './dom.js';
import { isNumber } from './api.js';

const step = key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/// The value over several lines. A violation marks the line of its pointer, or of what is nearest above a missing place.
export function pretty(value, violations) {
  const marks = new Map();
  const lines = [];
  write(value, '', 0, [], '', lines);
  const places = new Set(lines.map(line => line.pointer));
  for (const violation of violations) {
    let place = violation.pointer;
    while (!places.has(place)) place = place.slice(0, place.lastIndexOf('/'));
    marks.set(place, [...marks.get(place) ?? [], violation]);
  }
  const shown = lines.map(({ pointer, parts }) => {
    const broken = pointer === undefined ? undefined : marks.get(pointer);
    const title = broken?.map(one => `${one.rule}: ${one.message}`).join('\n');
    return element('span', { class: broken ? 'line broken' : 'line', title }, parts, '\n');
  });
  return element('pre', { class: 'json', tabindex: 0 }, shown);
}

function write(value, pointer, depth, before, after, lines) {
  const indent = '  '.repeat(depth);
  const line = (parts, pointer) => lines.push({ pointer, parts: [indent, ...parts] });
  const inner = Array.isArray(value)
    ? value.map((item, index) => [item, step(index), []])
    : isObject(value) && Object.entries(value).map(([key, item]) =>
      [item, step(key), [element('span', { class: 'key' }, JSON.stringify(key)), ': ']]);
  if (!inner) return line([...before, scalar(value), after], pointer);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (inner.length === 0) return line([...before, open, close, after], pointer);
  line([...before, open], pointer);
  inner.forEach(([item, to, label], index) => {
    write(item, pointer + to, depth + 1, label, index + 1 < inner.length ? ',' : '', lines);
  });
  line([close, after]);
}

const isObject = value => typeof value === 'object' && value !== null && !isNumber(value);

const scalar = value => isNumber(value)
  ? element('span', { class: 'number' }, String(value))
  : element('span', { class: typeof value }, JSON.stringify(value));
