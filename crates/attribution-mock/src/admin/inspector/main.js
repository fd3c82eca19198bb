// The page. The hash says what is shown: a list, `#requests?visitor:user-1`, or one thing beside it, `#visitors/user-1`.

import { address, parse, post, read } from './api.js';
import { element, link } from './dom.js';
import { LISTS } from './lists.js';
import { request } from './request.js';
import { rule } from './rule.js';
import { has, understood } from './search.js';
import { visitor } from './visitor.js';

/// How many rows are shown at a time; older ones are a click away.
const ROWS = 200;
/// How long other lists wait for more before they are read again, and how often projects are looked for, in milliseconds.
const SETTLED = 250, PROJECTS = 3000;
const DETAILS = { requests: request, visitors: visitor, rules: rule };

const at = Object.fromEntries([...document.querySelectorAll('[id]')].map(node => [node.id, node]));
const state = { ...nothing(), waiting: [], paused: false, stream: undefined, round: 0 };

/// A list of which nothing is known yet.
function nothing() {
  return { rows: [], next: undefined, total: undefined, dropped: undefined };
}

/// The list that is shown, and what is searched for in it.
let list = 'requests', typed = '';

/// Whose record is looked at.
const place = () => ({ ...at.project.selectedOptions[0]?.dataset });

