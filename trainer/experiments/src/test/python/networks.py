"""Every network that Gradwatch has, by the name of the first preset that trains it."""

from torch import nn

from further_networks import densenet, highway, resnext, wide_resnet
from paper_networks import Vgg

# functions, because making a network draws numbers
NETWORKS = {
    "vgg08": lambda: Vgg(0),
    "vgg08-bn": lambda: Vgg(0, "before"),
    "vgg08-bn-resnet": lambda: Vgg(0, "before", "conv"),
    "vgg38": lambda: Vgg(5),
    "vgg38-bn": lambda: Vgg(5, "before"),
    "vgg38-sigmoid-bn": lambda: Vgg(5, "before", activation=nn.Sigmoid()),
    "vgg38-resnet": lambda: Vgg(5, skip="conv"),
    "vgg38-bn-resnet": lambda: Vgg(5, "before", "conv"),
    "vgg08-resnet": lambda: Vgg(0, skip="conv"),
    "vgg08-bn-entry": lambda: Vgg(0, "entry"),
    "vgg38-bn-entry": lambda: Vgg(5, "entry"),
    "vgg08-sigmoid-bn": lambda: Vgg(0, "before", activation=nn.Sigmoid()),
    "vgg08-bn-after": lambda: Vgg(0, "after"),
    "vgg38-bn-after": lambda: Vgg(5, "after"),
    "vgg08-bn-resnet-avg": lambda: Vgg(0, "before", "avg"),
    "vgg08-bn-resnet-max": lambda: Vgg(0, "before", "max"),
    "vgg38-bn-resnet-avg": lambda: Vgg(5, "before", "avg"),
    "vgg38-bn-resnet-max": lambda: Vgg(5, "before", "max"),
    "densenet": lambda: densenet(layers=6, growth=12, filters=24),
    "highway": lambda: highway(depth_blocks=5),
    "wide-resnet": lambda: wide_resnet(blocks=2, widen=2, filters=16),
    "resnext": lambda: resnext(blocks=2, paths=4, filters=32),
}
