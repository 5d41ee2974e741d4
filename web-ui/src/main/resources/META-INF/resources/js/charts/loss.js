/** Loss and accuracy by iteration: every value as a thin band, the smoothed course on top, validation as dots, chance level as a reference. Pure. */
import { axis, base, brokenRail, fade, iterationAxis, line, reference, round, shownRange } from './common.js';
import { markLine, markLines, toldNear } from './marks.js';
import { decimal, integer, iterations, percent } from '../format.js';
import { jsonNumber } from '../net/protocol.js';
import { halfLifeOf } from '../state/series.js';

/** Steps drawn at most. */
const STEPS = 1024;
/** From here on validation is a line. */
const MANY_EPOCHS = 200;

/** What was computed for a model, while it does not change. @type {WeakMap<import('../state/run-model.js').RunModel, {version: number, views: any}>} */
const known = new WeakMap();

/** @param {import('../state/run-model.js').RunModel} model */
export function lossViews(model) {
  const before = known.get(model);
  const halfLife = model.halfLife ?? halfLifeOf(model.iteration + 1);
  if (before && before.version === model.version && before.views.halfLife === halfLife) return before.views;
  const views = computeViews(model, halfLife);
  known.set(model, { version: model.version, views });
  return views;
}

/** @param {any} model @param {number} halfLife @returns {{loss: ReturnType<import('../state/series.js').BucketSeries['view']>, accuracy: ReturnType<import('../state/series.js').BucketSeries['view']>, halfLife: number}} */
function computeViews(model, halfLife) {
  // what was chosen is smoothed as the service does it, so that a zoom changes nothing
  const causal = model.halfLife !== null;
  return { loss: model.scalars.loss.view(STEPS, halfLife, causal), accuracy: model.scalars.accuracy.view(STEPS, halfLife, causal), halfLife };
}

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {import('../theme.js').Theme} t
 * @param {{views?: ReturnType<typeof lossViews>, lossRange?: [number, number], accuracyRange?: [number, number], to?: number}} [more] ranges shared with another run's chart
 */
export function lossOption(model, t, { views = lossViews(model), lossRange, accuracyRange, to = model.iteration } = {}) {
  const { loss, accuracy, halfLife } = views;
  // many values make a dense band: it must not hide the smoothed course
  const bandOpacity = loss.points > 300 ? 0.16 : 0.3;
  const classes = model.run?.classes ?? 0;
  const lossAxis = round(...(lossRange ?? lossRangeOf(views, model)), { least: 0.2, steps: 3 });
  const low = lossAxis.min;
  const lossDecimals = lossAxis.interval < 0.1 ? 2 : 1;
  const top = accuracyRange?.[1] ?? accuracyTop(views, model);
  const shown = shownRange(model, to);
  const epochs = epochsIn(model, shown);
  const chance = classes > 1;
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(items, model, halfLife) },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [
      { left: 56, right: 16, top: 32, height: '35%' },
      { left: 56, right: 16, bottom: 28, height: '29%' },
    ],
    xAxis: [iterationAxis(t, shown, { gridIndex: 0, axisLabel: { show: false } }), iterationAxis(t, shown, { gridIndex: 1 })],
    yAxis: [
      axis(t, { gridIndex: 0, scalable: true, ...lossAxis, name: 'loss (nats)', nameLocation: 'end', nameTextStyle: { color: t.muted, align: 'left', padding: [0, 0, 4, -40] }, axisLabel: { formatter: (value) => decimal(value, lossDecimals) } }),
      axis(t, { gridIndex: 1, min: 0, max: top, interval: top / 2, name: 'accuracy', nameLocation: 'end', nameTextStyle: { color: t.muted, align: 'left', padding: [0, 0, 4, -40] }, axisLabel: { formatter: (value) => percent(value, (top * 50) % 1 === 0 ? 0 : 1) } }),
    ],
    series: [
      ...superseded(model, t),
      line('loss-band', loss.band, { lineStyle: { width: 1, color: fade(t.accent, bandOpacity) } }),
      line('loss', loss.smooth, {
        name: 'loss',
        silent: false,
        lineStyle: { width: 2, color: t.accent },
        markLine: markLine([...(chance ? [reference(t, Math.log(classes), `chance: ln ${integer(classes)} = ${decimal(Math.log(classes), 2)}`)] : []), ...markLines(t, model.marks, shown, { named: true })]),
      }),
      validation('loss-validation', epochs, 'validationLoss', 0, t),
      brokenRail(t, 'loss-broken', loss.broken, low),
      line('accuracy-band', accuracy.band, { xAxisIndex: 1, yAxisIndex: 1, lineStyle: { width: 1, color: fade(t.second, bandOpacity) } }),
      line('accuracy', accuracy.smooth, {
        name: 'accuracy',
        silent: false,
        xAxisIndex: 1,
        yAxisIndex: 1,
        lineStyle: { width: 2, color: t.second },
        markLine: markLine([...(chance ? [reference(t, 1 / classes, '', t.muted)] : []), ...markLines(t, model.marks, shown)]),
      }),
      validation('accuracy-validation', epochs, 'validationAccuracy', 1, t),
      brokenRail(t, 'accuracy-broken', accuracy.broken, 0, { xAxisIndex: 1, yAxisIndex: 1 }),
    ],
  };
}

