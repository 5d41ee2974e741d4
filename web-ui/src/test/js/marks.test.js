import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { alertWords, marksOfRun, wordsNear } from '../../main/resources/META-INF/resources/js/state/marks.js';
import { markLines, toldNear } from '../../main/resources/META-INF/resources/js/charts/marks.js';
import { RunModel } from '../../main/resources/META-INF/resources/js/state/run-model.js';
import { learningRateOption } from '../../main/resources/META-INF/resources/js/charts/learning-rate.js';
import { costOption, perSecond } from '../../main/resources/META-INF/resources/js/charts/cost.js';
import { lossOption } from '../../main/resources/META-INF/resources/js/charts/loss.js';
import { heatmapOption } from '../../main/resources/META-INF/resources/js/charts/heatmap.js';
import { decodeFrame } from '../../main/resources/META-INF/resources/js/net/protocol.js';
import { pointsFrame } from './dev/frames.mjs';

const theme = /** @type {any} */ ({ dark: false, text: '#111111', muted: '#555555', faint: '#888888', line: '#dddddd', card: '#ffffff', accent: '#0072b2', second: '#b85c00', critical: '#c2410c', warning: '#9a6700', good: '#00795a', broken: '#e0186c', font: 'sans-serif' });
const alert = (more) => ({ id: 'a', runId: 'r', attempt: 1, rule: 'vanish-floor', severity: 'critical', state: 'firing', firstIteration: 0, firedIteration: 19, layers: [0, 1, 2, 5], cutLayer: null, cutLayerName: null, transitions: [], ...more });
const command = (more) => ({ id: 'c', attempt: 1, action: 'pause', learningRate: null, factor: null, state: 'applied', iteration: 30, issuedIteration: 29, issuedAt: '2026-11-30T10:00:00.000Z', ...more });
const run = (more) => ({ commands: [], alerts: [], resumed: [], ...more });

describe('marks of a run', () => {
  test('are alerts where they fired, commands where they took effect, and new attempts', () => {
    const marks = marksOfRun(run({ alerts: [alert()], commands: [command()], resumed: [{ attempt: 2, iteration: 100 }] }));
    assert.deepEqual(marks.map(({ iteration, kind, severity }) => [iteration, kind, severity]), [[19, 'alert', 'critical'], [30, 'command', null], [100, 'attempt', null]]);
  });

  test('an alert that was about to fire and never did is no mark: rules that waver would cover the charts', () => {
    assert.deepEqual(marksOfRun(run({ alerts: [alert({ state: 'resolved', firedIteration: null, firstIteration: 7 })] })), []);
    assert.equal(marksOfRun(run({ alerts: [alert({ state: 'resolved' })] })).length, 1);
  });

  test('an alert that has not fired stands where it began, and is faint', () => {
    const [mark] = marksOfRun(run({ alerts: [alert({ state: 'pending', firedIteration: null, firstIteration: 7 })] }));
    assert.deepEqual([mark.iteration, mark.strong], [7, false]);
  });

  test('what a newer attempt has replaced, and what another alert explains, is not marked', () => {
    assert.deepEqual(marksOfRun(run({ alerts: [alert({ firedIteration: 120 })], resumed: [{ attempt: 2, iteration: 100 }] })).map(({ kind }) => kind), ['attempt']);
    assert.deepEqual(marksOfRun(run({ alerts: [alert({ state: 'suppressed' })] })), []);
    assert.deepEqual(marksOfRun(run({ alerts: [alert({ firedIteration: null, firstIteration: null })] })), []);
  });

  test('say rule, severity, state and layers', () => {
    assert.equal(alertWords(alert()), 'vanish-floor: critical, firing, layers 0–2, 5');
    assert.equal(alertWords(alert({ cutLayer: 35, cutLayerName: 'stage3.reduction.conv1' })), 'vanish-floor: critical, firing, cut at layer 35 · stage3.reduction.conv1');
    assert.equal(alertWords(alert({ rule: 'plateau', severity: 'info', state: 'resolved', layers: [], transitions: [{ state: 'firing', iteration: 19 }, { state: 'resolved', iteration: 1400 }] })), 'plateau: info, resolved at iteration 1,400');
  });

  test('near the pointer the nearest is told', () => {
    const marks = marksOfRun(run({ alerts: [alert(), alert({ id: 'b', rule: 'plateau', firedIteration: 40 })] }));
    assert.deepEqual(wordsNear(marks, 19, 5), [marks[0].text]);
    assert.deepEqual(wordsNear(marks, 37, 5), [`${marks[1].text} (iteration 40)`]);
    assert.deepEqual(wordsNear(marks, 30, 5), []);
    assert.equal(wordsNear(marks, 29, 500).length, 2, 'both are as near');
  });
});

