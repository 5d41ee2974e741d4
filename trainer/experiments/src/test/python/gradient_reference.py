#!/usr/bin/python3
"""Gradients of the paper's networks in PyTorch, float64, as reference values for Gradwatch's own (PyTorchGradientsTest).

    gradient_reference.py --check [NETWORK ...]            compute again and compare with the stored files (default)
    gradient_reference.py --write [NETWORK ...]            write the files of these networks, all by default
    gradient_reference.py --write --search 40 NETWORK      the same, with a seed found among 0 to 39

Weights, biases, gamma, beta and the batch come from keyed_random.py, so that Java makes the same ones and none need be
stored. Streams are named SEED/PARAMETER, with weights in the order [outputs, inputs, height, width] of a convolution and
[inputs, outputs] of the dense layer; SEED/images in the order [image, row, column, channel], SEED/labels.

A file of src/test/resources/gradients holds, for each parameter, of the gradient of the mean loss of the batch: its
Euclidean norm; its products with PROJECTIONS vectors of signs, streams "signs 1/PARAMETER" and so on, which depend on
every element; and ELEMENTS elements, at the positions of the stream "elements/PARAMETER" (all, in order, if there are no
more). The columns "float32 error" say how far PyTorch's own gradients in float32 are from these, relative to the norm.

"clipped loss" is the mean of what Deeplearning4j reports: it takes no probability for smaller than 1e-10, so no image's loss
for more than 23; its gradients are those of the true loss.

Networks with batch normalisation have two files: one at a point as in the midst of training, with gamma in 0.5 to 1.5 and
beta in -3 to 3, and one at the start, NETWORK-start, with gamma 1 and beta 0. In a deep network the start is badly
conditioned: rounding in float32, magnified from layer to layer, puts elements on the other side of the kink of the leaky
ReLU, where the gradient jumps. The seed of a file is chosen by --search: the one whose pre-activations keep the largest
distance from the kink, the distance measured in float32 rounding errors (root mean square of the layer); it is stored as
"kink margin". From about 3 on no implementation in float32 should find itself on the other side. Where no seed reaches 1,
float32 cannot compute the gradient, and the seed is 0: so for vgg38-bn-start, vgg38-bn-after and vgg38-bn-after-start.
"""

import argparse
import math
import os
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import keyed_random
from networks import NETWORKS
from paper_networks import CLASSES

PROJECTIONS = 4
ELEMENTS = 6
BATCH = 4
TOLERANCE = 1e-10
HOPELESS = 1
NOTHING = 1e-10
CLIPPED = 1e-10
MIDST = {"gamma": (0.5, 1.5), "beta": (-3.0, 3.0)}
START = {"gamma": (1.0, 1.0), "beta": (0.0, 0.0)}
FOLDER = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/gradients"))


def parameters(network):
    """(Gradwatch's name, module, tensor, whether it is transposed there) of every parameter."""
    for module_name, module in network.named_modules():
        for name, tensor in module.named_parameters(recurse=False):
            if isinstance(module, nn.BatchNorm2d):
                suffix = {"weight": "gamma", "bias": "beta"}[name]
            else:
                suffix = {"weight": "W", "bias": "b"}[name]
            transposed = isinstance(module, nn.Linear) and name == "weight"
            yield module_name + "_" + suffix, module, tensor, transposed


def fill(network, seed, point):
    """Gives every parameter its value at the point."""
    for name, module, tensor, transposed in parameters(network):
        stream = "%s/%s" % (seed, name)
        if isinstance(module, nn.BatchNorm2d):
            values = keyed_random.uniform(stream, tensor.numel(), *point[name.rpartition("_")[2]])
        else:
            bound = 1 / math.sqrt(module.weight[0].numel())
            values = keyed_random.uniform(stream, tensor.numel(), -bound, bound)
        shape = tuple(reversed(tensor.shape)) if transposed else tuple(tensor.shape)
        values = torch.from_numpy(values).reshape(shape)
        with torch.no_grad():
            tensor.copy_(values.T if transposed else values)


def batch(seed, dtype):
    pixels = keyed_random.uniform("%s/images" % seed, BATCH * 32 * 32 * 3, -2, 2).reshape(BATCH, 32, 32, 3)
    images = torch.from_numpy(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))).to(dtype)
    return images, torch.from_numpy(keyed_random.integers("%s/labels" % seed, BATCH, CLASSES))


