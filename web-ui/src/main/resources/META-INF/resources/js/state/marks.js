/**
 * What happened to a run, and where on the axis of its iterations: alerts, commands to its trainer, new attempts. Pure.
 *
 * @typedef {{iteration: number, kind: 'alert' | 'command' | 'attempt', severity: 'critical' | 'warning' | 'info' | null, strong: boolean,
 *   label: string, text: string}} Mark `label`: as short as there is room for along a line; `text`: all there is to say; `strong`: it took effect, or fired
 */
import { marksOf } from './commands.js';
import { stretches } from './health.js';
import { integer } from '../format.js';

/**
 * @param {{commands: Iterable<any>, alerts: any[], resumed: {attempt: number, iteration: number}[]}} run
 * @returns {Mark[]} by iteration
 */
export function marksOfRun({ commands, alerts, resumed }) {
  const told = marksOf(commands, resumed).map((mark) => /** @type {Mark} */ ({ ...mark, kind: 'command', severity: null, text: `command: ${mark.text}` }));
  const attempts = resumed.map(({ attempt, iteration }) => /** @type {Mark} */ ({ iteration, kind: 'attempt', severity: null, strong: false, label: `attempt ${attempt}`, text: `attempt ${attempt} goes on from here` }));
  const fired = alerts.filter((alert) => counts(alert, resumed)).map(markOfAlert);
  return [...attempts, ...told, ...fired].sort((one, other) => one.iteration - other.iteration);
}

/** What an alert's mark says: rule, severity, state, and which layers. @param {any} alert */
export function alertWords({ rule, severity, state, layers, cutLayer, cutLayerName, transitions }) {
  const where = Number.isInteger(cutLayer) ? `, cut at layer ${cutLayer}${cutLayerName ? ` · ${cutLayerName}` : ''}` : layers?.length > 0 ? `, layer${layers.length === 1 ? '' : 's'} ${stretches([...layers].sort((a, b) => a - b))}` : '';
  const end = state === 'resolved' ? (transitions ?? []).findLast((one) => one.state === 'resolved') : null;
  return `${rule}: ${severity}, ${state}${Number.isInteger(end?.iteration) ? ` at iteration ${integer(end.iteration)}` : ''}${where}`;
}

/** What is to be said near an iteration, one line a mark. @param {Mark[]} marks @param {number} iteration @param {number} reach iterations on both sides */
export function wordsNear(marks, iteration, reach) {
  const near = marks.filter((mark) => Math.abs(mark.iteration - iteration) <= reach);
  const least = Math.min(...near.map((mark) => Math.abs(mark.iteration - iteration)));
  // of what is close together, that under the pointer
  return near.filter((mark) => Math.abs(mark.iteration - iteration) - least <= reach / 4).map((mark) => (mark.iteration === iteration ? mark.text : `${mark.text} (iteration ${integer(mark.iteration)})`));
}

/** An alert that somebody has to see on the charts: what was about to fire and never did is not, nor what an older attempt said of iterations that were replaced. */
function counts(alert, resumed) {
  const place = placeOf(alert);
  if (!Number.isInteger(place) || alert.state === 'suppressed') return false;
  if (alert.state === 'resolved' && !Number.isInteger(alert.firedIteration)) return false;
  return !resumed.some(({ attempt, iteration }) => attempt > alert.attempt && place >= iteration);
}

function placeOf({ firedIteration, firstIteration }) {
  return firedIteration ?? firstIteration;
}

/** @returns {Mark} */
function markOfAlert(alert) {
  return { iteration: placeOf(alert), kind: 'alert', severity: alert.severity, strong: Number.isInteger(alert.firedIteration), label: alert.rule, text: alertWords(alert) };
}
