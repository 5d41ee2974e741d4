/** Small pieces that several views show: a run's state, its data set, its alerts. */
import { h, icon } from '../dom.js';
import { runsHref } from '../router.js';

/** What a state is called, and how it looks. */
const STATES = {
  running: ['Running', 'live'],
  finished: ['Finished', 'good'],
  stopped: ['Stopped', 'quiet'],
  failed: ['Failed', 'critical'],
  silent: ['Silent', 'warning'],
  paused: ['Paused', 'warning'],
};

/** @param {string} state */
export function statePill(state) {
  const [label, tone] = STATES[/** @type {'running'} */ (state)] ?? [state, 'quiet'];
  return h(`span.pill.tone-${tone}`, { 'data-testid': 'run-state', 'data-state': state }, h('span.dot', { 'aria-hidden': 'true' }), label);
}

/** That a run was resumed; nothing for a run in its first attempt. @param {any} run */
export function attemptTag(run) {
  return run.attempt > 1 ? h('span.tag', { 'data-testid': 'attempt-tag' }, `resumed, attempt ${run.attempt}`) : null;
}

/** @param {any} dataset */
export function datasetTag(dataset) {
  if (!dataset?.name) return null;
  return dataset.synthetic
    ? h('span.tag.tag-synthetic', { title: 'Generated images, not a real data set: accuracies say nothing about CIFAR-100', 'data-testid': 'synthetic-tag' }, 'synthetic data')
    : h('span.tag', {}, dataset.name);
}

/** @param {number} firing @param {string | null} severity */
export function alertBadge(firing, severity) {
  if (!firing) return h('span.quiet', {}, 'none');
  return h(`span.pill.tone-${severity === 'critical' ? 'critical' : 'warning'}`, {}, icon('alert'), firing === 1 ? '1 alert' : `${firing} alerts`);
}

/** A tag that leads to the runs that have it. @param {string} tag */
export function tagLink(tag) {
  const value = /^[^\s"():<>=!*\\]+$/.test(tag) ? tag : `"${tag.replace(/[\\"]/g, '\\$&')}"`;
  return h('a.tag', { href: runsHref({ q: `tag:${value}` }), dir: 'auto', title: 'Runs with this tag' }, tag);
}
