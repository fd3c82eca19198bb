// One rule's page, as `harness explain` prints it.

import { read } from './api.js';
import { element, link } from './dom.js';
import { searched, severity } from './lists.js';

/// Text in which what stands in backticks is code.
const coded = text => text.split('`').map((piece, index) => index % 2 === 1 ? element('code', {}, piece) : piece);

export async function rule(id) {
  const { rules } = await read('rules');
  const found = rules.find(rule => rule.rule === id || rule.name === id);
  if (!found) throw new Error(`there is no rule ${id}`);
  const part = (title, text) => [element('h3', {}, title), element('p', {}, coded(text))];
  return [
    element('h2', {}, `${found.rule} ${found.name}`),
    element('p', {}, severity(found), ` ${found.title}`),
    ...found.off ? part('Off unless turned on', found.off) : [],
    ...part('What', found.what), ...part('Why', found.why), ...part('Fix', found.fix), ...part('Source', found.source),
    element('p', {}, link(searched('violations', 'rule', found.rule), 'where it was broken')),
  ];
}