describe('lines of marks', () => {
  const shown = { from: 0, to: 1000 };
  const lines = (run, more) => markLines(theme, marksOfRun(run), shown, more);

  test('tell severity by colour, and without colours', () => {
    const alerts = ['critical', 'warning', 'info'].map((severity, i) => alert({ severity, firedIteration: 100 * (i + 1) }));
    const drawn = lines(run({ alerts }));
    assert.deepEqual(drawn.map(({ lineStyle }) => lineStyle.color), [theme.critical, theme.warning, theme.accent]);
    assert.equal(new Set(drawn.map(({ lineStyle }) => String(lineStyle.type))).size, 3);
    assert.ok(drawn.every(({ symbol }) => symbol === 'triangle'));
    assert.deepEqual(lines(run({ commands: [command()] })).map(({ symbol }) => symbol), ['none']);
  });

  test('what lies outside is not drawn; what is close together is one line, as grave as the gravest', () => {
    assert.deepEqual(markLines(theme, marksOfRun(run({ alerts: [alert()] })), { from: 500, to: 900 }), []);
    const [line, ...others] = lines(run({ alerts: [alert({ severity: 'info', firedIteration: 100 }), alert({ firedIteration: 102, rule: 'explode' })] }), { named: true });
    assert.equal(others.length, 0);
    assert.equal(line.lineStyle.color, theme.critical);
    assert.equal(line.label.formatter, 'explode +1');
  });

  test('however many alerts there are, there are few lines', () => {
    const alerts = Array.from({ length: 5000 }, (_, i) => alert({ firedIteration: i % 1000 }));
    assert.ok(lines(run({ alerts })).length <= 51);
  });

  test('a name that would lie on another is left out', () => {
    const named = lines(run({ alerts: [alert({ firedIteration: 100 }), alert({ firedIteration: 122 }), alert({ firedIteration: 600 })] }), { named: true });
    assert.deepEqual(named.map(({ label }) => label.show), [true, false, true]);
  });
});

describe('every chart over iterations', () => {
  const model = new RunModel('r');
  const points = Array.from({ length: 40 }, (_, iteration) => ({ iteration, loss: 4.6, accuracy: 0.01, learning_rate: iteration < 20 ? 0.01 : 0.001, iteration_ms: 100, telemetry_ms: 1, flags: 0 }));
  model.addFrame(decodeFrame(pointsFrame({ run: 'r', seqFrom: 0, prev: -1, layers: 0 }, points)));
  model.setAlerts([alert()]);
  model.addCommand(command());

  test('has the marks', () => {
    for (const option of [lossOption(model, theme), costOption(model, theme), learningRateOption(model, theme), heatmapOption({ rows: 2, shown: 40, columns: 4, columnWidth: 10, cut: null, marks: model.marks, image: () => null }, theme)]) {
      const axes = Array.isArray(option.xAxis) ? option.xAxis.length : 1;
      const drawn = option.series.filter(({ markLine }) => [19, 30].every((at) => markLine?.data.some(({ xAxis }) => xAxis === at)));
      assert.equal(drawn.length, axes);
    }
  });

  test('tells them under the pointer', () => {
    assert.match(learningRateOption(model, theme).tooltip.formatter([{ axisValue: 19, value: [19, 0.01] }]), /^iteration 19\nlearning rate 0\.01\nvanish-floor: critical, firing/);
    assert.match(costOption(model, theme).tooltip.formatter([{ axisValue: 30, seriesName: 'speed', value: [30, 10] }]), /10\.0 iterations a second\n.*\n.*\ncommand: pause/);
    assert.deepEqual(toldNear(model, 10), []);
  });

  test('keeps the marks while nothing happens, and follows what does', () => {
    const before = model.marks;
    assert.equal(model.marks, before);
    model.setAlerts([]);
    assert.equal(model.marks.length, 1);
    model.setAlerts([alert()]);
  });

  test('a learning rate that spans decades has a logarithmic axis', () => {
    assert.ok(learningRateOption(model, theme).yAxis.min >= 0);
    const wide = new RunModel('w');
    wide.addFrame(decodeFrame(pointsFrame({ run: 'w', seqFrom: 0, prev: -1, layers: 0 }, [{ iteration: 0, learning_rate: 0.1, flags: 0 }, { iteration: 1, learning_rate: 1e-4, flags: 0 }])));
    const option = learningRateOption(wide, theme);
    assert.deepEqual([option.yAxis.min, option.yAxis.max], [-4, -1]);
    assert.match(option.tooltip.formatter([{ axisValue: 1, value: [1, -4] }]), /learning rate 0\.0001/);
  });

  test('iterations a second are the reciprocal of the time', () => {
    assert.deepEqual([...perSecond(Float64Array.from([0, 100, 1, 0]))], [0, 10, 1, NaN]);
  });
});
