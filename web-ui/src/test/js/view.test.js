import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { Cursor } from '../../main/resources/META-INF/resources/js/state/cursor.js';
import { rangeOf, rangeText, ViewOptions } from '../../main/resources/META-INF/resources/js/state/view-options.js';
import { LayerSelection } from '../../main/resources/META-INF/resources/js/state/layer-selection.js';
import { halfLifeChosen, keepLayer, keepView, layerChosen } from '../../main/resources/META-INF/resources/js/views/view-address.js';
import { queryOf, samePage, withQuery } from '../../main/resources/META-INF/resources/js/router.js';
import { noIterations } from '../../main/resources/META-INF/resources/js/views/states.js';
import { addKeys, keyGroups, shortcutOf, typing } from '../../main/resources/META-INF/resources/js/views/keys.js';

/** A page with an address and a past, as far as a view needs them. */
function page(hash, kept = {}) {
  const place = { hash };
  const pushed = [];
  const go = (way) => (_state, _title, address) => {
    place.hash = address;
    if (way === 'push') pushed.push(address);
  };
  const storage = { getItem: (key) => kept[key] ?? null, setItem: (key, value) => (kept[key] = value) };
  const options = new ViewOptions({ place, past: { pushState: go('push'), replaceState: go('replace') }, storage: () => storage });
  return { place, pushed, kept, options };
}

describe('addresses', () => {
  test('a query changes in part, and reads well', () => {
    assert.equal(withQuery('#/runs/a', { zoom: '1-2' }), '#/runs/a?zoom=1-2');
    assert.equal(withQuery('#/runs/a?replay=&zoom=1-2', { zoom: null }), '#/runs/a?replay=');
    assert.equal(withQuery('#/runs/a?scale=x', { scale: 'loss:log,cost:symlog' }), '#/runs/a?scale=loss:log,cost:symlog');
    assert.equal(withQuery('', { q: 'a b&c' }), '#/?q=a+b%26c');
    assert.equal(queryOf('#/runs/a').size, 0);
  });

  test('another view of a run is the same page; another place of a replay is not', () => {
    assert.equal(samePage('#/runs/a?zoom=1-9', '#/runs/a'), true);
    assert.equal(samePage('#/runs/a?replay=1', '#/runs/a?replay=2'), false);
    assert.equal(samePage('#/runs/a', '#/runs/b'), false);
    assert.equal(samePage('#/?q=a', '#/'), false);
    assert.equal(samePage('#/compare/a,b?align=epoch&smooth=5', '#/compare/a,b'), false);
    assert.equal(samePage('#/compare/a,b?align=epoch&smooth=5', '#/compare/a,b?align=epoch'), true);
  });

  test('a range is first and last iteration', () => {
    assert.equal(rangeText({ from: 100, to: 200 }), '100-199');
    assert.deepEqual(rangeOf('100-199'), { from: 100, to: 200 });
    for (const odd of ['', null, '5', '9-3', '-1-4', '1-2-3', 'a-b', '1e3-2e3']) assert.equal(rangeOf(odd), null, String(odd));
  });
});

describe('the layer that somebody looks at', () => {
  test('is one that the run has', () => {
    assert.equal(layerChosen('7', 38), 7);
    for (const odd of [null, '', '38', '-1', '1.5', 'seven', '999999']) assert.equal(layerChosen(odd, 38), null, String(odd));
  });

  test('comes from the address and goes into it', () => {
    const { options, place } = page('#/runs/a?layer=7&smooth=5');
    options.load(true);
    const selection = new LayerSelection();
    const end = keepLayer(selection, options, () => 38);
    assert.equal(selection.layer, 7);
    selection.choose(12);
    assert.equal(place.hash, '#/runs/a?layer=12&smooth=5');
    selection.clear();
    assert.equal(place.hash, '#/runs/a?smooth=5');
    place.hash = '#/runs/a?layer=3';
    options.load(false);
    assert.equal(selection.layer, 3);
    end();
    selection.choose(9);
    assert.equal(place.hash, '#/runs/a?layer=3');
  });
});

describe('view options', () => {
  test('come from the address and go into it', () => {
    const { options, place } = page('#/runs/a?zoom=10-19&scale=loss:log');
    options.load(true);
    assert.equal(options.get('zoom'), '10-19');
    assert.equal(options.of('scale', 'loss'), 'log');
    options.setOf('scale', 'cost', 'symlog');
    assert.equal(place.hash, '#/runs/a?zoom=10-19&scale=loss:log,cost:symlog');
    options.setOf('scale', 'loss', null);
    options.set('zoom', null);
    assert.equal(place.hash, '#/runs/a?scale=cost:symlog');
  });

  test('a step can be undone by "back", the rest leaves no trace there', () => {
    const { options, pushed } = page('#/runs/a');
    options.set('metric', 'bn.drift');
    options.set('zoom', '1-9', { step: true });
    assert.deepEqual(pushed, ['#/runs/a?metric=bn.drift&zoom=1-9']);
  });

  test('tell what changed, and only that', () => {
    const { options, place } = page('#/runs/a?zoom=1-9&metric=m');
    options.load(true);
    const told = [];
    options.addEventListener('change', ({ detail }) => told.push(detail));
    place.hash = '#/runs/a?metric=m';
    options.load(false);
    options.load(false);
    options.set('metric', 'm');
    assert.deepEqual(told, [['zoom']]);
  });

  test('a habit holds where an address says nothing, and is put into it', () => {
    const first = page('#/runs/a');
    first.options.set('smooth', '20');
    first.options.set('zoom', '1-9', { step: true });
    const next = page('#/runs/b', first.kept);
    next.options.load(true);
    next.options.write();
    assert.equal(next.place.hash, '#/runs/b?smooth=20', 'and a range is no habit');
  });

  test('an address that says something is taken as it is', () => {
    const { options } = page('#/runs/b?zoom=1-9', { 'gradwatch.view': '{"smooth":"20"}' });
    options.load(true);
    assert.equal(options.get('smooth'), null);
  });

  test('storage that is off or damaged changes nothing', () => {
    const { options } = page('#/runs/a', { 'gradwatch.view': '{"smooth":' });
    options.load(true);
    assert.equal(options.get('smooth'), null);
    const off = new ViewOptions({ place: { hash: '#/' }, past: { pushState: () => {}, replaceState: () => {} }, storage: () => { throw new Error('denied'); } });
    off.load(true);
    off.set('smooth', '5');
    assert.equal(off.get('smooth'), '5');
  });
});

