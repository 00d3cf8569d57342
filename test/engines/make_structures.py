"""Keeps engines and the structure of the models that they were built from, small enough for the repository.

    make_structures.py ENGINES OUT

ENGINES holds NETWORK.PLACEMENT.onnx.gz in models/real and NETWORK.PLACEMENT.MODE.layer.json.gz in TARGET/real.
Graph, names, shapes, types and the scales and zero points of Q/DQ stay. Every other tensor of more than a few elements
is filled with ones: which layers an engine has does not depend on the values of weights.
"""
import glob
import gzip
import json
import os
import sys

import numpy as np
import onnx
from onnx import numpy_helper

# Shapes, axes, factors of Resize and bounds of Clip are smaller; biases are larger.
KEPT_ELEMENTS = 8


def blank(model):
    """Fills weights with ones and drops what describes the exporter rather than the graph."""
    quantizers = {'QuantizeLinear', 'DequantizeLinear'}
    kept = {name for node in model.graph.node if node.op_type in quantizers for name in node.input[1:]}
    constants = [(node.output[0], attribute.t) for node in model.graph.node if node.op_type == 'Constant'
                 for attribute in node.attribute if attribute.name == 'value']
    for name, tensor in [*((t.name, t) for t in model.graph.initializer), *constants]:
        values = numpy_helper.to_array(tensor)
        if name not in kept and values.size > KEPT_ELEMENTS and values.dtype.kind != 'i' or values.dtype == np.int8:
            if name not in kept:
                tensor.CopyFrom(numpy_helper.from_array(np.ones_like(values), tensor.name))
    model.doc_string = model.graph.doc_string = ''
    for node in model.graph.node:
        node.doc_string = ''
    del model.metadata_props[:]
    return model


def write(path, data):
    """Packs without name and time, so that equal contents make equal files."""
    with open(path, 'wb') as file, gzip.GzipFile('', 'wb', 9, file, mtime=0) as packed:
        packed.write(data)


def main(engines, out):
    for path in sorted(glob.glob(f'{engines}/models/real/*.onnx.gz')):
        with gzip.open(path) as file:
            model = blank(onnx.load_model_from_string(file.read()))
        write(os.path.join(out, os.path.basename(path)), model.SerializeToString())
    for path in sorted(glob.glob(f'{engines}/*/real/*.layer.json.gz')):
        with gzip.open(path) as file:
            engine = json.load(file)
        write(os.path.join(out, os.path.basename(path)), json.dumps(engine, separators=(',', ':')).encode())


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2])
