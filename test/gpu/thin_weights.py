"""Writes models whose large weights repeat a short block, so that they compress a hundredfold.

    thin_weights.py OUTDIR MODEL.onnx...

Graph, names, shapes, types, biases and scales stay: an engine's structure and speed do not depend on
the values of weights. What the network computes does; such a model is for timing only.
"""
import os
import sys

import numpy as np
import onnx
from onnx import numpy_helper

BLOCK = 2048


def thin(tensor):
    """Repeats the tensor's first values over all of it; returns whether it was large enough to gain."""
    values = numpy_helper.to_array(tensor)
    if values.size <= 2 * BLOCK or values.dtype.kind not in 'fiu' or values.dtype.itemsize > 4:
        return False
    flat = np.resize(values.ravel()[:BLOCK], values.size).reshape(values.shape)
    tensor.CopyFrom(numpy_helper.from_array(flat.astype(values.dtype), tensor.name))
    return True


def main(folder, paths):
    """Thins each model into the folder under its own name."""
    os.makedirs(folder, exist_ok=True)
    for path in paths:
        model = onnx.load(path)
        constants = [a.t for n in model.graph.node if n.op_type == 'Constant' for a in n.attribute if a.name == 'value']
        count = sum(thin(tensor) for tensor in [*model.graph.initializer, *constants])
        onnx.save(model, os.path.join(folder, os.path.basename(path)))
        print(f'{path}: {count} weights thinned')


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
