/** Commands to a run's trainer: what they are called, what became of them, and where the charts mark them. Pure. */
import { duration, integer, setting } from '../format.js';
import { jsonNumber } from '../net/protocol.js';

/** @type {Record<string, string>} */
const NAMES = { pause: 'Pause', resume: 'Resume', stop: 'Stop', checkpoint: 'Checkpoint', learning_rate: 'Learning rate', twin: 'Cured twin', unknown: 'A newer command' };

/** More marks than this have no names on the charts: they could not be read. */
const MOST_NAMED = 12;
/** Characters of a name along a line of the smallest chart. */
const LONGEST = 20;

/** A command's state now: what waits for an answer times out by itself. @param {any} command @param {number} now by the service's clock */
export function stateOf(command, now) {
  const over = command.expiresAt !== null && now > Date.parse(command.expiresAt);
  return command.state === 'sent' && over ? 'timed out' : command.state;
}

/** "Learning rate 0.001", "Learning rate × 0.1", "Pause" @param {any} command */
export function nameOf(command) {
  const name = NAMES[command.action] ?? command.action;
  if (command.factor !== null) return `${name} × ${setting(jsonNumber(command.factor))}`;
  return command.learningRate !== null ? `${name} ${setting(jsonNumber(command.learningRate))}` : name;
}

/** What became of it, in words. @param {any} command @param {number} now */
export function outcomeOf(command, now) {
  const late = command.late ? ', late' : '';
  switch (stateOf(command, now)) {
    case 'applied':
      return command.iteration === null ? command.answer || `done${late}` : `applied at iteration ${integer(command.iteration)}${late}${command.answer ? `: ${command.answer}` : ''}`;
    case 'refused':
      return `refused${late}: ${command.answer}`;
    case 'timed out':
      return 'timed out: the trainer did not answer. Is it alive?';
    case 'dry run':
      return `dry run: ${command.issuedBy} would have sent it${command.issuedIteration === null ? '' : ` at iteration ${integer(command.issuedIteration)}`}`;
    default:
      return command.expiresAt === null ? 'waiting for the trainer' : `waiting for the trainer, ${duration(Math.max(0, Date.parse(command.expiresAt) - now))} left`;
  }
}

/** @param {string} state @returns {'good' | 'warning' | 'quiet' | 'live'} */
export function toneOf(state) {
  return /** @type {any} */ ({ applied: 'good', refused: 'warning', 'timed out': 'warning', sent: 'live' })[state] ?? 'quiet';
}

/** Newest first. @param {Iterable<any>} commands */
export function newestFirst(commands) {
  return [...commands].sort((one, other) => String(other.issuedAt).localeCompare(String(one.issuedAt)) || String(other.id).localeCompare(String(one.id)));
}

/** A newer word on a command replaces an older one; an answer is never taken back. @param {any} known @param {any} command */
export function newer(known, command) {
  return known === undefined || known.answeredAt === null || command.answeredAt !== null;
}

/**
 * What the charts mark: one place for all commands of an iteration. What was refused, not answered or only written down is faint.
 *
 * @param {Iterable<any>} commands
 * @param {{attempt: number, iteration: number}[]} resumed first iterations of later attempts: what they replaced is not marked
 * @returns {{iteration: number, label: string, text: string, strong: boolean}[]} by iteration; `label`: as short as there is room for
 */
export function marksOf(commands, resumed) {
  /** @type {Map<number, {iteration: number, labels: string[], strong: boolean}>} */
  const places = new Map();
  for (const command of newestFirst(commands).reverse()) {
    const place = command.iteration ?? command.issuedIteration;
    if (place === null || command.state === 'sent' || command.action === 'twin') continue;
    if (resumed.some(({ attempt, iteration }) => attempt > command.attempt && place >= iteration)) continue;
    const strong = command.state === 'applied';
    const label = strong ? shortName(command) : command.state === 'dry run' ? `would: ${shortName(command)}` : `${shortName(command)} ${command.state}`;
    const there = places.get(place) ?? { iteration: place, labels: /** @type {string[]} */ ([]), strong: false };
    there.labels.push(label);
    there.strong ||= strong;
    places.set(place, there);
  }
  const marks = [...places.values()].sort((one, other) => one.iteration - other.iteration);
  return marks.map(({ iteration, labels, strong }) => ({ iteration, label: marks.length > MOST_NAMED ? '' : shortened(labels), text: labels.join(', '), strong }));
}

/** @param {string[]} labels */
function shortened(labels) {
  const all = labels.join(', ');
  return all.length <= LONGEST ? all : labels.length > 1 ? `${labels.length} commands` : `${all.slice(0, LONGEST - 1)}…`;
}

function shortName(command) {
  return nameOf(command).replace('Learning rate', 'lr').toLowerCase();
}
