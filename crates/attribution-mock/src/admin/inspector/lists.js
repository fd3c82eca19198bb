// The lists there are, in the order of the tabs, and what a row of each shows.

import { element, link } from './dom.js';
import { term } from './search.js';

/// A moment as `12:34:56.789`, the whole of it as its title. All times are UTC.
export function moment(at) {
  if (!at) return '';
  const time = at.slice(11).replace('Z', '').padEnd(12, ' ').slice(0, 12).trim();
  return element('time', { datetime: at, title: at }, time);
}

export const toRequest = number => link(`#requests/${number}`, `#${number}`);
export const toVisitor = id => link(`#visitors/${encodeURIComponent(id)}`, id);
export const toRule = id => link(`#rules/${id}`, id);
export const searched = (list, name, value) => `#${list}?${encodeURIComponent(term(name, value))}`;

/// What a message in the body is called: an event, a page's name.
function event({ body }) {
  const first = Array.isArray(body?.batch) ? body.batch[0] : body;
  const name = first?.event ?? first?.name;
  return typeof name === 'string' ? name : '';
}

export function verdict(row) {
  const [word, means] = row.recorded
    ? row.rules.length > 0 ? ['flagged', 'recorded, and something is questionable'] : ['good', 'recorded']
    : ['refused', 'not recorded'];
  return element('span', { class: `verdict ${word}`, title: means }, word);
}

const money = row => row.revenue === undefined ? '' : `${row.revenue} ${row.currency ?? ''}`.trim();
const text = name => row => row[name] ?? '';
const joined = name => row => (row[name] ?? []).join(', ');
const at = name => row => moment(row[name]);
const visitor = row => toVisitor(row.visitor);
const request = row => toRequest(row.request);

export const LISTS = {
  requests: {
    title: 'Requests',
    hint: 'visitor:user-1 event:"Order Completed" kind:track rule:ATT012 status:400 verdict:refused, or any words',
    columns: [
      ['#', row => toRequest(row.seq)], ['received', at('at')], ['', verdict], ['path', text('path')], ['event', event],
      ['status', text('status')], ['rules', row => row.rules.flatMap(id => [toRule(id), ' '])],
    ],
  },
  visits: {
    title: 'Visits',
    hint: 'visitor:user-1, or any words',
    columns: [
      ['visitor', visitor], ['began', at('started_at')], ['source', text('source')], ['medium', text('medium')],
      ['campaign', text('campaign')], ['landing page', text('page')], ['referrer', text('referrer')],
      ['pages', text('page_views')], ['request', request],
    ],
  },
  conversions: {
    title: 'Conversions',
    hint: 'visitor:user-1 event:"Order Completed", or any words',
    columns: [
      ['visitor', visitor], ['at', at('at')], ['event', text('event')], ['revenue', money], ['request', request],
    ],
  },
  identities: {
    title: 'Identities',
    hint: 'visitor:user-1, or any words',
    columns: [
      ['visitor', visitor], ['name', text('name')], ['email', text('email')], ['user ids', joined('user_ids')],
      ['cookies', joined('cookie_ids')],
    ],
  },
  merges: {
    title: 'Merges',
    hint: 'visitor:user-1, or any words',
    columns: [
      ['from', row => toVisitor(row.from)], ['into', row => toVisitor(row.into)], ['at', at('at')], ['request', request],
    ],
  },
  visitors: {
    title: 'Visitors',
    hint: 'visitor:ANY-ID, or any words',
    columns: [
      ['visitor', visitor], ['user ids', joined('user_ids')], ['cookies', joined('cookie_ids')],
      ['visits', text('visits')], ['conversions', text('conversions')], ['first seen', at('first_seen')],
      ['last seen', at('last_seen')],
    ],
  },
  violations: {
    title: 'Violations',
    hint: 'rule:ATT012 severity:deny visitor:user-1 request:7, or any words',
    columns: [
      ['rule', row => [toRule(row.rule), ` ${row.name}`]], ['severity', row => severity(row)],
      ['place', text('pointer')], ['what is wrong', text('message')], ['request', request],
    ],
  },
};

export const severity = row => element('span', { class: `severity ${row.severity}` }, row.severity);