/** What newer attempts have replaced: grey, behind everything else. */
function superseded(model, t) {
  return model.superseded.map(({ attempt, data }) => line(`loss-superseded-${attempt}`, data, { name: `attempt ${attempt}`, z: 1, lineStyle: { width: 1, color: fade(t.muted, 0.55) } }));
}

/** @param {ReturnType<typeof lossViews>} views @param {import('../state/run-model.js').RunModel} model @returns {[number, number]} */
export function lossRangeOf({ loss }, model) {
  const chance = model.run?.classes > 1 ? [Math.log(model.run.classes)] : [];
  const all = [loss.min, loss.max, ...chance, ...validated(model, 'validationLoss')];
  return [Math.min(...all), Math.max(...all)];
}

/** Upper end of the accuracy axis: a round share above everything drawn. @param {ReturnType<typeof lossViews>} views @param {import('../state/run-model.js').RunModel} model */
export function accuracyTop({ accuracy }, model) {
  const most = Math.max(accuracy.max, ...validated(model, 'validationAccuracy'));
  return [0.04, 0.1, 0.2, 0.4, 0.6, 0.8].find((top) => most <= top * 0.95) ?? (most > 0 ? 1 : 0.04);
}

function epochsIn(model, { from, to }) {
  return [...model.epochs.values()].filter(({ iteration }) => iteration >= from && iteration <= to);
}

/** @returns {number[]} */
function validated(model, field) {
  return /** @type {number[]} */ (epochsIn(model, shownRange(model)).map((epoch) => jsonNumber(epoch[field])).filter((value) => Number.isFinite(value)));
}

function validation(id, epochs, field, axisIndex, t) {
  const data = epochs.map((epoch) => [epoch.iteration, jsonNumber(epoch[field])]).filter(([, value]) => Number.isFinite(value));
  const where = { name: 'validation', xAxisIndex: axisIndex, yAxisIndex: axisIndex, z: 5 };
  // dots that touch one another are a line, which costs a hundredth of them
  if (data.length >= MANY_EPOCHS) return line(id, data, { ...where, lineStyle: { width: 1.5, color: t.warning } });
  return { type: 'scatter', id, data, ...where, symbol: 'diamond', symbolSize: 9, silent: true, animation: false, itemStyle: { color: t.warning, borderColor: t.card, borderWidth: 1 } };
}

function describe(items, model, halfLife) {
  const list = Array.isArray(items) ? items : [items];
  const x = Math.round(list[0]?.axisValue ?? 0);
  const of = (name) => list.find((item) => item.seriesName === name)?.value?.[1];
  const { from, to } = model.scalars.loss.stretch(x);
  return [
    to - from === 1 ? `iteration ${integer(x)}` : iterations(from, to),
    `loss ${decimal(of('loss') ?? null)}`,
    `accuracy ${percent(of('accuracy') ?? null)}`,
    ...(halfLife > 0 ? [`smoothed over about ${2 * halfLife} iterations`] : []),
    ...toldNear(model, x),
  ].join('\n');
}
