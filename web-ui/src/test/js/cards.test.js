import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardKey, evidenceLabel, ruleFileNotice } from '../../main/resources/META-INF/resources/js/state/cards.js';

test('a rule file without mistakes says nothing', () => {
  assert.equal(ruleFileNotice(undefined), null);
  assert.equal(ruleFileNotice({ path: '/d/rules.yaml', state: 'valid', problems: [] }), null);
  assert.equal(ruleFileNotice({ path: '/d/rules.yaml', state: 'absent', problems: [] }), null);
});

test('a rule file with mistakes is named with the lines of the first ones', () => {
  const problems = Array.from({ length: 7 }, (_, i) => ({ line: i + 2, column: 5, message: `mistake ${i}` }));
  const notice = ruleFileNotice({ path: '/data/rules.yaml', state: 'malformed', problems });
  assert.equal(notice?.title, 'rules.yaml has 7 mistakes and is not used');
  assert.deepEqual(notice?.lines.slice(0, 1), ['line 2, column 5: mistake 0']);
  assert.equal(notice?.lines.length, 6);
  assert.equal(notice?.lines[5], 'and 2 further mistakes');
  assert.notEqual(notice?.key, ruleFileNotice({ path: 'rules.yaml', state: 'malformed', problems: problems.slice(1) })?.key);
  assert.equal(ruleFileNotice({ path: 'C:\\data\\rules.yaml', state: 'unreadable', problems: problems.slice(0, 1) })?.title, 'rules.yaml cannot be read');
});

test('evidence says where it comes from', () => {
  assert.equal(evidenceLabel({ source: 'paper', helped: true, factors: ['a'] }), 'The paper');
  assert.equal(evidenceLabel({ source: 'run', helped: true, factors: ['a'] }), 'A run that differs in one thing');
  assert.equal(evidenceLabel({ source: 'run', helped: true, factors: ['a', 'b'] }), 'A run that differs in 2 things');
  assert.equal(evidenceLabel({ source: 'run', helped: false, factors: ['a'] }), 'A run that had the same trouble');
});

test('a card is asked for again when its alert becomes graver, not with every message', () => {
  const alert = { id: 'a', severity: 'warning', firedIteration: 19, message: 'x' };
  assert.equal(cardKey(alert), cardKey({ ...alert, message: 'y', lastIteration: 90 }));
  assert.notEqual(cardKey(alert), cardKey({ ...alert, severity: 'critical' }));
  assert.equal(cardKey(null), '');
});
