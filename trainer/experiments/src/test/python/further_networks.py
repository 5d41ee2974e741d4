"""Highway, DenseNet, Wide ResNet and ResNeXt for images of 32x32 in plain PyTorch, written from their papers.

All have an entry convolution, three stages and the head of the VGG networks, and leaky ReLUs. Convolutions have no bias
unless said otherwise; 3x3 ones with stride 2 pad one row and column at the end ("same" padding, which is TensorFlow's and
Deeplearning4j's), not one on either side.
"""

import torch
from torch import nn

from paper_networks import FILTERS, STAGES, Entry, Head, ReductionBlock, convolution, norm


class Same(nn.Conv2d):
    """Square convolution whose result is the input's size divided by the stride, for even sizes."""

    def __init__(self, inputs, outputs, kernel, stride=1):
        super().__init__(inputs, outputs, kernel, stride=stride, bias=False)
        total = kernel - stride if kernel > stride else 0
        self.pad = nn.ZeroPad2d((total // 2, total - total // 2) * 2)

    def forward(self, x):
        return super().forward(self.pad(x))


def leaky():
    return nn.LeakyReLU(0.01)


def stages(first, blocks_of_stage, head):
    """Network of an entry, of stages that are lists of (name, module), and of a head."""
    network = nn.Sequential()
    network.add_module("entry", first)
    for stage in range(1, STAGES + 1):
        blocks = nn.Sequential()
        for name, block in blocks_of_stage(stage):
            blocks.add_module(name, block)
        network.add_module("stage%d" % stage, blocks)
    network.add_module("head", head)
    return network


class PlainEntry(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = Same(3, channels, 3)

    def forward(self, x):
        return self.conv(x)


class HighwayBlock(nn.Module):
    """Two layers y = T(x) H(x) + (1 - T(x)) x; the gates T are sigmoids of a convolution with bias."""

    def __init__(self):
        super().__init__()
        self.conv1, self.gate1 = convolution(FILTERS, bias=False), convolution(FILTERS, bias=True)
        self.conv2, self.gate2 = convolution(FILTERS, bias=False), convolution(FILTERS, bias=True)
        self.activation = leaky()

    def layer(self, x, conv, gate):
        transform = torch.sigmoid(gate(x))
        return transform * self.activation(conv(x)) + (1 - transform) * x

    def forward(self, x):
        return self.layer(self.layer(x, self.conv1, self.gate1), self.conv2, self.gate2)


def highway(depth_blocks):
    """Srivastava et al. 2015: the VGG network with highway layers in its processing blocks."""

    def stage(_):
        blocks = [("block%d" % (i + 1), HighwayBlock()) for i in range(depth_blocks)]
        return blocks + [("reduction", ReductionBlock(None, None, leaky()))]

    return stages(Entry(None, leaky()), stage, Head())


class DenseLayer(nn.Module):
    """BN, activation, 1x1 convolution to four growths, BN, activation, 3x3 to one growth, beside the input."""

    def __init__(self, channels, growth):
        super().__init__()
        self.bn0, self.conv1 = norm(channels), Same(channels, 4 * growth, 1)
        self.bn1, self.conv2 = norm(4 * growth), Same(4 * growth, growth, 3)
        self.activation = leaky()

    def forward(self, x):
        y = self.conv1(self.activation(self.bn0(x)))
        return torch.cat([x, self.conv2(self.activation(self.bn1(y)))], dim=1)


class Transition(nn.Module):
    """BN, activation, 1x1 convolution to half the channels, average pooling."""

    def __init__(self, channels):
        super().__init__()
        self.bn0, self.conv = norm(channels), Same(channels, channels // 2, 1)
        self.activation, self.pool = leaky(), nn.AvgPool2d(2)

    def forward(self, x):
        return self.pool(self.conv(self.activation(self.bn0(x))))


def densenet(layers, growth, filters):
    """Huang et al. 2017, DenseNet-BC with compression 0.5."""
    channels = [filters]

    def stage(number):
        blocks = []
        for layer in range(1, layers + 1):
            blocks.append(("layer%d" % layer, DenseLayer(channels[0], growth)))
            channels[0] += growth
        if number < STAGES:
            blocks.append(("transition", Transition(channels[0])))
            channels[0] //= 2
        else:
            head.append(Head(channels[0], leaky()))
        return blocks

    head = []
    network = stages(PlainEntry(filters), stage, nn.Identity())
    network.head = head[0]
    return network


class WideBlock(nn.Module):
    """BN, activation, 3x3, BN, activation, 3x3, plus the input; a projection starts from the activated input."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn0, self.conv1 = norm(inputs), Same(inputs, outputs, 3, stride)
        self.bn1, self.conv2 = norm(outputs), Same(outputs, outputs, 3)
        self.projection = None if inputs == outputs and stride == 1 else Same(inputs, outputs, 1, stride)
        self.activation = leaky()

    def forward(self, x):
        activated = self.activation(self.bn0(x))
        y = self.conv2(self.activation(self.bn1(self.conv1(activated))))
        return y + (x if self.projection is None else self.projection(activated))


def wide_resnet(blocks, widen, filters):
    """Zagoruyko and Komodakis 2016: WRN-(6 blocks + 4)-widen."""
    widths = [filters] + [filters * widen * 2**stage for stage in range(STAGES)]

    def stage(number):
        for block in range(1, blocks + 1):
            first = block == 1
            inputs = widths[number - 1] if first else widths[number]
            yield "block%d" % block, WideBlock(inputs, widths[number], 2 if first and number > 1 else 1)

    return stages(PlainEntry(filters), stage, Head(widths[-1], leaky()))


class Path(nn.Module):
    """1x1 and 3x3 convolution, each with BN and activation."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1, self.bn1 = Same(inputs, width, 1), norm(width)
        self.conv2, self.bn2 = Same(width, width, 3, stride), norm(width)
        self.activation = leaky()

    def forward(self, x):
        return self.activation(self.bn2(self.conv2(self.activation(self.bn1(self.conv1(x))))))


class Projection(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv, self.bn = Same(inputs, outputs, 1, stride), norm(outputs)

    def forward(self, x):
        return self.bn(self.conv(x))


class ResNeXtBlock(nn.Module):
    """Parallel paths side by side, a 1x1 convolution with BN, plus the input, activation: form B of the paper's Figure 3."""

    def __init__(self, inputs, width, paths, stride):
        super().__init__()
        self.paths = ["path%d" % (path + 1) for path in range(paths)]
        for path in self.paths:
            self.add_module(path, Path(inputs, width // paths, stride))
        outputs = 2 * width
        self.conv3, self.bn3 = Same(width, outputs, 1), norm(outputs)
        self.projection = nn.Identity() if inputs == outputs and stride == 1 else Projection(inputs, outputs, stride)
        self.activation = leaky()

    def forward(self, x):
        together = torch.cat([self.get_submodule(path)(x) for path in self.paths], dim=1)
        return self.activation(self.bn3(self.conv3(together)) + self.projection(x))


def resnext(blocks, paths, filters):
    """Xie et al. 2017."""
    widths = [filters * 2**stage for stage in range(STAGES)]

    def stage(number):
        width = widths[number - 1]
        for block in range(1, blocks + 1):
            inputs = 2 * width if block > 1 else filters if number == 1 else 2 * widths[number - 2]
            yield "block%d" % block, ResNeXtBlock(inputs, width, paths, 2 if block == 1 and number > 1 else 1)

    return stages(Entry("before", leaky()), stage, Head(2 * widths[-1]))