def network_at(name, seed, point, dtype):
    network = NETWORKS[name]().to(dtype)
    fill(network, seed, point)
    return network


def gradients(name, seed, point, dtype):
    """Loss, clipped loss, and by parameter the gradient in Gradwatch's layout, float64."""
    network = network_at(name, seed, point, dtype)
    images, labels = batch(seed, dtype)
    losses = F.cross_entropy(network(images), labels, reduction="none")
    loss = losses.mean()
    loss.backward()
    found = {}
    for parameter, _, tensor, transposed in parameters(network):
        gradient = tensor.grad.double()
        found[parameter] = (gradient.T if transposed else gradient).contiguous().numpy()
    return loss.item(), losses.clamp(max=-math.log(CLIPPED)).mean().item(), found


def without_effect(gradient):
    """Biases before batch normalisation: their gradient is zero, in truth, and rounding is all there is."""
    norms = {parameter: np.linalg.norm(values) for parameter, values in gradient.items()}
    return {
        parameter
        for parameter in gradient
        if parameter.endswith("_b") and norms[parameter] < NOTHING * norms[parameter[: -len("_b")] + "_W"]
    }


def gap(pooled):
    """Distance of the largest from the second largest value under each 2x2 maximum."""
    windows = F.unfold(pooled.reshape(-1, 1, *pooled.shape[2:]), 2, stride=2)
    largest = windows.topk(2, dim=1).values
    return largest[:, 0] - largest[:, 1]


def kink_margin(name, seed, point):
    """Least distance from a kink, in float32 rounding errors: of a pre-activation from 0, of the two largest values under
    a maximum from each other. Infinite without a kink."""

    def distances(dtype):
        network = network_at(name, seed, point, dtype)
        seen = []
        for module in network.modules():
            if isinstance(module, nn.LeakyReLU):
                module.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].double()))
            elif isinstance(module, nn.MaxPool2d):
                module.register_forward_pre_hook(lambda _, inputs: seen.append(gap(inputs[0].double())))
        with torch.no_grad():
            network(batch(seed, dtype)[0])
        return seen

    margin = math.inf
    for exact, rounded in zip(distances(torch.float64), distances(torch.float32)):
        error = (rounded - exact).square().mean().sqrt()
        margin = min(margin, (exact.abs().min() / error).item())
    return margin


def best_seed(name, point, seeds):
    margins = [kink_margin(name, seed, point) for seed in range(seeds)]
    best = max(margins)
    return margins.index(best) if best >= HOPELESS else 0


def digest(parameter, gradient):
    """Norm, projections and elements of one gradient."""
    flat = gradient.reshape(-1)
    projections = [
        float(flat @ keyed_random.signs("signs %d/%s" % (number, parameter), flat.size))
        for number in range(1, PROJECTIONS + 1)
    ]
    if flat.size <= ELEMENTS:
        positions = np.arange(flat.size)
    else:
        positions = keyed_random.integers("elements/" + parameter, ELEMENTS, flat.size)
    return [float(np.linalg.norm(flat))] + projections + [float(flat[position]) for position in positions]


def reference(name, seed, point):
    """What a file holds: facts by name, and by parameter its shape, float32 error and digest."""
    loss, clipped, exact = gradients(name, seed, point, torch.float64)
    _, _, rounded = gradients(name, seed, point, torch.float32)
    skipped = without_effect(exact)
    rows, squared_error, squared_norm = {}, 0.0, 0.0
    for parameter, gradient in exact.items():
        error = float(np.linalg.norm(rounded[parameter] - gradient))
        norm = float(np.linalg.norm(gradient))
        if parameter in skipped:
            rows[parameter] = gradient.shape, math.nan, digest(parameter, np.zeros_like(gradient))
            continue
        squared_error += error**2
        squared_norm += norm**2
        rows[parameter] = gradient.shape, error / norm, digest(parameter, gradient)
    facts = {
        "network": name,
        "seed": seed,
        "batch": BATCH,
        "gamma": point["gamma"],
        "beta": point["beta"],
        "loss": loss,
        "clipped loss": clipped,
        "kink margin": kink_margin(name, seed, point),
        "float32 error": math.sqrt(squared_error / squared_norm),
    }
    return facts, rows


