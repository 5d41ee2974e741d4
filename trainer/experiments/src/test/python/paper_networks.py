"""The VGG networks of the paper in plain PyTorch, NCHW, written from the paper's description and not from the Java code.

The names of modules are those that Gradwatch gives to layers: stage1.block2.conv1, stage1.reduction.bn2, head.dense.
"""

from torch import nn

FILTERS = 32
CLASSES = 100
STAGES = 3


def convolution(channels, bias):
    return nn.Conv2d(channels, FILTERS, kernel_size=3, padding=1, bias=bias)


def norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-5, momentum=0.1)


def norm_if(wanted):
    return norm(FILTERS) if wanted else nn.Identity()


class Block(nn.Module):
    """Convolutions with what stands behind each: activation, and batch normalisation "before" or "after" it, or None."""

    def __init__(self, batch_norm, activation):
        super().__init__()
        self.batch_norm = batch_norm
        self.activation = activation

    def behind(self, y, bn, skip=None):
        if self.batch_norm == "before":
            y = bn(y)
        y = self.activation(y if skip is None else y + skip)
        return bn(y) if self.batch_norm == "after" else y


class Entry(Block):
    def __init__(self, batch_norm, activation):
        super().__init__(batch_norm, activation)
        self.conv, self.bn = convolution(3, bias=False), norm_if(batch_norm)

    def forward(self, x):
        return self.behind(self.conv(x), self.bn)


class ProcessingBlock(Block):
    """conv, activation, conv, activation; a residual one adds its input before the last activation."""

    def __init__(self, batch_norm, residual, activation):
        super().__init__(batch_norm, activation)
        self.conv1, self.bn1 = convolution(FILTERS, bias=False), norm_if(batch_norm)
        self.conv2, self.bn2 = convolution(FILTERS, bias=False), norm_if(batch_norm)
        self.residual = residual

    def forward(self, x):
        y = self.behind(self.conv1(x), self.bn1)
        return self.behind(self.conv2(y), self.bn2, x if self.residual else None)


class ReductionBlock(Block):
    """conv, activation, average pooling 2x2, conv, activation; a residual one adds its input, made to fit."""

    def __init__(self, batch_norm, skip, activation):
        super().__init__(batch_norm, activation)
        self.conv1, self.bn1 = convolution(FILTERS, bias=True), norm_if(batch_norm)
        self.pool = nn.AvgPool2d(2)
        self.conv2, self.bn2 = convolution(FILTERS, bias=True), norm_if(batch_norm)
        if skip == "conv":
            self.projection = nn.Conv2d(FILTERS, FILTERS, 1, stride=2, bias=False)
        else:
            self.projection = {"avg": nn.AvgPool2d(2), "max": nn.MaxPool2d(2), None: None}[skip]

    def forward(self, x):
        y = self.pool(self.behind(self.conv1(x), self.bn1))
        return self.behind(self.conv2(y), self.bn2, self.projection and self.projection(x))


class Head(nn.Module):
    """Average over the image, dense layer; batch normalisation and activation before, where asked for."""

    def __init__(self, channels=FILTERS, activation=None):
        super().__init__()
        self.activation = activation
        if activation:
            self.bn = norm(channels)
        self.dense = nn.Linear(channels, CLASSES)

    def forward(self, x):
        if self.activation:
            x = self.activation(self.bn(x))
        return self.dense(x.mean(dim=(2, 3)))


class Vgg(nn.Sequential):
    """Depth blocks per stage: 0 gives VGG08, 5 VGG38."""

    def __init__(self, depth_blocks, batch_norm=None, skip=None, activation=None):
        super().__init__()
        activation = activation or nn.LeakyReLU(0.01)
        self.add_module("entry", Entry("before" if batch_norm == "entry" else batch_norm, activation))
        batch_norm = None if batch_norm == "entry" else batch_norm
        for stage in range(1, STAGES + 1):
            blocks = nn.Sequential()
            for block in range(1, depth_blocks + 1):
                blocks.add_module("block%d" % block, ProcessingBlock(batch_norm, skip is not None, activation))
            blocks.add_module("reduction", ReductionBlock(batch_norm, skip, activation))
            self.add_module("stage%d" % stage, blocks)
        self.add_module("head", Head())
