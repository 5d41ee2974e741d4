import { test } from 'node:test';
import assert from 'node:assert/strict';
import { compareHref, parseRoute, runHref, runsHref } from '../../main/resources/META-INF/resources/js/router.js';
import { liveUrl, parameters } from '../../main/resources/META-INF/resources/js/net/api.js';

const odd = 'a/b,c d?#é';

test('no hash is the run list', () => {
  for (const hash of ['', '#', '#/']) assert.deepEqual(parseRoute(hash), { view: 'runs', q: '', sort: '' });
});

test('the search and the order are part of the address', () => {
  assert.deepEqual(parseRoute('#/?q=vgg%2038'), { view: 'runs', q: 'vgg 38', sort: '' });
  assert.equal(runsHref({}), '#/');
  assert.deepEqual(parseRoute(runsHref({ q: 'lr<0.1 "a&b"', sort: '-loss,name' })), { view: 'runs', q: 'lr<0.1 "a&b"', sort: '-loss,name' });
});

test('a run, whatever its id', () => {
  assert.deepEqual(parseRoute('#/runs/20261123-160512-vgg38-4f2a'), { view: 'run', id: '20261123-160512-vgg38-4f2a' });
  assert.deepEqual(parseRoute(runHref(odd)), { view: 'run', id: odd });
});

test('a comparison keeps its order, drops repetitions and what is beyond eight', () => {
  assert.deepEqual(parseRoute('#/compare/b,a,b'), { view: 'compare', ids: ['b', 'a'] });
  assert.deepEqual(parseRoute(compareHref(['x', odd])), { view: 'compare', ids: ['x', odd] });
  assert.equal(parseRoute('#/compare/a,b,c,d,e,f,g,h,i').ids.length, 8);
});

test('who is told of alerts has a place', () => assert.deepEqual(parseRoute('#/notifications'), { view: 'notifications' }));

test('what it does not know, it says', () => {
  for (const hash of ['#/nowhere', '#/runs', '#/runs/', '#/runs/a/b', '#/compare/,']) assert.equal(parseRoute(hash).view, 'unknown', hash);
});

test('a damaged escape is taken as it is', () => assert.deepEqual(parseRoute('#/runs/%E0%A4%A'), { view: 'run', id: '%E0%A4%A' }));

test('queries leave out what is not given', () => {
  assert.equal(parameters({ q: 'a b', cursor: null, limit: 50, state: '' }), '?q=a+b&limit=50');
  assert.equal(parameters({}), '');
});

test('the live stream is as secure as the page', () => {
  assert.equal(liveUrl({ protocol: 'http:', host: '127.0.0.1:8080' }), 'ws://127.0.0.1:8080/api/v1/live');
  assert.equal(liveUrl({ protocol: 'https:', host: 'example.org' }), 'wss://example.org/api/v1/live');
});
