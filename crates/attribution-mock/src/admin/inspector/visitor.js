// One person under all their ids, as a timeline.

import { read } from './api.js';
import { element, link } from './dom.js';
import { moment, searched, toRequest } from './lists.js';

export async function visitor(id, place) {
  const found = await read(`visitors/${encodeURIComponent(id)}`, place);
  const { visitor, identity } = found;
  const ids = [...visitor?.user_ids ?? [], ...visitor?.cookie_ids ?? []];
  return [
    element('h2', {}, visitor?.visitor ?? id),
    identity?.name || identity?.email ? element('p', {}, [identity.name, identity.email].filter(Boolean).join(', ')) : null,
    element('p', {}, 'ids: ', ids.join(', ') || id),
    element('p', {}, link(searched('requests', 'visitor', id), 'their requests'), ', ',
      link(searched('violations', 'visitor', id), 'their violations')),
    element('ol', { class: 'timeline' }, timeline(found)),
  ];
}

function timeline({ identity, visits, page_views, conversions, merges }) {
  const events = [
    ...visits.map(row => [row.started_at, 0, 'visit', [row.source, row.medium, row.campaign].filter(Boolean).join(' / ')
      || row.referrer || 'direct', row.request]),
    ...page_views.map(row => [row.at, 1, row.kind, row.url ?? row.page ?? row.name ?? '', row.request]),
    ...(identity?.history ?? []).map(row => [row.at, 2, 'identify', JSON.stringify(row.traits), row.request]),
    ...conversions.map(row => [row.at, 3, 'conversion',
      `${row.event}${row.revenue === undefined ? '' : ` ${row.revenue} ${row.currency ?? ''}`}`, row.request]),
    ...merges.map(row => [row.at, 4, 'merge', `${row.from} into ${row.into}`, row.request]),
  ];
  // What has no time is told first.
  events.sort(([at, rank], [other, others]) => (Date.parse(at) || 0) - (Date.parse(other) || 0) || rank - others);
  return events.map(([at, , kind, what, request]) => element('li', { class: kind },
    moment(at), ' ', element('b', {}, kind), ` ${what} `, request ? toRequest(request) : null));
}
