"""Reads an event file that Gradwatch wrote with TensorBoard's own reader, and compares it with the CSV of the same run.

    ./gradwatch runs export RUN --format tensorboard --out events.out.tfevents.run
    ./gradwatch runs export RUN --format csv --out run.csv
    ./gradwatch runs export RUN --format csv --table layers --out layers.csv
    python3 -m pip install tensorboard
    python3 check.py events.out.tfevents.run run.csv layers.csv

Exit code 0 when every value is the same, bit by bit as 32-bit floats.
"""
import csv
import struct
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

LAYERS = {"mean_abs": "gradient.mean_abs", "l2": "gradient.l2", "max_abs": "gradient.max_abs",
          "zero_fraction": "gradient.zero_fraction", "parameter_l2": "parameter.l2", "update_ratio": "update.ratio"}


def bits(value):
    number = struct.unpack("<f", struct.pack("<f", float(value)))[0]
    return "nan" if number != number else struct.pack("<f", number)


def series(events, tag):
    return {e.step: e.value for e in events.Scalars(tag)} if tag in events.Tags()["scalars"] else {}


def compare(tag, found, expected):
    same = {k: bits(v) for k, v in found.items()} == {k: bits(v) for k, v in expected.items()}
    if not same:
        print(f"{tag}: {len(found)} values in the event file, {len(expected)} in the CSV, not the same")
    return same


def main(event_file, iterations, layers):
    events = EventAccumulator(event_file, size_guidance={"scalars": 0})
    events.Reload()
    values, good = 0, True
    with open(iterations, newline="") as rows:
        rows = list(csv.DictReader(rows))
    for column in ("loss", "accuracy", "learning_rate", "iteration_ms", "telemetry_ms", "dropped"):
        expected = {int(r["iteration"]): r[column] for r in rows if r[column] != ""}
        good &= compare(column, series(events, column), expected)
        values += len(expected)
    with open(layers, newline="") as rows:
        rows = list(csv.DictReader(rows))
    for layer in sorted({int(r["layer"]) for r in rows}):
        for column, metric in LAYERS.items():
            expected = {int(r["iteration"]): r[column] for r in rows if int(r["layer"]) == layer and r[column] != ""}
            tags = [t for t in events.Tags()["scalars"] if t == f"{metric}/{layer:02d}" or t.startswith(f"{metric}/{layer:02d} ")]
            good &= compare(f"{metric} of layer {layer}", series(events, tags[0]) if tags else {}, expected)
            values += len(expected)
    print(f"{len(events.Tags()['scalars'])} tags; {values} values compared with TensorBoard's reader: "
          + ("all equal" if good else "NOT equal"))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
