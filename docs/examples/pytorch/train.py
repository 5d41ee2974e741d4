"""Trains a small PyTorch network and publishes every iteration to Kafka, as docs/wire-format.md says.

Nothing of Gradwatch runs here: a Protocol Buffers module compiled from telemetry.proto, and confluent-kafka.
See README.md beside this file.
"""
import argparse
import math
import platform
import random
import socket
import threading
import time

import torch
from confluent_kafka import Producer

from gradwatch.v1 import telemetry_pb2 as gw


class Telemetry:
    """One run. Never makes training wait: a full queue drops a record, and the next one says how many are missing."""

    def __init__(self, kafka, run_id):
        self.run_id = run_id
        self.dropped = 0
        self.producer = Producer({
            "bootstrap.servers": kafka,
            "partitioner": "murmur2_random",      # as Kafka's Java client: all of a run in one partition number
            "enable.idempotence": True,           # with it acks=all
            "message.timeout.ms": 2_147_483_647,  # keep trying: neither lost nor doubled
            "queue.buffering.max.messages": 8192,
            "compression.type": "lz4",
        })

    def envelope(self, **body):
        return gw.Envelope(schema_version=1, run_id=self.run_id, attempt=1,
                           produced_at_ms=int(time.time() * 1000), **body)

    def _produce(self, topic, record, on_delivery=None):
        self.producer.produce(topic, key=self.run_id.encode(), value=record.SerializeToString(),
                              timestamp=record.produced_at_ms, on_delivery=on_delivery)

    def send(self, topic, **body):
        try:
            self._produce(topic, self.envelope(**body))
        except BufferError:
            self.dropped += 1
        self.producer.poll(0)

    def send_and_wait(self, topic, **body):
        done, failure = threading.Event(), []

        def delivered(error, _):
            if error:
                failure.append(error)
            done.set()

        self._produce(topic, self.envelope(**body), delivered)
        while not done.is_set():
            self.producer.poll(0.1)
        if failure:
            raise RuntimeError(failure[0])


def weight_layers(model):
    """(name, module) of all layers with weights of two or more dimensions, in forward order."""
    return [(n, m) for n, m in model.named_modules() if isinstance(m, (torch.nn.Conv2d, torch.nn.Linear))]


def describe(model, args):
    started = gw.RunStarted(name=args.name, started_at_ms=int(time.time() * 1000), seed=args.seed,
                            batch_size=args.batch, planned_epochs=args.epochs,
                            planned_iterations=args.epochs * args.steps, iterations_per_epoch=args.steps, classes=10,
                            parameters=sum(p.numel() for p in model.parameters()), host=socket.gethostname(),
                            tags=["pytorch"])
    started.dataset.name, started.dataset.synthetic = "random images", True
    started.configuration.update({"lr": str(args.lr), "batch": str(args.batch), "depth": str(args.depth)})
    started.versions.update({"python": platform.python_version(), "pytorch": torch.__version__})
    layers = weight_layers(model)
    for index, (name, module) in enumerate(layers):
        kind = "conv2d" if isinstance(module, torch.nn.Conv2d) else "dense"
        started.layers.add(index=index, name=name, type=kind, main_path=True, shape=list(module.weight.shape))
    index_of = {id(m): i for i, (_, m) in enumerate(layers)}
    last = -1
    for name, module in model.named_modules():
        last = index_of.get(id(module), last)
        if isinstance(module, torch.nn.BatchNorm2d):
            started.batch_norms.add(index=len(started.batch_norms), name=name, layer=last,
                                    channels=module.num_features)
    return started