/// What the hash asks for: a list with a search, or one thing by its kind and id.
function asked() {
  const [, path, search] = location.hash.match(/^#?([^?]*)\??(.*)$/);
  const [name, id] = path.split('/').map(decodeURIComponent);
  return { name: name in LISTS ? name : 'requests', thing: id && name in DETAILS ? [name, id] : undefined, search: decodeURIComponent(search) };
}

const go = (path, typed = '') => { location.hash = typed ? `${path}?${encodeURIComponent(typed)}` : path; };

function complain(error) {
  at.mistake.hidden = !error;
  at.mistake.textContent = error?.message ?? '';
}

// The list.

const wanted = () => understood(typed);

async function load(more = false) {
  const round = ++state.round;
  const { parameters } = wanted();
  const from = more && state.next !== undefined ? { [list === 'requests' ? 'before' : 'after']: state.next } : {};
  try {
    const found = await read(list, { ...place(), ...parameters, limit: ROWS, order: 'desc', ...from });
    // Another list was asked for meanwhile.
    if (round !== state.round) return;
    state.rows = more ? [...state.rows, ...found[list]] : [...since(found[list]), ...found[list]];
    Object.assign(state, { next: found.next, total: Math.max(found.total, state.rows.length), dropped: found.dropped });
    complain();
    show();
  } catch (error) {
    if (round === state.round) complain(error);
  }
}

/// What the stream has brought since this part of the list was read.
function since(rows) {
  return list === 'requests' ? state.rows.filter(row => row.seq > (rows[0]?.seq ?? 0)) : [];
}

function show() {
  const { words } = wanted();
  const { columns } = LISTS[list];
  const rows = state.rows.filter(row => has(row, words));
  const head = element('tr', {}, columns.map(([title]) => element('th', { scope: 'col' }, title)));
  const current = asked().thing;
  const line = row => element('tr', { class: isOpen(row, current) ? 'open' : null, onclick: event => open(event, row) },
    columns.map(([, cell]) => element('td', {}, cell(row))));
  const count = element('p', { class: 'count' }, counted(rows.length));
  const older = state.next === undefined ? null : element('button', { onclick: () => load(true) }, 'Older');
  at.list.replaceChildren(count, element('table', {}, element('thead', {}, head), element('tbody', {}, rows.map(line))), older ?? '');
}

function counted(shown) {
  const dropped = state.dropped ? `; ${state.dropped} requests were dropped by --keep` : '';
  if (state.total === undefined) return '…';
  if (state.total === 0) return `Nothing${typed ? ' like this' : ''} here yet${dropped}.`;
  return `${shown} of ${state.total}, newest first${dropped}`;
}

const isOpen = (row, thing) => thing?.[0] === 'requests' && String(row.seq) === thing[1];

/// A click anywhere in a row opens what it is about.
function open(event, row) {
  if (event.target.closest('a') || getSelection().toString()) return;
  const to = list === 'requests' ? `requests/${row.seq}`
    : row.visitor && list !== 'violations' ? `visitors/${encodeURIComponent(row.visitor)}` : `requests/${row.request}`;
  go(to);
}

// The detail.

async function detail() {
  const { thing } = asked();
  at.detail.hidden = !thing;
  document.body.classList.toggle('detailed', Boolean(thing));
  if (!thing) return at.detail.replaceChildren();
  const [kind, id] = thing;
  const close = element('button', { class: 'close', 'aria-label': 'Close', onclick: () => go(list, typed) }, '×');
  const parts = await DETAILS[kind](id, place()).catch(error => [element('p', { role: 'alert' }, error.message)]);
  // Another one was asked for meanwhile.
  if (asked().thing?.join('\n') !== thing.join('\n')) return;
  at.detail.replaceChildren(close, ...parts.filter(Boolean));
  at.detail.scrollTop = 0;
}

// What comes.

function follow() {
  state.stream?.close();
  const { parameters } = list === 'requests' ? wanted() : { parameters: {} };
  const stream = state.stream = new EventSource(address('events', { ...place(), ...parameters, last_event_id: 'latest' }));
  // Whatever came before it is listed after it, so nothing is missing between the two.
  stream.onopen = () => { at.state.textContent = 'live'; document.body.classList.remove('lost'); load(); };
  stream.onerror = () => {
    const refused = stream.readyState === EventSource.CLOSED;
    at.state.textContent = refused ? 'not live' : 'connection lost, trying again…';
    document.body.classList.add('lost');
    // What was asked for can't be: the list says why.
    if (refused) load();
  };
  stream.addEventListener('request', event => { state.waiting.push(event.data); arrived(); });
  stream.addEventListener('reset', () => {
    Object.assign(state, nothing(), { waiting: [] });
    load();
    detail();
  });
}

let soon;

/// Many at once are shown once.
function arrived() {
  if (state.paused) return paused();
  soon ??= setTimeout(() => {
    soon = undefined;
    const waiting = state.waiting.splice(0);
    if (list !== 'requests') return load();
    const last = state.rows[0]?.seq ?? 0;
    const rows = waiting.map(parse).filter(row => row.seq > last).reverse();
    state.total = (state.total ?? 0) + rows.length;
    state.rows = [...rows, ...state.rows];
    if (state.rows.length > 2 * ROWS) {
      state.rows.length = ROWS;
      state.next = state.rows.at(-1).seq;
    }
    show();
  }, list === 'requests' ? 50 : SETTLED);
}

function paused() {
  const count = state.waiting.length;
  at.pause.textContent = state.paused ? `Go on${count > 0 ? ` (${count} new)` : ''}` : 'Pause';
  at.pause.setAttribute('aria-pressed', state.paused);
}

// The projects.

async function projects() {
  const { projects } = await read('projects');
  const label = ({ project, namespace }) => namespace === undefined ? project : `${project} / ${namespace}`;
  const known = [...at.project.options].map(option => option.value);
  if (projects.map(label).join('\n') !== known.join('\n')) {
    const before = at.project.value;
    const option = row => element('option', { value: label(row), 'data-project': row.project, 'data-namespace': row.namespace }, label(row));
    at.project.replaceChildren(...projects.map(option));
    if (known.includes(before)) at.project.value = before;
    at.projects.hidden = projects.length < 2;
    if (at.project.value !== before) refresh();
  }
  const faults = projects[at.project.selectedIndex]?.faults ?? 0;
  at.faults.hidden = faults === 0;
  at.faults.textContent = `${faults} ${faults === 1 ? 'fault' : 'faults'} planned`;
}

const look = () => projects().catch(() => { /* The stream says that the connection is lost. */ });

// The page.

function refresh() {
  Object.assign(state, nothing(), { waiting: [] });
  follow();
  detail();
}

function turn() {
  const { name, thing, search } = asked();
  if (!thing && (name !== list || search !== typed)) {
    [list, typed] = [name, search];
    refresh();
  } else {
    detail();
  }
  const tab = ([name, { title }]) => link(`#${name}`, title, { 'aria-current': name === list && 'page' });
  at.lists.replaceChildren(...Object.entries(LISTS).map(tab));
  at.asked.value = typed;
  at.asked.title = LISTS[list].hint;
  at.asked.placeholder = `${LISTS[list].hint} (press /)`;
  show();
}

at.search.addEventListener('submit', event => {
  event.preventDefault();
  go(list, at.asked.value.trim());
});
at.asked.addEventListener('search', () => { if (at.asked.value === '' && typed !== '') go(list); });
at.project.addEventListener('change', refresh);
at.pause.addEventListener('click', () => { state.paused = !state.paused; paused(); if (!state.paused) arrived(); });
at.reset.addEventListener('click', async () => {
  if (!confirm(`Forget everything that was received${at.project.value ? ` for ${at.project.value}` : ''}, and all faults?`)) return;
  await post('reset', place()).catch(complain);
});
addEventListener('hashchange', turn);
addEventListener('keydown', event => {
  if (event.key === 'Escape') return asked().thing && go(list, typed);
  if (event.target.closest('input, select') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') { event.preventDefault(); at.asked.focus(); }
  if (event.key === 'j' || event.key === 'k') step(event.key === 'j' ? 1 : -1);
});

/// The next request below, or above.
function step(by) {
  const rows = list === 'requests' ? state.rows.filter(row => has(row, wanted().words)) : [];
  const now = rows.findIndex(row => isOpen(row, asked().thing));
  const row = rows[now < 0 ? 0 : now + by];
  if (row) go(`requests/${row.seq}`);
}

[list, typed] = [asked().name, asked().search];
turn();
await look();
if (!state.stream) refresh();
setInterval(look, PROJECTS);
