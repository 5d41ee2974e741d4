"""The networks of the paper in plain PyTorch, NCHW, written from the paper's description and not from the Java code.

The names of modules are those that Gradwatch gives to layers: stage1.block2.conv1, stage1.reduction.bn2, head.dense.
"""

from torch import nn

FILTERS = 32
CLASSES = 100
STAGES = 3


def convolution(channels, bias):
    return nn.Conv2d(channels, FILTERS, kernel_size=3, padding=1, bias=bias)


def norm(batch_norm):
    return nn.BatchNorm2d(FILTERS, eps=1e-5, momentum=0.1) if batch_norm else nn.Identity()


class Entry(nn.Module):
    def __init__(self, batch_norm, activation):
        super().__init__()
        self.conv = convolution(3, bias=False)
        self.bn = norm(batch_norm)
        self.activation = activation

    def forward(self, x):
        return self.activation(self.bn(self.conv(x)))


class ProcessingBlock(nn.Module):
    """conv, activation, conv, activation; a residual one adds its input before the last activation."""

    def __init__(self, batch_norm, residual, activation):
        super().__init__()
        self.conv1, self.bn1 = convolution(FILTERS, bias=False), norm(batch_norm)
        self.conv2, self.bn2 = convolution(FILTERS, bias=False), norm(batch_norm)
        self.residual = residual
        self.activation = activation

    def forward(self, x):
        y = self.activation(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return self.activation(y + x if self.residual else y)


class ReductionBlock(nn.Module):
    """conv, activation, average pooling 2x2, conv, activation; a residual one adds a 1x1 convolution with stride 2."""

    def __init__(self, batch_norm, residual, activation):
        super().__init__()
        self.conv1, self.bn1 = convolution(FILTERS, bias=True), norm(batch_norm)
        self.pool = nn.AvgPool2d(2)
        self.conv2, self.bn2 = convolution(FILTERS, bias=True), norm(batch_norm)
        self.projection = nn.Conv2d(FILTERS, FILTERS, 1, stride=2, bias=False) if residual else None
        self.activation = activation

    def forward(self, x):
        y = self.pool(self.activation(self.bn1(self.conv1(x))))
        y = self.bn2(self.conv2(y))
        return self.activation(y if self.projection is None else y + self.projection(x))


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(FILTERS, CLASSES)

    def forward(self, x):
        return self.dense(x.mean(dim=(2, 3)))


class PaperNetwork(nn.Sequential):
    def __init__(self, processing_blocks, batch_norm=False, residual=False, activation=None):
        super().__init__()
        activation = activation or nn.LeakyReLU(0.01)
        self.add_module("entry", Entry(batch_norm, activation))
        for stage in range(1, STAGES + 1):
            blocks = nn.Sequential()
            for block in range(1, processing_blocks + 1):
                blocks.add_module("block%d" % block, ProcessingBlock(batch_norm, residual, activation))
            blocks.add_module("reduction", ReductionBlock(batch_norm, residual, activation))
            self.add_module("stage%d" % stage, blocks)
        self.add_module("head", Head())


# every network by the name of its preset; functions, because making one draws numbers
NETWORKS = {
    "vgg08": lambda: PaperNetwork(0),
    "vgg08-bn": lambda: PaperNetwork(0, batch_norm=True),
    "vgg08-resnet": lambda: PaperNetwork(0, residual=True),
    "vgg08-bn-resnet": lambda: PaperNetwork(0, batch_norm=True, residual=True),
    "vgg08-sigmoid-bn": lambda: PaperNetwork(0, batch_norm=True, activation=nn.Sigmoid()),
    "vgg38": lambda: PaperNetwork(5),
    "vgg38-bn": lambda: PaperNetwork(5, batch_norm=True),
    "vgg38-resnet": lambda: PaperNetwork(5, residual=True),
    "vgg38-bn-resnet": lambda: PaperNetwork(5, batch_norm=True, residual=True),
    "vgg38-sigmoid-bn": lambda: PaperNetwork(5, batch_norm=True, activation=nn.Sigmoid()),
}
