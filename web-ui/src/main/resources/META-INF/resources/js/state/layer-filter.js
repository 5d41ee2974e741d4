/**
 * Some of a network's layers: those of a stage, or of a kind. Pure.
 *
 * @typedef {{key: string, group: 'Stage' | 'Kind', words: string, layers: number[]}} LayerChoice
 */
import { plural } from '../format.js';

/** "stage 2 block 3" and "stage 2 reduction" belong to stage 2; other blocks are their own stage. */
const WITHIN_STAGE = /\s+(block\s+\d+|reduction)$/;
/** @type {Record<string, string>} */
const KINDS = { conv2d: 'convolutions', dense: 'dense' };

/** What can be chosen: nothing where there is only one of each. @param {any[]} layers as in the API @returns {LayerChoice[]} */
export function layerChoices(layers) {
  const stages = grouped(layers, ({ block }) => (block ? block.replace(WITHIN_STAGE, '') : ''));
  const kinds = grouped(layers, ({ type, mainPath }) => (mainPath === false ? 'skip path' : type || ''));
  const choice = (group, prefix) => ([name, indexes]) => ({ key: `${prefix}${name.replaceAll(' ', '-')}`, group, words: `${KINDS[name] ?? name}: ${plural(indexes.length, 'layer')}`, layers: indexes });
  return [...several(stages).map(choice('Stage', '')), ...several(kinds).map(choice('Kind', 'kind-'))];
}

/** The layers to show; null: all, also where the choice means nothing to this network. @param {any[]} layers @param {string | null} key @returns {Set<number> | null} */
export function layersKept(layers, key) {
  const found = key === null ? undefined : layerChoices(layers).find((one) => one.key === key);
  return found ? new Set(found.layers) : null;
}

/** @returns {Map<string, number[]>} */
function grouped(layers, nameOf) {
  const groups = new Map();
  layers.forEach((layer, index) => {
    const name = nameOf(layer);
    if (name !== '') groups.set(name, [...(groups.get(name) ?? []), index]);
  });
  return groups;
}

/** @param {Map<string, number[]>} groups */
function several(groups) {
  return groups.size > 1 ? [...groups] : [];
}
