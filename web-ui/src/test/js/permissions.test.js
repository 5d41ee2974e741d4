import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { includes, mustLogIn, NEEDS, reasonAgainst, whoIs } from '../../main/resources/META-INF/resources/js/state/permissions.js';

const open = { required: false, name: null, role: 'admin' };
const out = { required: true, name: null, role: null };
const viewer = { required: true, name: 'ann', role: 'viewer' };
const admin = { required: true, name: 'bob', role: 'admin' };

describe('permissions', () => {
  test('a role includes those below it and no other', () => {
    assert.equal(includes('admin', 'operator'), true);
    assert.equal(includes('operator', 'operator'), true);
    assert.equal(includes('viewer', 'operator'), false);
    assert.equal(includes(null, 'viewer'), false);
  });

  test('only who is out of a closed service has to log in', () => {
    assert.deepEqual([open, out, viewer].map(mustLogIn), [false, true, false]);
  });

  test('says why something is not allowed, and nothing where it is', () => {
    assert.equal(reasonAgainst(viewer, 'operator'), 'Your role, viewer, does not allow this: it takes an operator.');
    assert.equal(reasonAgainst(viewer, 'admin'), 'Your role, viewer, does not allow this: it takes an admin.');
    assert.equal(reasonAgainst(admin, 'admin'), null);
    assert.equal(reasonAgainst(open, 'admin'), null);
  });

  test('names who is logged in', () => {
    assert.deepEqual([open, out, viewer].map(whoIs), ['', '', 'ann (viewer)']);
  });

  test('everything that needs a role needs one that there is', () => {
    for (const [selector, role] of NEEDS) assert.ok(selector !== '' && ['operator', 'admin'].includes(role));
  });
});