/** What keepView needs of a zoom. */
class FakeZoom extends EventTarget {
  range = null;
  end = 0;
  halfLife = null;
  #set(range) {
    this.range = range;
    this.dispatchEvent(new CustomEvent('change', { detail: null }));
  }
  choose(range) {
    this.#set(range);
  }
  reset() {
    this.#set(null);
  }
  smooth(halfLife) {
    this.halfLife = halfLife;
    this.#set(this.range);
  }
}

describe('the view of a run', () => {
  test('waits for the iterations that its address names', () => {
    const { options, pushed } = page('#/runs/a?zoom=10-19&smooth=20');
    options.load(true);
    const zoom = new FakeZoom();
    const view = keepView(/** @type {any} */ (zoom), options);
    assert.equal(zoom.halfLife, 20);
    zoom.end = 15;
    view.arrived();
    assert.equal(zoom.range, null);
    zoom.end = 30;
    view.arrived();
    assert.deepEqual(zoom.range, { from: 10, to: 20 });
    assert.deepEqual(pushed, [], 'what came from the address is no new step');
  });

  test('follows the charts, and "back"', () => {
    const { options, place } = page('#/runs/a');
    options.load(true);
    const zoom = new FakeZoom();
    zoom.end = 100;
    const view = keepView(/** @type {any} */ (zoom), options);
    zoom.choose({ from: 5, to: 10 });
    assert.equal(place.hash, '#/runs/a?zoom=5-9');
    place.hash = '#/runs/a';
    options.load(false);
    assert.equal(zoom.range, null);
    view.dispose();
    zoom.choose({ from: 5, to: 10 });
    assert.equal(place.hash, '#/runs/a');
  });

  test('smooths by what an address can mean', () => {
    assert.equal(halfLifeChosen('0'), 0);
    assert.equal(halfLifeChosen('500'), 500);
    for (const odd of [null, '', '-1', '1.5', 'a', '9999999']) assert.equal(halfLifeChosen(odd), null, String(odd));
  });
});

describe('the cursor', () => {
  test('tells all others where one points, once', () => {
    const cursor = new Cursor();
    const told = [];
    cursor.addEventListener('change', ({ detail }) => told.push([cursor.iteration, detail]));
    cursor.set(5, 'loss');
    cursor.set(5, 'cost');
    cursor.set(null, 'loss');
    assert.deepEqual(told, [[5, 'loss'], [null, 'loss']]);
  });

  test('starts in the middle for the keyboard, and stays within what is shown', () => {
    const cursor = new Cursor();
    cursor.move(1, { from: 100, to: 200 });
    assert.equal(cursor.iteration, 151);
    cursor.move(100, { from: 100, to: 200 });
    assert.equal(cursor.iteration, 199);
    cursor.move(-1000, { from: 100, to: 200 });
    assert.equal(cursor.iteration, 100);
  });
});

describe('keys', () => {
  const help = { group: 'g', keys: ['?'], words: 'help', act: () => {} };
  const listed = { group: 'g', keys: ['+'], words: 'closer' };

  test('act, but not while somebody types, nor with the browser’s own', () => {
    assert.equal(shortcutOf({ key: '?' }, null, [help]), help);
    for (const tagName of ['INPUT', 'TEXTAREA', 'SELECT']) assert.equal(shortcutOf({ key: '?' }, { tagName }, [help]), null, tagName);
    assert.equal(shortcutOf({ key: '?' }, { tagName: 'DIV', isContentEditable: true }, [help]), null);
    for (const held of ['ctrlKey', 'altKey', 'metaKey', 'defaultPrevented']) assert.equal(shortcutOf({ key: '?', [held]: true }, null, [help]), null, held);
    assert.equal(typing({ tagName: 'INPUT', type: 'checkbox' }), false);
  });

  test('that are only listed do nothing; a page’s own goes before the common one', () => {
    assert.equal(shortcutOf({ key: '+' }, null, [listed]), null);
    const own = { ...help, words: 'own' };
    assert.equal(shortcutOf({ key: '?' }, null, [help, own]), own);
    assert.equal(shortcutOf({ key: '?' }, null, [help, { ...own, when: () => false }]), help);
  });

  test('are listed by group while their part is there', () => {
    const remove = addKeys([help, listed]);
    assert.deepEqual(keyGroups().get('g'), [help, listed]);
    remove();
    assert.equal(keyGroups().has('g'), false);
  });
});

test('a chart without iterations says whether they are on their way, awaited, or never were', () => {
  assert.equal(noIterations({ run: { state: 'finished', iteration: 119 } }), 'Loading the iterations');
  assert.equal(noIterations({ run: { state: 'running', iteration: null } }), 'Waiting for the first iteration');
  assert.equal(noIterations({ run: null }), 'Waiting for the first iteration');
  assert.equal(noIterations({ run: { state: 'failed', iteration: null } }), 'This run has no iterations');
});
