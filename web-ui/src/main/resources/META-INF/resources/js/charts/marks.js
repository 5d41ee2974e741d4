/**
 * Alerts, commands and new attempts on the axis of a chart over iterations: thin vertical lines; those of alerts stand on a triangle in the colour
 * of their severity, critical ones solid, warnings dashed, the rest dotted. What is close together is one line. Pure.
 *
 * @typedef {import('../state/marks.js').Mark} Mark
 */
import { wordsNear } from '../state/marks.js';
import { shownRange } from './common.js';

/** Places on an axis: what shares one is one line. */
const PLACES = 50;
/** Share of the axis that a name along a line takes, and below which a pointer is near a line. */
const NAME_ROOM = 1 / 36;
const NEAR = 1 / 120;
const RANKS = { critical: 3, warning: 2, info: 1 };

/**
 * The lines, as data of a series' markLine (whose `symbol` is 'none').
 *
 * @param {import('../theme.js').Theme} t
 * @param {Mark[]} marks
 * @param {{from: number, to: number}} shown
 * @param {{named?: boolean, colour?: string | null}} [more] `colour`: one for all, on a ground of many colours
 */
export function markLines(t, marks, shown, { named = false, colour = null } = {}) {
  let free = -Infinity;
  return placesOf(marks, shown).map((place) => {
    const worst = place.marks.reduce((one, other) => (rank(other) > rank(one) ? other : one));
    const room = named && place.iteration >= free;
    if (room) free = place.iteration + (shown.to - shown.from) * NAME_ROOM;
    return lineOf(t, place.iteration, worst, room ? labelOf(place.marks, worst) : '', colour);
  });
}

/** All that a markLine needs. @param {object[]} data */
export function markLine(data) {
  return { silent: true, symbol: 'none', animation: false, data };
}

/** Lines for the tooltip of a chart over iterations. @param {{marks?: Mark[], range?: any, iteration: number}} model @param {number} iteration under the pointer */
export function toldNear(model, iteration) {
  const { from, to } = shownRange(model);
  return wordsNear(model.marks ?? [], iteration, Math.max(0.5, (to - from) * NEAR));
}

/** Marks of the shown range, those of one place together. */
function placesOf(marks, { from, to }) {
  const width = Math.max(1, (to - from) / PLACES);
  /** @type {{iteration: number, marks: Mark[]}[]} */
  const places = [];
  for (const mark of marks) {
    if (mark.iteration < from || mark.iteration > to) continue;
    const last = places.at(-1);
    if (last && mark.iteration - last.iteration < width) last.marks.push(mark);
    else places.push({ iteration: mark.iteration, marks: [mark] });
  }
  return places;
}

function lineOf(t, iteration, mark, label, colour) {
  const own = colour ?? colourOf(t, mark);
  const alert = mark.kind === 'alert';
  return {
    xAxis: iteration,
    name: mark.label,
    symbol: alert ? 'triangle' : 'none',
    symbolSize: 8,
    symbolRotate: 0,
    itemStyle: { color: own },
    label: { show: label !== '', position: 'insideEndTop', distance: 4, formatter: label, color: mark.strong || alert || colour !== null ? own : t.muted, fontSize: 11, fontFamily: t.font },
    lineStyle: { color: own, opacity: mark.strong ? 0.8 : 0.45, type: typeOf(mark), width: 1 },
  };
}

function typeOf({ kind, severity, strong }) {
  if (kind === 'alert') return severity === 'critical' ? 'solid' : severity === 'warning' ? [6, 3] : [2, 3];
  return kind === 'attempt' ? [10, 3] : strong ? 'solid' : [3, 4];
}

function colourOf(t, { kind, severity }) {
  if (kind === 'alert') return severity === 'critical' ? t.critical : severity === 'warning' ? t.warning : t.accent;
  return kind === 'attempt' ? t.muted : t.text;
}

function labelOf(marks, worst) {
  return marks.length === 1 || worst.label === '' ? worst.label : `${worst.label} +${marks.length - 1}`;
}

/** What decides how a place looks: the graver, then what took effect. */
function rank({ severity, strong }) {
  return (severity === null ? 0 : RANKS[severity] ?? 1) * 2 + (strong ? 1 : 0);
}