def text_of(facts, rows):
    lines = [
        "# Gradients in PyTorch %s, float64; gradient_reference.py made them and says what they are"
        % torch.__version__.split("+")[0]
    ]
    for key, value in facts.items():
        if key in ("loss", "clipped loss"):
            value = "%.14e" % value
        elif key in ("kink margin", "float32 error"):
            value = "%.2g" % value
        elif isinstance(value, tuple):
            value = "%g,%g" % value
        lines.append("%s,%s" % (key, value))
    columns = ["parameter", "shape", "float32 error", "norm"]
    columns += ["projection %d" % (i + 1) for i in range(PROJECTIONS)] + ["elements"]
    lines.append(",".join(columns))
    for parameter, (shape, error, values) in rows.items():
        numbers = ["%.2g" % error] + ["%.14e" % value for value in values]
        lines.append(",".join([parameter, "x".join(map(str, shape))] + numbers))
    return "\n".join(lines) + "\n"


def read(path):
    facts, rows = {}, {}
    with open(path, encoding="ascii") as file:
        lines = [line.rstrip("\n").split(",") for line in file if not line.startswith("#")]
    start = next(i for i, line in enumerate(lines) if line[0] == "parameter")
    for key, *values in lines[:start]:
        facts[key] = tuple(map(float, values)) if len(values) > 1 else values[0]
    for parameter, _, _, *values in lines[start + 1 :]:
        rows[parameter] = list(map(float, values))
    return facts, rows


def check(path):
    """Largest relative difference between a stored file and what PyTorch computes now."""
    facts, stored = read(path)
    now, rows = reference(facts["network"], int(facts["seed"]), {key: facts[key] for key in ("gamma", "beta")})
    if set(stored) != set(rows):
        raise SystemExit("%s: other parameters than the network's: %s" % (path, sorted(set(stored) ^ set(rows))))
    worst = abs(float(facts["loss"]) - now["loss"]) / now["loss"]
    for parameter, (_, _, values) in rows.items():
        norm = values[0] or 1.0
        worst = max([worst] + [abs(a - b) / norm for a, b in zip(values, stored[parameter])])
    return worst, now


def points(name):
    """(file name, point) of a network's files."""
    normalised = any(isinstance(module, nn.BatchNorm2d) for module in NETWORKS[name]().modules())
    yield name, MIDST
    if normalised:
        yield name + "-start", START


def main():
    parser = argparse.ArgumentParser(description="Reference gradients in PyTorch: checks the stored ones, or writes.")
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help="default: all")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="compute again and compare (default)")
    mode.add_argument("--write", action="store_true", help="write the files")
    parser.add_argument("--search", type=int, metavar="N", help="with --write: the best of seeds 0 to N - 1")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    unknown = [name for name in options.networks if name not in NETWORKS]
    if unknown:
        parser.error("unknown network %s: accepted are %s" % (unknown[0], ", ".join(NETWORKS)))
    if options.search is not None and (not options.write or options.search < 1):
        parser.error("--search: accepted with --write, 1 or more")
    torch.set_num_threads(options.threads)
    failed = False
    for name in options.networks or NETWORKS:
        for file, point in points(name):
            path = os.path.join(FOLDER, file + ".csv")
            if options.write:
                if options.search:
                    seed = best_seed(name, point, options.search)
                elif os.path.exists(path):
                    seed = int(read(path)[0]["seed"])
                else:
                    seed = 0
                facts, rows = reference(name, seed, point)
                os.makedirs(FOLDER, exist_ok=True)
                with open(path, "w", encoding="ascii", newline="\n") as out:
                    out.write(text_of(facts, rows))
                verdict = "written, seed %d" % seed
            elif os.path.exists(path):
                worst, facts = check(path)
                failed |= not worst <= TOLERANCE
                verdict = "%s, differs by %.1e" % ("as stored" if worst <= TOLERANCE else "NOT AS STORED", worst)
            else:
                failed = True
                facts = None
                verdict = "MISSING: gradient_reference.py --write --search 40 %s" % name
            figures = "" if facts is None else "; PyTorch's float32 error %.1e, kink margin %.2g" % (
                facts["float32 error"],
                facts["kink margin"],
            )
            print("%-24s %s%s" % (file, verdict, figures), flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
