/**
 * The network as in the paper's Figure 6: stages of blocks, blocks of layers, skip connections around them, and projections on those. What it is
 * made of is read from the layers' names and blocks; where it is drawn depends on the width alone. Pure.
 *
 * @typedef {{index: number, name: string, norm: number}} NetworkLayer `norm`: its batch-normalisation layer, -1: none
 * @typedef {{title: string, stage: string, layers: NetworkLayer[], projections: NetworkLayer[], skip: boolean}} Block
 * @typedef {{x: number, y: number, width: number, height: number, layer: NetworkLayer}} Box
 * @typedef {{x: number, y: number, width: number, height: number, title: string, boxes: Box[], skip: string | null}} PlacedBlock
 */

/** Sizes in pixels: where each stage is one line (or all are, if layers are then at least `alone` wide), and where lines are broken. */
const WIDE = { pad: 6, between: 16 };
const NARROW = { pad: 4, between: 10 };
const GAP = 2;
const BOX = { alone: 40, least: 20, wrapped: 24, most: 88, height: 30 };
const LANE = 30;
const TITLE = 16;
const STAGE = 18;
const MARGIN = 14;
const END = 42;
const LINE_GAP = 22;

/**
 * @param {any[]} layers as in the API
 * @param {any[]} batchNorms
 * @param {Record<string, string>} configuration of the run: `skip` tells whether processing blocks have skip connections
 * @returns {Block[]} in forward order
 */
export function networkOf(layers, batchNorms, configuration = {}) {
  const norms = new Map(batchNorms.map(({ index, layer }) => [layer, index]));
  const residual = (configuration.skip ?? 'none') !== 'none' || layers.some(({ mainPath }) => mainPath === false);
  /** @type {(Block & {key: string})[]} */
  const blocks = [];
  for (const { index, name, block, mainPath } of layers) {
    const key = block || name;
    let last = blocks[blocks.length - 1];
    if (last?.key !== key) {
      last = { key, title: titleOf(key), stage: /^stage \d+/.exec(key)?.[0] ?? '', layers: [], projections: [], skip: false };
      blocks.push(last);
    }
    (mainPath === false ? last.projections : last.layers).push({ index, name, norm: norms.get(index) ?? -1 });
  }
  return blocks.map(({ key, ...block }) => ({ ...block, skip: block.projections.length > 0 || (residual && block.stage !== '' && block.layers.length > 1) }));
}

/**
 * Places of everything for a width in pixels.
 *
 * @param {Block[]} blocks
 * @param {number} width
 */
export function layoutNetwork(blocks, width) {
  const lane = blocks.some(({ skip }) => skip) ? LANE : 0;
  const room = width - 2 * MARGIN;
  const alone = blocks.length > 0 && boxWidth(blocks, room, 2) >= BOX.alone;
  const stages = alone ? [blocks] : stagesOf(blocks);
  const fitting = Math.min(...stages.map((stage, i) => boxWidth(stage, room, endsIn(stages, i))));
  const wraps = fitting < BOX.least;
  const sizes = wraps ? NARROW : WIDE;
  const box = wraps ? BOX.wrapped : Math.min(BOX.most, Math.floor(fitting));
  const height = TITLE + lane + BOX.height + sizes.pad;
  /** @type {PlacedBlock[]} */
  const placed = [];
  const stageTitles = /** @type {{x: number, y: number, text: string}[]} */ ([]);
  const ends = /** @type {{x: number, y: number, text: string}[]} */ ([]);
  const lines = /** @type {string[]} */ ([]);
  /** Right end of what was placed last, the height of its arrow, and the foot of its line. @type {{x: number, y: number, foot: number} | null} */
  let before = null;
  let y = 0;
  stages.forEach((stage, s) => {
    let x = MARGIN;
    const title = stage.find((block) => block.stage !== '')?.stage;
    if (title) {
      if (!alone) stageTitles.push({ x: MARGIN, y: y + 13, text: title });
      y += STAGE;
    }
    let told = '';
    const middle = () => y + TITLE + lane + BOX.height / 2;
    if (s === 0) {
      ends.push({ x, y: middle(), text: 'input' });
      before = { x: x + END, y: middle(), foot: y + height };
      x += END + sizes.between;
    }
    for (const block of stage) {
      const own = blockWidth(block, box, sizes);
      if (x > MARGIN && x + own > width - MARGIN) {
        x = MARGIN;
        y += height + LINE_GAP;
      }
      if (before !== null) lines.push(connection(before, { x, y: middle() }, width));
      if (alone && block.stage !== '' && block.stage !== told) stageTitles.push({ x, y: y - 5, text: block.stage });
      told = block.stage;
      placed.push(placeBlock(block, { x, y, width: own, height }, box, lane, sizes.pad));
      before = { x: x + own, y: middle(), foot: y + height };
      x += own + sizes.between;
    }
    if (s === stages.length - 1 && before !== null) {
      if (x + END > width - MARGIN + 4) {
        x = MARGIN;
        y += height + LINE_GAP;
      }
      lines.push(connection(before, { x, y: middle() }, width));
      ends.push({ x, y: middle(), text: 'loss' });
    }
    y += height + LINE_GAP;
  });
  return { width, height: Math.max(0, y - LINE_GAP) + 2, blocks: placed, stages: stageTitles, ends, lines };
}

