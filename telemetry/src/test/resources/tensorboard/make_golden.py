"""Writes the event files that the tests read, with tensorboardX and with TensorBoard's own writer (not with Gradwatch).

    python3 -m pip install tensorboard tensorboardX
    python3 make_golden.py .
"""
import math
import os
import sys

from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboardX import SummaryWriter

folder = sys.argv[1]


def only_file(directory, name):
    (found,) = os.listdir(directory)
    os.replace(os.path.join(directory, found), os.path.join(folder, name))
    os.rmdir(directory)


# simple_value scalars, as PyTorch's SummaryWriter writes them
scratch = os.path.join(folder, "scratch")
writer = SummaryWriter(scratch)
for step in range(50):
    loss = math.nan if step == 20 else math.inf if step == 21 else 4.6 * 0.98 ** step
    writer.add_scalar("Loss/train", loss, step, walltime=1_700_000_000 + step)
    writer.add_scalar("Accuracy/train", step / 100, step, walltime=1_700_000_000 + step)
    if step % 10 == 9:
        writer.add_scalar("Loss/val", 5.0 - step / 10, step, walltime=1_700_000_000 + step)
        writer.add_scalar("weights/norm", 3.0, step, walltime=1_700_000_000 + step)
        writer.add_text("note", "hello", step, walltime=1_700_000_000 + step)
writer.close()
only_file(scratch, "tensorboardx.events")

# scalars as tensors, as TensorFlow 2 and Keras write them
writer = EventFileWriter(scratch)
for step in range(8):
    for content in (False, True):
        tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, tensor_shape=tensor_shape_pb2.TensorShapeProto())
        if content:
            import struct
            tensor.tensor_content = struct.pack("<f", 0.25 * step)
        else:
            tensor.float_val.append(2.0 - step)
        value = summary_pb2.Summary.Value(tag="epoch_loss" if content else "batch_loss", tensor=tensor)
        writer.add_event(event_pb2.Event(wall_time=1_700_000_000 + step, step=step,
                                         summary=summary_pb2.Summary(value=[value])))
writer.close()
only_file(scratch, "tensors.events")
