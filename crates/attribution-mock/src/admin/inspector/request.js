// One request: what is wrong with it, its body with the places marked, and how to send it again.

import { address, parse, read, text } from './api.js';
import { copies, element } from './dom.js';
import { pretty } from './json.js';
import { moment, severity, toRule, toVisitor, verdict } from './lists.js';

const IDS = ['user_id', 'cookie_id', 'previous_id', 'userId', 'anonymousId', 'previousId'];

export async function request(number, place) {
  const [found, body] = await Promise.all([
    read(`requests/${number}`, place), text(`requests/${number}/body`, place),
  ]);
  const ids = [...new Set(named(found.body))];
  return [
    element('h2', {}, `#${found.seq} ${found.path}`),
    element('p', {}, verdict(found), ` ${found.dialect}, received `, moment(found.at),
      found.status ? `, answered ${found.status}` : ', not answered', found.encoding && `, ${found.encoding}`),
    ids.length > 0 ? element('p', {}, 'names ', ids.flatMap((id, index) => [index > 0 ? ', ' : '', toVisitor(id)])) : null,
    found.violations.length > 0 ? broken(found.violations) : null,
    element('div', { class: 'actions' }, copies('Copy body', () => body), copies('Copy as curl', () => curl(found, body))),
    shown(body, found.violations),
    headers(found.headers),
  ];
}

/// The ids that the messages in it name.
function named(body) {
  const messages = Array.isArray(body?.batch) ? body.batch : [body];
  return messages.flatMap(message => IDS.map(key => message?.[key])).filter(id => typeof id === 'string' && id !== '');
}

function broken(violations) {
  const one = violation => element('li', {}, severity(violation), ' ', toRule(violation.rule), ` ${violation.name}: `,
    element('code', {}, violation.pointer || '(the body)'), ` ${violation.message}`);
  return element('ul', { class: 'violations' }, violations.map(one));
}

function shown(body, violations) {
  try { return pretty(parse(body), violations); } catch { return element('pre', { class: 'json', tabindex: 0 }, body); }
}

function headers(headers) {
  const row = ([name, value]) => element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value));
  return element('details', {}, element('summary', {}, `Headers (${headers.length})`), element('table', {}, headers.map(row)));
}

/// The command that sends it again. The project id is a secret, so it is taken from the environment.
function curl({ path, headers }, body) {
  const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? 'application/json';
  const who = headers.some(([name]) => name === 'authorization') ? ' -u "$ATTRIBUTION_PROJECT_ID:"' : '';
  return `curl${who} -H ${quoted(`Content-Type: ${type}`)} --data-raw ${quoted(body)} ${quoted(new URL(path, address('')).href)}`;
}