/** Stages in order; what stands before the first one goes with it, what comes behind the last one, too. @param {Block[]} blocks @returns {Block[][]} */
function stagesOf(blocks) {
  /** @type {Block[][]} */
  const stages = [];
  let open = '';
  for (const block of blocks) {
    const another = stages.length === 0 || (block.stage !== '' && open !== '' && block.stage !== open);
    if (another) stages.push([]);
    stages[stages.length - 1].push(block);
    if (block.stage !== '') open = block.stage;
  }
  return stages;
}

function endsIn(stages, i) {
  return (i === 0 ? 1 : 0) + (i === stages.length - 1 ? 1 : 0);
}

/** How wide a layer can be for a stage to be one line. */
function boxWidth(stage, room, ends) {
  const layers = stage.reduce((sum, block) => sum + across(block), 0);
  const fixed = stage.reduce((sum, block) => sum + 2 * WIDE.pad + (across(block) - 1) * GAP, 0) + (stage.length - 1 + ends) * WIDE.between + ends * END;
  return (room - fixed) / layers;
}

/** Layers beside each other. */
function across({ layers, projections }) {
  return Math.max(1, layers.length, projections.length);
}

function blockWidth(block, box, { pad }) {
  return 2 * pad + across(block) * box + (across(block) - 1) * GAP;
}

/** @returns {PlacedBlock} */
function placeBlock(block, { x, y, width, height }, box, lane, pad) {
  const main = y + TITLE + lane;
  const boxes = block.layers.map((layer, i) => ({ x: x + pad + i * (box + GAP), y: main, width: box, height: BOX.height, layer }));
  const side = block.projections.map((layer, i) => ({ x: x + (width - box) / 2 + i * (box + GAP), y: y + TITLE + 1, width: box, height: LANE - 8, layer }));
  const [left, right, over] = [x + 2.5, x + width - 2.5, y + TITLE + 1 + (LANE - 8) / 2];
  const skip = block.skip ? `M${left} ${main + BOX.height / 2}V${over + 6}Q${left} ${over} ${left + 6} ${over}H${right - 6}Q${right} ${over} ${right} ${over + 6}V${main + BOX.height / 2 - 3}` : null;
  return { x, y, width, height, title: block.title, boxes: [...boxes, ...side], skip };
}

/** From one block to the next: straight, or around to the next line. */
function connection(from, to, width) {
  if (from.y === to.y) return `M${from.x} ${from.y}H${to.x}`;
  return `M${from.x} ${from.y}H${Math.min(from.x + 6, width - 4)}V${from.foot + 6}H${MARGIN - 8}V${to.y}H${to.x}`;
}

/** "stage 2 block 3" is "block 3" within its stage. */
function titleOf(key) {
  return key.replace(/^stage \d+ /, '');
}
