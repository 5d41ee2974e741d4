"""Times Gradwatch's networks beside PyTorch's, in alternating blocks; called by training-speed.sh.

Arguments: rounds, iterations a block, iterations of warming up, then networks, "vgg38-bn" or "vgg38-bn@512". The commands
of the two programs are in the environment variables GRADWATCH and PYTORCH. Prints a Markdown table on standard output,
progress on standard error.
"""

import os
import shlex
import statistics
import subprocess
import sys
import time


class Program:
    """One of the two: answers a line with a line of "wall:cpu" milliseconds, one pair for each iteration."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen(
            shlex.split(command),
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def ask(self, request):
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("the program ended: " + " ".join(map(str, self.process.args)))
        return answer.strip()

    def times(self, network, iterations):
        pairs = [pair.split(":") for pair in self.ask("%s %d" % (network, iterations)).split()]
        return [(float(wall), float(cpu)) for wall, cpu in pairs]


def variables(text):
    return dict(word.split("=", 1) for word in text.split())


def load():
    with open("/proc/loadavg") as file:
        return " ".join(file.read().split()[:3])


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def median(times, which):
    return statistics.median(pair[which] for pair in times)


def row(ours, theirs, network, rounds, block, warmup):
    """A block's first iteration is left out on both sides: threads and caches are cold after the other one's turn."""
    for program in (ours, theirs):
        program.times(network, warmup)
    all_ours, all_theirs, ratios = [], [], []
    for number in range(rounds):
        order = (ours, theirs) if number % 2 == 0 else (theirs, ours)
        answers = {program: program.times(network, block + 1)[1:] for program in order}
        all_ours += answers[ours]
        all_theirs += answers[theirs]
        ratios.append(median(answers[ours], 0) / median(answers[theirs], 0))
        print("%s, block %d of %d: %.1f and %.1f ms, ratio %.2f" % (
            network, number + 1, rounds, median(answers[ours], 0), median(answers[theirs], 0), ratios[-1]),
            file=sys.stderr, flush=True)
    quartiles = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else [ratios[0]] * 3
    a, b, c, d = median(all_ours, 0), median(all_theirs, 0), median(all_ours, 1), median(all_theirs, 1)
    print("| %s | %.1f | %.1f | **%.2f** | %.2f (%.2f to %.2f) | %.0f | %.0f | %.2f |" % (
        network, a, b, a / b, statistics.median(ratios), quartiles[0], quartiles[2], c, d, c / d), flush=True)


def main():
    rounds, block, warmup = (int(word) for word in sys.argv[1:4])
    start = time.monotonic()
    ours = Program(os.environ["GRADWATCH"], variables(os.environ.get("GRADWATCH_VARIABLES", "")))
    theirs = Program(os.environ["PYTORCH"], variables(os.environ.get("PYTORCH_VARIABLES", "")))
    print("%s; %s; batch 100 unless named, forward + backward + Adam." % (ours.ask("versions"), theirs.ask("versions")))
    print("%s, %d CPUs, load average %s before; medians of %d iterations in %d alternating blocks after %d for warming up,"
          " without the first iteration of each block.\n" % (
              processor(), os.cpu_count(), load(), rounds * block, rounds, warmup))
    print("| network | Gradwatch ms | PyTorch ms | ratio | ratio of blocks (quartiles) | CPU ms | PyTorch CPU ms "
          "| ratio of CPU |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for network in sys.argv[4:]:
        row(ours, theirs, network, rounds, block, warmup)
    print("\nLoad average after: %s; %.0f minutes." % (load(), (time.monotonic() - start) / 60))


main()
