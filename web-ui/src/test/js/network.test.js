import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { layoutNetwork, networkOf } from '../../main/resources/META-INF/resources/js/charts/network.js';
import { isLight } from '../../main/resources/META-INF/resources/js/charts/palette.js';

/** The paper's networks as their trainer tells them: `processing` blocks and one reduction a stage. */
function layersOf(processing, residual) {
  const names = /** @type {[string, string, boolean][]} */ ([['entry.conv', 'entry', true]]);
  for (let stage = 1; stage <= 3; stage++) {
    for (let block = 1; block <= processing; block++) for (const conv of [1, 2]) names.push([`stage${stage}.block${block}.conv${conv}`, `stage ${stage} block ${block}`, true]);
    if (residual) names.push([`stage${stage}.reduction.projection`, `stage ${stage} reduction`, false]);
    for (const conv of [1, 2]) names.push([`stage${stage}.reduction.conv${conv}`, `stage ${stage} reduction`, true]);
  }
  names.push(['head.dense', 'head', true]);
  return names.map(([name, block, mainPath], index) => ({ index, name, block, mainPath, type: 'conv2d', shape: [32, 32, 3, 3] }));
}

const norms = (layers) => layers.filter(({ mainPath, name }) => mainPath && name !== 'head.dense').map(({ index, name }, i) => ({ index: i, name: name.replace('conv', 'bn'), layer: index }));
const within = (inner, outer) => inner.x >= outer.x - 0.01 && inner.y >= outer.y - 0.01 && inner.x + inner.width <= outer.x + outer.width + 0.01 && inner.y + inner.height <= outer.y + outer.height + 0.01;
const apart = (a, b) => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe('a network', () => {
  test('is blocks of layers; a projection is not on the main path of its block', () => {
    const blocks = networkOf(layersOf(5, true), [], { skip: 'conv' });
    assert.equal(blocks.length, 1 + 3 * 6 + 1);
    const reduction = blocks.filter(({ title }) => title === 'reduction');
    assert.deepEqual(reduction.map(({ stage }) => stage), ['stage 1', 'stage 2', 'stage 3']);
    assert.deepEqual(reduction[0].projections.map(({ name }) => name), ['stage1.reduction.projection']);
    assert.deepEqual(reduction[0].layers.map(({ index }) => index), [12, 13]);
  });

  test('has skip connections around blocks, not around entry and head, and none without them', () => {
    const skips = (blocks) => blocks.filter(({ skip }) => skip).map(({ title }) => title);
    assert.equal(skips(networkOf(layersOf(5, true), [], { skip: 'conv' })).length, 18);
    assert.deepEqual(skips(networkOf(layersOf(5, false), [], { skip: 'none' })), []);
    assert.equal(skips(networkOf(layersOf(0, true), [])).length, 3, 'a projection tells it, too');
  });

  test('knows the batch normalisation of each layer', () => {
    const layers = layersOf(5, true);
    const blocks = networkOf(layers, norms(layers));
    assert.equal(blocks[0].layers[0].norm, 0);
    assert.equal(blocks.at(-1)?.layers[0].norm, -1);
    assert.equal(blocks.flatMap(({ projections }) => projections).every(({ norm }) => norm === -1), true);
  });

  test('of somebody else, without blocks, has one for each layer', () => {
    const blocks = networkOf([{ index: 0, name: 'dense', mainPath: true, block: '' }, { index: 1, name: 'out', mainPath: true, block: '' }], []);
    assert.deepEqual(blocks.map(({ title, skip }) => [title, skip]), [['dense', false], ['out', false]]);
  });
});

describe('the drawing of a network', () => {
  for (const [name, processing, residual] of /** @type {[string, number, boolean][]} */ ([['vgg08', 0, false], ['vgg08 with skip connections', 0, true], ['vgg38', 5, false], ['vgg38 with skip connections', 5, true]])) {
    for (const width of [300, 340, 700, 1300, 1700]) {
      test(`${name} fits into ${width} pixels: every layer once, in its block, none on another`, () => {
        const layers = layersOf(processing, residual);
        const drawing = layoutNetwork(networkOf(layers, norms(layers)), width);
        const boxes = drawing.blocks.flatMap((block) => block.boxes);
        assert.deepEqual(boxes.map(({ layer }) => layer.index).sort((a, b) => a - b), layers.map(({ index }) => index));
        for (const block of drawing.blocks) {
          assert.ok(within(block, { x: 0, y: 0, width, height: drawing.height }), `${block.title} of ${width}`);
          for (const box of block.boxes) assert.ok(within(box, block) && box.width >= 20);
        }
        boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => assert.ok(apart(a, b), `${a.layer.name} and ${b.layer.name}`)));
        assert.equal(drawing.lines.length, drawing.blocks.length + 1, 'from the input over all blocks to the loss');
        assert.ok(!drawing.lines.some((line) => line.includes('NaN')));
      });
    }
  }

  test('of a small network is one line where there is room, with its stages above', () => {
    const drawing = layoutNetwork(networkOf(layersOf(0, true), []), 1300);
    assert.equal(new Set(drawing.blocks.map(({ y }) => y)).size, 1);
    assert.deepEqual(drawing.stages.map(({ x }) => x), drawing.blocks.filter(({ title }) => title === 'reduction').map(({ x }) => x));
  });

  test('has a line for each stage where there is room', () => {
    const rows = (width) => new Set(layoutNetwork(networkOf(layersOf(5, true), []), width).blocks.map(({ y }) => y)).size;
    assert.equal(rows(1300), 3);
    assert.ok(rows(320) > 3);
    assert.deepEqual(layoutNetwork(networkOf(layersOf(5, true), []), 1300).stages.map(({ text }) => text), ['stage 1', 'stage 2', 'stage 3']);
  });

  test('draws the skip connections over the layers, through the projection', () => {
    const { blocks } = layoutNetwork(networkOf(layersOf(5, true), []), 1300);
    const reduction = /** @type {any} */ (blocks.find(({ title }) => title === 'reduction'));
    const projection = reduction.boxes.at(-1);
    const height = Number(/Q\S+ ([\d.]+)/.exec(reduction.skip)?.[1]);
    assert.ok(height > projection.y && height < projection.y + projection.height);
    assert.ok(reduction.boxes[0].y > projection.y + projection.height);
    assert.equal(blocks[0].skip, null);
  });

  test('words are dark on light colours only', () => assert.deepEqual([isLight(0), isLight(1)], [false, true]));
});
