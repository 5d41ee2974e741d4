import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attentionKey, inForce, seenBy, silenceLine, worse } from '../../main/resources/META-INF/resources/js/state/attention.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const SEEN = { by: 'ada', note: 'restarting it', at: '2026-11-24T11:30:00Z', severity: 'warning' };
const alert = (more = {}) => ({ id: 'r/explode/3/1', severity: 'warning', acknowledged: null, silenced: null, ...more });
const silence = (rule, until, reason = '') => ({ rule, until, by: 'ada', reason });

test('an alert that nobody has seen says nothing of it', () => {
  assert.equal(seenBy(null, NOW), null);
  assert.equal(seenBy(alert(), NOW), null);
});

test('who has seen an alert is told, and when it has become worse since', () => {
  assert.deepEqual(seenBy(alert({ acknowledged: SEEN }), NOW), { who: 'Seen by ada, 30\u00a0min ago', note: 'restarting it' });
  assert.match(seenBy(alert({ acknowledged: SEEN, severity: 'critical' }), NOW)?.who ?? '', /it has become worse since$/);
});

test('worse is only what was seen when it was less severe', () => {
  assert.equal(worse(alert({ severity: 'critical' })), false);
  assert.equal(worse(alert({ acknowledged: SEEN })), false);
  assert.equal(worse(alert({ acknowledged: SEEN, severity: 'info' })), false);
  assert.equal(worse(alert({ acknowledged: SEEN, severity: 'critical' })), true);
});

test('a silence says of what, until when, by whom and why', () => {
  const title = (rule) => ({ plateau: 'The loss stands still' })[rule] ?? rule;
  const until = new Date(NOW);
  until.setHours(23, 5, 0, 0);
  assert.equal(silenceLine(silence('plateau', until.toISOString(), 'known'), title, until.getTime() - 1000), '“The loss stands still” is silent until 23:05, by ada: known');
  assert.match(silenceLine(silence(null, '2026-12-01T12:05:00Z'), title, NOW), /^All alerts of this run are silent until 1 Dec, \d\d:05, by ada$/);
});

test('silences that are over are not in force; the last to end comes first', () => {
  const [over, soon, late] = [silence('a', '2026-11-24T12:00:00Z'), silence('b', '2026-11-24T12:30:00Z'), silence(null, '2026-11-25T12:00:00Z')];
  assert.deepEqual(inForce([over, soon, late], NOW), [late, soon]);
});

test('the key changes with what is said, and with nothing else', () => {
  const before = attentionKey([alert()]);
  assert.equal(attentionKey([alert({ severity: 'critical' }), alert({ id: 'other' })]), before);
  assert.notEqual(attentionKey([alert({ acknowledged: SEEN })]), before);
  assert.notEqual(attentionKey([alert({ silenced: silence('explode', '2026-11-25T12:00:00Z') })]), before);
});
