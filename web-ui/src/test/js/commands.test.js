import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { marksOf, nameOf, newer, newestFirst, outcomeOf, stateOf } from '../../main/resources/META-INF/resources/js/state/commands.js';
import { RunModel } from '../../main/resources/META-INF/resources/js/state/run-model.js';

const T0 = Date.parse('2026-11-23T16:00:00.000Z');
const at = (seconds) => new Date(T0 + 1000 * seconds).toISOString();
const command = (more = {}) => ({ id: 'c', runId: 'r', attempt: 1, action: 'pause', learningRate: null, factor: null, state: 'sent', late: false, issuedAt: at(0), expiresAt: at(30), issuedBy: 'ada', reason: '', issuedIteration: 10, iteration: null, answeredAt: null, answer: null, startedRunId: null, ...more });
const applied = (more = {}) => command({ state: 'applied', iteration: 12, answeredAt: at(1), answer: '', ...more });

describe('commands', () => {
  test('time out by themselves', () => {
    assert.equal(stateOf(command(), T0 + 30_000), 'sent');
    assert.equal(stateOf(command(), T0 + 30_001), 'timed out');
    assert.equal(stateOf(applied(), T0 + 99_000), 'applied');
    assert.equal(stateOf(command({ expiresAt: null }), T0 + 1e12), 'sent');
  });

  test('are named with their numbers', () => {
    assert.equal(nameOf(command()), 'Pause');
    assert.equal(nameOf(command({ action: 'learning_rate', learningRate: 0.00025 })), 'Learning rate 0.00025');
    assert.equal(nameOf(command({ action: 'learning_rate', factor: 0.1 })), 'Learning rate × 0.1');
  });

  test('tell what became of them', () => {
    assert.equal(outcomeOf(applied({ iteration: 1234 }), T0), 'applied at iteration 1,234');
    assert.equal(outcomeOf(applied({ late: true, answer: 'iteration-13.zip' }), T0), 'applied at iteration 12, late: iteration-13.zip');
    assert.equal(outcomeOf(command({ state: 'refused', answer: 'training is paused already' }), T0), 'refused: training is paused already');
    assert.match(outcomeOf(command(), T0 + 31_000), /timed out.*alive/);
    assert.match(outcomeOf(command(), T0 + 10_000), /20\.0.s left/);
    assert.equal(outcomeOf(command({ state: 'dry run', issuedBy: 'rule vanish-floor', expiresAt: null }), T0), 'dry run: rule vanish-floor would have sent it at iteration 10');
  });

  test('an answer is not taken back by what was said before it', () => {
    const model = new RunModel('r');
    model.addCommand(applied());
    model.addCommand(command());
    assert.equal(model.commands.get('c').state, 'applied');
    assert.equal(newer(undefined, command()), true);
  });

  test('are listed newest first', () => {
    assert.deepEqual(newestFirst([command({ id: 'a' }), command({ id: 'b', issuedAt: at(5) })]).map(({ id }) => id), ['b', 'a']);
  });

  test('are forgotten by a replay that goes elsewhere', () => {
    const model = new RunModel('r');
    model.addCommand(applied());
    model.reset();
    assert.deepEqual(model.marks, []);
  });
});

describe('marks of commands', () => {
  test('stand where a command took effect, those of one iteration together', () => {
    const marks = marksOf([applied(), applied({ id: 'd', action: 'resume', issuedAt: at(2) }), applied({ id: 'e', action: 'stop', iteration: 40 })], []);
    assert.deepEqual(marks, [{ iteration: 12, label: 'pause, resume', text: 'pause, resume', strong: true }, { iteration: 40, label: 'stop', text: 'stop', strong: true }]);
  });

  test('are faint for what had no effect, and absent for what waits', () => {
    const marks = marksOf([command({ id: 'a', state: 'timed out' }), command({ id: 'b', state: 'dry run', action: 'stop', issuedIteration: 20 }), command({ id: 'w' })], []);
    assert.deepEqual(marks, [{ iteration: 10, label: 'pause timed out', text: 'pause timed out', strong: false }, { iteration: 20, label: 'would: stop', text: 'would: stop', strong: false }]);
  });

  test('go with what a newer attempt has replaced', () => {
    assert.deepEqual(marksOf([applied()], [{ attempt: 2, iteration: 5 }]), []);
    assert.equal(marksOf([applied({ attempt: 2 })], [{ attempt: 2, iteration: 5 }]).length, 1);
  });

  test('have short names along their lines, and whole ones for who asks', () => {
    const [mark] = marksOf([applied(), applied({ id: 'd', action: 'learning_rate', learningRate: 0.0005 }), applied({ id: 'e', action: 'checkpoint' })], []);
    assert.equal(mark.label, '3 commands');
    assert.equal(mark.text, 'pause, lr 0.0005, checkpoint');
  });

  test('of many, none is named', () => {
    const many = Array.from({ length: 13 }, (_, i) => applied({ id: String(i), iteration: i }));
    assert.ok(marksOf(many, []).every(({ label }) => label === ''));
  });
});
