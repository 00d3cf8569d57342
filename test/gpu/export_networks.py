"""Exports networks with random weights to ONNX, plain and with Q/DQ on convolutions and products.

    export_networks.py OUTDIR [NETWORK ...]

Writes NETWORK.fp.onnx and NETWORK.convs.onnx for each: `convs` has Q/DQ on the inputs and weights of
Conv, ConvTranspose, Gemm and MatMul alone, activations per tensor and weights per channel. Needs torch,
torchvision, timm, onnx and numpy; weights are seeded, so that a network is the same in each run.
"""
import os
import sys

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

OPSET, ACTIVATION_SCALE = 17, 0.05
IMAGE = (1, 3, 224, 224)
TORCHVISION = ('squeezenet1_1', 'shufflenet_v2_x1_0', 'regnet_y_400mf', 'mnasnet1_0', 'googlenet', 'mobilenet_v3_small')
TIMM = ('ghostnet_100', 'repvgg_a0', 'cspresnet50', 'mobilevit_xs', 'mixnet_s', 'gernet_s')
SEGMENTATION = ('lraspp_mobilenet_v3',)
WEIGHT_AXIS = {'Conv': 0, 'ConvTranspose': 1, 'Gemm': 0, 'MatMul': 1}


class FirstOutput(torch.nn.Module):
    """The main output of a network that gives several."""

    def __init__(self, network, pick):
        super().__init__()
        self.network, self.pick = network, pick

    def forward(self, x):
        return self.pick(self.network(x))


def make(name):
    """A network by name, and an input for it."""
    torch.manual_seed(7)
    if name == 'lraspp_mobilenet_v3':
        from torchvision.models.segmentation import lraspp_mobilenet_v3_large
        network = lraspp_mobilenet_v3_large(weights=None, weights_backbone=None)
        return FirstOutput(network, lambda y: y['out']), torch.randn(1, 3, 256, 256)
    if name in TIMM:
        import timm
        return timm.create_model(name, pretrained=False), torch.randn(*IMAGE)
    import torchvision
    extra = {'aux_logits': False, 'init_weights': True} if name == 'googlenet' else {}
    return getattr(torchvision.models, name)(weights=None, **extra), torch.randn(*IMAGE)


def const(name, array):
    return numpy_helper.from_array(array, name)


def pair(graph_nodes, graph, value, scale, axis):
    """Q and DQ behind a value; returns the value behind them."""
    q, dq = f'{value}_q', f'{value}_dq'
    graph.initializer.append(const(f'{value}_scale', scale))
    graph.initializer.append(const(f'{value}_zero', np.zeros(scale.shape, np.int8)))
    more = {} if axis is None else {'axis': axis}
    names = [f'{value}_scale', f'{value}_zero']
    graph_nodes.append(helper.make_node('QuantizeLinear', [value, *names], [q], f'{value}_QuantizeLinear', **more))
    graph_nodes.append(helper.make_node('DequantizeLinear', [q, *names], [dq], f'{value}_DequantizeLinear', **more))
    return dq


def weight_scale(array, axis):
    """A scale for each output channel, by the largest value."""
    others = tuple(i for i in range(array.ndim) if i != axis)
    return np.maximum(np.abs(array).max(axis=others) / 127, 1e-6).astype(np.float32)


def quantize(model):
    """Q/DQ on the inputs and weights of convolutions and products."""
    graph, nodes, done = model.graph, [], {}
    weights = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    for node in graph.node:
        axis = WEIGHT_AXIS.get(node.op_type)
        if node.op_type == 'Gemm' and not any(a.name == 'transB' and a.i for a in node.attribute):
            axis = 1
        if axis is not None:
            for k in (0, 1):
                value = node.input[k]
                if value not in done:
                    array = weights.get(value)
                    scale = np.array(ACTIVATION_SCALE, np.float32) if array is None else weight_scale(array, axis)
                    done[value] = pair(nodes, graph, value, scale, None if array is None else axis)
                node.input[k] = done[value]
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    return model


def main(folder, names):
    """One network after the other; one that cannot be exported is told and stops no other."""
    os.makedirs(folder, exist_ok=True)
    for name in names or (*TORCHVISION, *TIMM, *SEGMENTATION):
        path = os.path.join(folder, f'{name}.fp.onnx')
        network, x = make(name)
        with torch.no_grad():
            torch.onnx.export(network.eval(), (x,), path, opset_version=OPSET, dynamo=False, input_names=['input'])
        model = onnx.shape_inference.infer_shapes(onnx.load(path))
        onnx.save(model, path)
        onnx.save(quantize(model), os.path.join(folder, f'{name}.convs.onnx'))
        print(name, len(model.graph.node), 'nodes')


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
