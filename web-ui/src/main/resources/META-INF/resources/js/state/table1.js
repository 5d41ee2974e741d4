/**
 * The stored runs beside the rows of the paper's Table 1. Pure.
 *
 * @typedef {import('./table1-paper.js').PaperRow} PaperRow
 * @typedef {{accuracy: number, measured: 'test' | 'validation', difference: number}} Figure accuracy as a share; difference in points
 * @typedef {{run: any, figure: Figure | null, caveats: string[]}} Line
 */
import { jsonNumber } from '../net/protocol.js';
import { integer, setting } from '../format.js';
import { PAPER_EPOCHS, TABLE_1 } from './table1-paper.js';

/**
 * Presets of the plain networks as the paper's framework builds them, with one batch normalisation behind the entry convolution: they belong to the
 * plain rows, and say so (docs/adr/0004).
 */
const FRAMEWORKS = { 'vgg08-bn-entry': 'vgg08', 'vgg38-bn-entry': 'vgg38' };

/** Presets whose runs have a row. */
export const PRESETS = [...TABLE_1.map(({ preset }) => preset), ...Object.keys(FRAMEWORKS)];

/** What a run of the paper's own network says of its parts; what else it says is that of every row. */
const NETWORK = { 'depth-blocks': 'depth', bn: 'bn', skip: 'skip', activation: 'activation' };

/**
 * The row of the same network as the run, with the nearest training: equal batch, learning rate and weight decay, else only the network.
 * Null: the paper has no such network.
 *
 * @param {any} run as in the API
 * @param {PaperRow[]} [rows]
 * @returns {{row: PaperRow, exact: boolean} | null}
 */
export function rowOf(run, rows = TABLE_1) {
  const named = rows.find(({ preset }) => preset === (FRAMEWORKS[/** @type {'vgg08-bn-entry'} */ (run.preset)] ?? run.preset));
  const given = run.configuration ?? {};
  const parts = given.bn === 'entry' ? { ...given, bn: 'none' } : given;
  const told = Object.keys(NETWORK).every((option) => parts[option] !== undefined);
  const alike = told ? rows.filter((row) => Object.entries(NETWORK).every(([option, field]) => String(row[/** @type {'bn'} */ (field)]) === parts[option])) : named ? rows.filter(({ network }) => network === named.network) : [];
  if (alike.length === 0) return null;
  const trained = trainingOf(run);
  const equal = alike.find((row) => row.batch === trained.batch && same(row.lr, trained.lr) && same(row.weightDecay, trained.weightDecay));
  if (equal) return { row: equal, exact: true };
  return { row: named && alike.includes(named) ? named : alike[0], exact: false };
}

function trainingOf(run) {
  const number = (name) => (run.configuration?.[name] === undefined ? NaN : Number(run.configuration[name]));
  return { batch: run.batchSize || number('batch'), lr: number('lr'), weightDecay: number('weight-decay') };
}

function same(a, b) {
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

/** What the run has to hold against the paper: the test accuracy of its best validation epoch, else the best validation accuracy so far. @param {any} run @param {PaperRow} row @returns {Figure | null} */
export function figureOf(run, row) {
  const test = jsonNumber(run.result?.testAccuracy ?? null);
  const validation = jsonNumber(run.bestValidationAccuracy ?? null);
  const accuracy = test ?? validation;
  if (accuracy === null || !Number.isFinite(accuracy)) return null;
  return { accuracy, measured: test === null ? 'validation' : 'test', difference: accuracy * 100 - row.test };
}

/** Why a run's figure and the paper's are not of the same thing. @param {any} run @param {PaperRow} row */
export function caveatsOf(run, row) {
  const trained = trainingOf(run);
  const epochs = epochsDone(run);
  return [
    run.dataset?.synthetic ? 'generated images' : run.dataset?.name && run.dataset.name !== 'cifar-100' ? run.dataset.name : '',
    trained.batch !== row.batch && Number.isFinite(trained.batch) ? `batch ${integer(trained.batch)}` : '',
    Number.isFinite(trained.lr) && !same(trained.lr, row.lr) ? `learning rate ${setting(trained.lr)}` : '',
    Number.isFinite(trained.weightDecay) && !same(trained.weightDecay, row.weightDecay) ? `weight decay ${setting(trained.weightDecay)}` : '',
    run.configuration?.bn === 'entry' ? 'one batch normalisation, behind the entry convolution, as in the paper’s framework' : '',
    epochs !== null && epochs < PAPER_EPOCHS ? `${epochs < 1 ? 'less than one' : integer(Math.floor(epochs))} of ${PAPER_EPOCHS} epochs` : '',
    run.configuration?.init !== undefined && run.configuration.init !== 'uniform' ? `initialised ${run.configuration.init}` : '',
  ].filter((one) => one !== '');
}

/** Epochs that a run has made, with the begun one as a share; null when it does not tell. @param {any} run */
export function epochsDone(run) {
  if (run.iteration === null || run.iteration === undefined) return 0;
  return run.iterationsPerEpoch > 0 ? (run.iteration + 1) / run.iterationsPerEpoch : null;
}

/**
 * All rows of the paper with the runs that belong to them: those that come nearest to it first.
 *
 * @param {any[]} runs
 * @returns {{row: PaperRow, lines: Line[]}[]}
 */
export function tableOf(runs, rows = TABLE_1) {
  const byPreset = new Map(rows.map((row) => [row.preset, /** @type {Line[]} */ ([])]));
  for (const run of runs) {
    const found = rowOf(run, rows);
    if (found) byPreset.get(found.row.preset)?.push({ run, figure: figureOf(run, found.row), caveats: caveatsOf(run, found.row) });
  }
  const rank = ({ caveats, figure }) => [figure === null ? 1 : 0, caveats.length];
  return rows.map((row) => ({
    row,
    lines: (byPreset.get(row.preset) ?? []).sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1] || (epochsDone(b.run) ?? 0) - (epochsDone(a.run) ?? 0) || String(b.run.startedAt).localeCompare(String(a.run.startedAt))),
  }));
}

/** Points above or below the paper: "+0.42", "−3.10". @param {number} difference */
export function points(difference) {
  const size = Math.abs(difference).toFixed(2);
  return size === '0.00' ? '0.00' : `${difference > 0 ? '+' : '−'}${size}`;
}
