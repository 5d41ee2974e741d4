/** The card of an alert: what was measured, what it means, what changed that elsewhere, and what to try. */
import { attribute, fill, h, icon, text } from '../dom.js';
import * as api from '../net/api.js';
import { runHref } from '../router.js';
import { cardKey, evidenceLabel } from '../state/cards.js';

const COPIED_MS = 2000;

/**
 * A place for a card, closed at first.
 *
 * @param {string} runId
 * @param {{load?: typeof api.getCard}} [environment]
 */
export function alertCard(runId, { load = api.getCard } = {}) {
  const place = `alert-card-${runId}`;
  const element = h('section.alert-card', { id: place, hidden: true, tabindex: '-1', 'data-testid': 'alert-card' });
  const words = h('span', {}, 'Why, and what to try');
  const button = h('button.button.card-toggle', { type: 'button', 'aria-expanded': 'false', 'aria-controls': place, 'data-testid': 'card-toggle', onclick: () => (current ? close() : open(offered)) }, words);
  /** @type {any} */
  let offered = null;
  /** @type {any} */
  let current = null;
  let shown = '';
  let stop = new AbortController();

  /** Shows the card of an alert. @param {any} alert */
  function open(alert) {
    if (!alert) return;
    current = alert;
    element.hidden = false;
    refresh();
    say();
  }

  function close() {
    current = null;
    shown = '';
    stop.abort();
    element.hidden = true;
    fill(element);
    say();
  }

  function say() {
    attribute(button, 'aria-expanded', String(current !== null));
    text(words, current ? 'Close' : 'Why, and what to try');
  }

  async function refresh() {
    const key = cardKey(current);
    if (key === shown) return;
    const same = shown.split(' ')[0] === current.id;
    shown = key;
    stop.abort();
    stop = new AbortController();
    const { signal } = stop;
    if (!same) fill(element, h('p.note', { role: 'status' }, 'Looking for evidence …'));
    try {
      const card = await load(runId, current.id, signal);
      if (!signal.aborted) fill(element, ...content(card));
    } catch (error) {
      if (signal.aborted) return;
      shown = '';
      fill(element, h('p.note', { role: 'alert' }, `The card cannot be shown: ${/** @type {any} */ (error).message}`));
    }
  }

  /** Follows the alerts: the one whose card can be opened, and the one that is open. @param {any} alert @param {any[]} alerts */
  function update(alert, alerts) {
    offered = alert;
    button.hidden = !alert && !current;
    if (!current) return;
    const now = alerts.find(({ id }) => id === current.id);
    if (!now) close();
    else {
      current = now;
      refresh();
    }
  }

  return { element, button, open, update, dispose: () => stop.abort() };
}

function content(card) {
  return [
    h('h3', {}, card.title),
    h('p.card-meaning', {}, card.meaning.join(' ')),
    part('Measured', h('dl.card-figures', {}, ...card.measured.map(({ name, value }) => h('div', { class: value.length > 20 ? 'wide' : '' }, h('dt', {}, name), h('dd', {}, value))))),
    part('What changed that', card.evidence.length > 0 ? h('ul.card-evidence', {}, ...card.evidence.map(evidence)) : h('p.note', {}, 'Neither a stored run nor the paper’s Table 1 differs from this run in one thing alone.')),
    card.suggestions.length > 0 && part('What to try', h('ol.card-suggestions', {}, ...card.suggestions.map(suggestion))),
  ];
}

function part(title, body) {
  return h('div.card-part', {}, h('h4', {}, title), body);
}

function evidence(one) {
  const name = one.runId ? h('a', { href: runHref(one.runId) }, one.name) : h('span', {}, one.name);
  return h('li', { class: one.helped ? 'helped' : '' }, h('span.chip.quiet', {}, evidenceLabel(one)), h('p', {}, h('strong', {}, one.factors.join('; ')), ' — ', name), h('p.note', {}, one.text));
}

function suggestion(one) {
  return h('li', {}, h('strong', {}, one.title), h('p', {}, one.text), one.command && command(one.command));
}

function command(line) {
  const words = h('span', {}, 'Copy');
  const button = h('button.button.copy', { type: 'button', 'aria-label': `Copy the command ${line}`, onclick: copy }, icon('copy'), words);
  const code = h('code', { tabindex: '0', 'aria-label': 'Command' }, ...line.split(' ').flatMap((word, i) => [i > 0 && ' ', h('span', {}, word)]));

  async function copy() {
    try {
      await navigator.clipboard.writeText(line);
      text(words, 'Copied');
    } catch {
      getSelection()?.selectAllChildren(code);
      text(words, 'Selected');
    }
    setTimeout(() => text(words, 'Copy'), COPIED_MS);
  }

  return h('div.card-command', {}, code, button);
}