def add_gradients(step, model):
    """Statistics of the gradients of the mean loss: over the finite elements, NaN if there is none."""
    nans, infs = [], []
    for _, module in weight_layers(model):
        g = module.weight.grad
        finite = g[torch.isfinite(g)].double().abs()
        some = finite.numel() > 0
        step.layers.mean_abs.append(finite.mean().item() if some else math.nan)
        step.layers.l2.append(finite.square().sum().sqrt().item() if some else math.nan)
        step.layers.max_abs.append(finite.max().item() if some else math.nan)
        step.layers.zero_fraction.append((finite == 0).double().mean().item() if some else math.nan)
        step.layers.parameter_l2.append(module.weight.detach().double().norm().item())
        nans.append(int(torch.isnan(g).sum()))
        infs.append(int(torch.isinf(g).sum()))
    if any(nans):
        step.layers.nan_count.extend(nans)
    if any(infs):
        step.layers.inf_count.extend(infs)


def add_batch_norms(step, model):
    """Gamma and beta before the step, as mean, minimum and maximum over the channels."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for summary, values in ((step.batch_norms.gamma, module.weight), (step.batch_norms.beta, module.bias)):
                summary.mean.append(values.mean().item())
                summary.min.append(values.min().item())
                summary.max.append(values.max().item())


def network(depth):
    layers = [torch.nn.Conv2d(3, 16, 3, padding=1)]
    for _ in range(depth):
        layers += [torch.nn.Conv2d(16, 16, 3, padding=1), torch.nn.BatchNorm2d(16), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(16, 10))


def train(args):
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    model = network(args.depth)
    optimiser = torch.optim.SGD(model.parameters(), lr=args.lr)
    telemetry = Telemetry(args.kafka, args.name + "-" + time.strftime("%Y%m%d-%H%M%S")
                          + "-%04x" % random.getrandbits(16))
    started = describe(model, args)
    telemetry.send_and_wait("gradwatch.runs", run_started=started)  # before the first iteration
    print("run", telemetry.run_id, flush=True)
    iteration = 0
    for epoch in range(args.epochs):
        began, losses, hits = time.time(), [], 0
        for _ in range(args.steps):
            before = time.time()
            labels = torch.randint(10, (args.batch,))
            images = torch.randn(args.batch, 3, 16, 16) + labels.view(-1, 1, 1, 1) / 5.0
            scores = model(images)
            loss = torch.nn.functional.cross_entropy(scores, labels)  # the mean over the batch
            optimiser.zero_grad()
            loss.backward()
            right = int((scores.argmax(1) == labels).sum())
            measured = time.time()
            step = gw.Iteration(iteration=iteration, epoch=epoch, batch_size=args.batch, loss=loss.item(),
                                accuracy=right / args.batch, learning_rate=args.lr, dropped=telemetry.dropped)
            add_gradients(step, model)
            add_batch_norms(step, model)
            telemetry_ms = (time.time() - measured) * 1000
            optimiser.step()
            step.telemetry_ms = telemetry_ms
            step.iteration_ms = (time.time() - before) * 1000
            telemetry.send("gradwatch.iterations", iteration=step)
            losses.append(loss.item())
            hits += right
            iteration += 1
        telemetry.send("gradwatch.epochs", epoch=gw.Epoch(
            epoch=epoch, iteration=iteration - 1, train_loss=sum(losses) / len(losses),
            train_accuracy=hits / (args.steps * args.batch), learning_rate=args.lr,
            duration_ms=(time.time() - began) * 1000))
        print("epoch %d: loss %.4f" % (epoch, sum(losses) / len(losses)), flush=True)
    telemetry.producer.flush()
    telemetry.send_and_wait("gradwatch.runs", run_ended=gw.RunEnded(
        started=started, outcome=gw.RunEnded.FINISHED, ended_at_ms=int(time.time() * 1000),
        iterations=iteration, dropped=telemetry.dropped))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kafka", default="localhost:9092", metavar="HOST:PORT")
    parser.add_argument("--name", default="pytorch")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--steps", type=int, default=50, help="iterations an epoch")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--depth", type=int, default=6, help="convolutions with batch normalisation")
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=0)
    train(parser.parse_args())
