"""Mean absolute gradient of every layer's weights over the first iterations in PyTorch: see GradientProfiles.java.

Arguments: CIFAR-100-FOLDER OUTPUT-FOLDER ITERATIONS BATCH THREADS PRESET. Reads PRESET.weights, writes PRESET.pytorch.csv.

With EPSILON=deeplearning4j in the environment, Adam's epsilon is added where Deeplearning4j adds it, to the root of the
second moment before its bias is corrected: in the first steps that is as if epsilon were up to 32 times as large.
"""

import os
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../../../trainer/experiments/src/test/python"))
from gradient_reference import parameters  # noqa: E402
from networks import NETWORKS  # noqa: E402

MEAN = np.array([0.4914, 0.4822, 0.4465], dtype=np.float32)
DEVIATION = np.array([0.2023, 0.1994, 0.2010], dtype=np.float32)
RECORD = 2 + 3 * 32 * 32


def load(network, path):
    """Sets the parameters: floats in the order of their names; the dense layer's weights are [inputs, outputs]."""
    values = np.fromfile(path, dtype="<f4")
    at = 0
    for _, _, tensor, transposed in sorted(parameters(network), key=lambda parameter: parameter[0]):
        shape = tuple(reversed(tensor.shape)) if transposed else tuple(tensor.shape)
        part = torch.from_numpy(values[at : at + tensor.numel()].reshape(shape))
        with torch.no_grad():
            tensor.copy_(part.T if transposed else part)
        at += tensor.numel()
    if at != len(values):
        raise SystemExit("%s has %d numbers, the network %d parameters" % (path, len(values), at))


def batches(path, size):
    with open(path, "rb") as file:
        while True:
            records = np.frombuffer(file.read(size * RECORD), dtype=np.uint8).reshape(size, RECORD)
            pixels = records[:, 2:].reshape(size, 3, 32, 32).astype(np.float32) / np.float32(255)
            images = (pixels - MEAN.reshape(3, 1, 1)) / DEVIATION.reshape(3, 1, 1)
            yield torch.from_numpy(images), torch.from_numpy(records[:, 1].astype(np.int64))


def main():
    cifar, output, iterations, size, threads, preset = sys.argv[1:]
    torch.set_num_threads(int(threads))
    network = NETWORKS[preset]()
    load(network, os.path.join(output, preset + ".weights"))
    optimiser = torch.optim.Adam(network.parameters(), lr=0.001)
    layers = [
        (name, module)
        for name, module in network.named_modules()
        if isinstance(module, (nn.Conv2d, nn.Linear)) and not name.endswith("projection")
    ]
    lines = ["iteration,loss," + ",".join(name for name, _ in layers)]
    data = batches(os.path.join(cifar, "train.bin"), int(size))
    for iteration in range(int(iterations)):
        images, labels = next(data)
        optimiser.zero_grad()
        loss = F.cross_entropy(network(images), labels)
        loss.backward()
        profile = ["%.6e" % module.weight.grad.double().abs().mean().item() for _, module in layers]
        lines.append("%d,%.6f,%s" % (iteration, loss.item(), ",".join(profile)))
        if os.environ.get("EPSILON") == "deeplearning4j":
            optimiser.param_groups[0]["eps"] = 1e-8 / (1 - 0.999 ** (iteration + 1)) ** 0.5
        optimiser.step()
    with open(os.path.join(output, preset + ".pytorch.csv"), "w", encoding="ascii") as out:
        out.write("\n".join(lines) + "\n")


main()
