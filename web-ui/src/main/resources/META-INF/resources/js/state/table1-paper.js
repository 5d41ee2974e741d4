/**
 * Table 1 of the paper, "An analysis on very deep convolutional neural networks: problems and solutions": accuracies on CIFAR-100 in percent. The same
 * rows as `./gradwatch presets` prints; which network and which training each of them is stands in docs/networks.md.
 *
 * @typedef {{preset: string, network: string, depth: number, bn: string, skip: string, activation: string, batch: number, lr: number, weightDecay: number, test: number, train: number}} PaperRow
 */

/** The paper's standard deviation over its five seeds, in points. */
export const PAPER_DEVIATION = 0.499;

/** Epochs that the paper trains. */
export const PAPER_EPOCHS = 100;

/** @type {PaperRow[]} */
export const TABLE_1 = [
  row('vgg08', 'vgg08', 0, 'none', 'none', 'leaky-relu', 100, 0.001, 0, 49.95, 55.24),
  row('vgg08-bn', 'vgg08-bn', 0, 'before', 'none', 'leaky-relu', 100, 0.001, 0, 53.89, 59.65),
  row('vgg08-bn-resnet', 'vgg08-bn-resnet', 0, 'before', 'conv', 'leaky-relu', 100, 0.001, 0, 54.45, 60.74),
  row('vgg38', 'vgg38', 5, 'none', 'none', 'leaky-relu', 100, 0.001, 0, 1, 1),
  row('vgg38-bn', 'vgg38-bn', 5, 'before', 'none', 'leaky-relu', 100, 0.001, 0, 46.78, 54.2),
  row('vgg38-bn-lr0.01', 'vgg38-bn', 5, 'before', 'none', 'leaky-relu', 100, 0.01, 0, 44.14, 48.33),
  row('vgg38-bn-lr0.1', 'vgg38-bn', 5, 'before', 'none', 'leaky-relu', 100, 0.1, 0, 22.46, 24.86),
  row('vgg38-bn-b256', 'vgg38-bn', 5, 'before', 'none', 'leaky-relu', 256, 0.001, 0, 47.22, 58.05),
  row('vgg38-bn-b512', 'vgg38-bn', 5, 'before', 'none', 'leaky-relu', 512, 0.001, 0, 46.49, 60.43),
  row('vgg38-sigmoid-bn', 'vgg38-sigmoid-bn', 5, 'before', 'none', 'sigmoid', 512, 0.001, 0, 26.88, 28.29),
  row('vgg38-resnet', 'vgg38-resnet', 5, 'none', 'conv', 'leaky-relu', 100, 0.001, 0, 44.77, 52.2),
  row('vgg38-bn-resnet', 'vgg38-bn-resnet', 5, 'before', 'conv', 'leaky-relu', 512, 0.001, 0, 58.84, 78.65),
  row('vgg38-bn-resnet-lr0.1-wd1e-4', 'vgg38-bn-resnet', 5, 'before', 'conv', 'leaky-relu', 512, 0.1, 0.0001, 30.22, 29.7),
  row('vgg38-bn-resnet-b256-lr0.01-wd6e-4', 'vgg38-bn-resnet', 5, 'before', 'conv', 'leaky-relu', 256, 0.01, 0.0006, 57.67, 72.81),
  row('vgg38-bn-resnet-b256-lr0.01-wd1e-4', 'vgg38-bn-resnet', 5, 'before', 'conv', 'leaky-relu', 256, 0.01, 0.0001, 58.25, 67.5),
  row('vgg38-bn-resnet-b256-lr0.001-wd1e-4', 'vgg38-bn-resnet', 5, 'before', 'conv', 'leaky-relu', 256, 0.001, 0.0001, 61.81, 85.21),
];

/** @returns {PaperRow} */
function row(preset, network, depth, bn, skip, activation, batch, lr, weightDecay, test, train) {
  return { preset, network, depth, bn, skip, activation, batch, lr, weightDecay, test, train };
}
