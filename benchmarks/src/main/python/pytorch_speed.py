"""The paper's networks in PyTorch, timed on request: the counterpart of TrainingSpeed.java.

Argument: threads. Each line on standard input, "NETWORK ITERATIONS", the network a preset or "PRESET@BATCH", is answered
with one line of wall:cpu milliseconds per iteration (forward, backward, Adam); "versions" with what runs. One network is
kept: that of the last request.
"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

FILTERS = 32
CLASSES = 100


class Convolution(nn.Module):
    """3x3 convolution, then batch normalisation if asked for."""

    def __init__(self, channels, bias, batch_norm):
        super().__init__()
        self.conv = nn.Conv2d(channels, FILTERS, 3, padding=1, bias=bias)
        self.norm = nn.BatchNorm2d(FILTERS) if batch_norm else nn.Identity()

    def forward(self, x):
        return self.norm(self.conv(x))


class Block(nn.Module):
    """Two convolutions; a reduction block pools between them and projects its input onto half the size."""

    def __init__(self, reduction, batch_norm, residual, activation):
        super().__init__()
        self.first = Convolution(FILTERS, reduction, batch_norm)
        self.second = Convolution(FILTERS, reduction, batch_norm)
        self.pool = nn.AvgPool2d(2) if reduction else nn.Identity()
        self.residual = residual
        self.skip = nn.Conv2d(FILTERS, FILTERS, 1, stride=2, bias=False) if residual and reduction else nn.Identity()
        self.activation = activation

    def forward(self, x):
        y = self.second(self.pool(self.activation(self.first(x))))
        return self.activation(y + self.skip(x) if self.residual else y)


def build(preset):
    words = preset.split("-")
    batch_norm, residual = "bn" in words, "resnet" in words
    activation = nn.Sigmoid() if "sigmoid" in words else nn.LeakyReLU(0.01)
    processing = 5 if words[0] == "vgg38" else 0
    layers = [Convolution(3, False, batch_norm), activation]
    for _ in range(3):
        layers += [Block(False, batch_norm, residual, activation) for _ in range(processing)]
        layers.append(Block(True, batch_norm, residual, activation))
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(FILTERS, CLASSES)]
    return nn.Sequential(*layers)


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(1)
    kept = {}

    def measure(name, iterations):
        if name not in kept:
            kept.clear()
            preset, _, batch = name.partition("@")
            batch_size = int(batch or 100)
            network = build(preset)
            optimiser = torch.optim.Adam(network.parameters(), lr=0.001)
            images = torch.randn(batch_size, 3, 32, 32)
            labels = torch.randint(0, CLASSES, (batch_size,))
            kept[name] = network, optimiser, images, labels
        network, optimiser, images, labels = kept[name]
        times = []
        for _ in range(iterations):
            cpu, wall = time.process_time(), time.perf_counter()
            optimiser.zero_grad()
            F.cross_entropy(network(images), labels).backward()
            optimiser.step()
            times.append((time.perf_counter() - wall, time.process_time() - cpu))
        return " ".join("%.1f:%.1f" % (1e3 * wall, 1e3 * cpu) for wall, cpu in times)

    for line in sys.stdin:
        words = line.split()
        if words[0] == "versions":
            print("PyTorch %s, %d threads" % (torch.__version__, torch.get_num_threads()), flush=True)
        elif words[0] == "parameters":
            print(sum(p.numel() for p in build(words[1]).parameters()), flush=True)
        else:
            print(measure(words[0], int(words[1])), flush=True)


main()
