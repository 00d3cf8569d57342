"""Makes the exports of this folder: make.py FRAMEWORK..., in a Python environment with that framework.

`float` comes first: onnxruntime, Model-Optimizer and PPQ quantize its file. README.md names versions.
"""
import gzip
import os
import sys
import tempfile

import onnx
import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
WORK = tempfile.mkdtemp()
EXPORT = {'opset_version': 17, 'dynamo': False, 'input_names': ['input'], 'output_names': ['logits']}


class ConvBnRelu(nn.Sequential):
    """Convolution, BatchNorm and, unless told otherwise, Relu."""

    def __init__(self, channels, maps, size=3, stride=1, groups=1, relu=True):
        conv = nn.Conv2d(channels, maps, size, stride, size // 2, groups=groups, bias=False)
        super().__init__(conv, nn.BatchNorm2d(maps), *([nn.ReLU()] if relu else []))


class TinyNet(nn.Module):
    """Stem, residual block, depthwise and pointwise, pooling, linear: [1,3,32,32] to [1,10]."""

    def __init__(self):
        super().__init__()
        self.stem = ConvBnRelu(3, 16)
        self.a = ConvBnRelu(16, 16)
        self.b = ConvBnRelu(16, 16, relu=False)
        self.relu = nn.ReLU()
        self.dw = ConvBnRelu(16, 16, stride=2, groups=16)
        self.pw = ConvBnRelu(16, 32, size=1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flat = nn.Flatten()
        self.fc = nn.Linear(32, 10)
        self.add = None

    def forward(self, x):
        x = self.stem(x)
        y = self.b(self.a(x))
        x = self.relu(self.add.add(x, y) if self.add else x + y)
        return self.fc(self.flat(self.pool(self.pw(self.dw(x)))))


def network():
    """The network with random weights and the BatchNorm statistics of random batches."""
    torch.manual_seed(11)
    net = TinyNet()
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        nn.init.uniform_(norm.weight, 0.7, 1.3)
        nn.init.normal_(norm.bias, 0, 0.2)
        norm.momentum = None
        norm.reset_running_stats()
    net.train()
    with torch.no_grad():
        for _ in range(4):
            net(torch.randn(16, 3, 32, 32))
    for norm in norms:
        norm.momentum = 0.1
    return net.eval()


def batches():
    """The calibration inputs of all exports."""
    generator = torch.Generator().manual_seed(5)
    return [torch.randn(1, 3, 32, 32, generator=generator) for _ in range(8)]


def work(name):
    """A file of the work folder."""
    return os.path.join(WORK, name + '.onnx')


def keep(name):
    """Compresses a file of the work folder into this folder."""
    with open(work(name), 'rb') as file, open(os.path.join(HERE, name + '.onnx.gz'), 'wb') as out:
        with gzip.GzipFile('', 'wb', 9, out, 0) as packed:
            packed.write(file.read())


def float_file():
    """The kept float twin, unpacked, for the tools that quantize a file."""
    with gzip.open(os.path.join(HERE, 'float.onnx.gz')) as packed, open(work('float'), 'wb') as out:
        out.write(packed.read())
    return work('float')


def make_float():
    torch.onnx.export(network(), batches()[0], work('float'), **EXPORT)
    keep('float')


def make_onnxruntime():
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.rest = iter([{'input': b.numpy()} for b in batches()])

        def get_next(self):
            return next(self.rest, None)

    quant_pre_process(float_file(), work('prepared'))
    symmetric = {'ActivationSymmetric': True, 'WeightSymmetric': True}
    pairs = {**symmetric, 'AddQDQPairToWeight': True, 'QuantizeBias': False}
    unsigned, signed = QuantType.QUInt8, QuantType.QInt8
    for name, data, weights, per_channel, extra in (
        ('uint8', unsigned, signed, True, {}),
        ('uint8-weights', unsigned, unsigned, False, {}),
        ('int8', signed, signed, True, symmetric),
        ('int8-pairs', signed, signed, False, pairs),
    ):
        quantize_static(
            work('prepared'), work('onnxruntime-' + name), Reader(), quant_format=QuantFormat.QDQ,
            activation_type=data, weight_type=weights, per_channel=per_channel, extra_options=extra,
        )
        keep('onnxruntime-' + name)


class FakeQuantized(nn.Module):
    """A layer whose data and weight pass fake quantization once calibration is over."""

    def __init__(self, layer, per_channel):
        super().__init__()
        weight = layer.weight.detach()
        self.layer, self.per_channel, self.bound, self.calibrating = layer, per_channel, 0.0, True
        bound = weight.abs().amax(dim=tuple(range(1, weight.dim()))) if per_channel else weight.abs().max()
        self.register_buffer('scale', bound / 127)
        self.register_buffer('zero', torch.zeros(weight.shape[0] if per_channel else 1, dtype=torch.int32))

    def forward(self, x):
        layer = self.layer
        if self.calibrating:
            self.bound = max(self.bound, float(x.abs().max()))
            return layer(x)
        x = torch.fake_quantize_per_tensor_affine(x, self.bound / 127, 0, -128, 127)
        if self.per_channel:
            weight = torch.fake_quantize_per_channel_affine(layer.weight, self.scale, self.zero, 0, -128, 127)
        else:
            weight = torch.fake_quantize_per_tensor_affine(layer.weight, float(self.scale), 0, -128, 127)
        if isinstance(layer, nn.Linear):
            return nn.functional.linear(x, weight, layer.bias)
        return nn.functional.conv2d(x, weight, layer.bias, layer.stride, layer.padding, layer.dilation, layer.groups)


def fake_quantize(module, per_channel):
    """Wraps each convolution and linear layer below a module."""
    for name, child in list(module.named_children()):
        if isinstance(child, (nn.Conv2d, nn.Linear)):
            setattr(module, name, FakeQuantized(child, per_channel))
        else:
            fake_quantize(child, per_channel)


def make_pytorch_quantization():
    for name, per_channel in (('pytorch-quantization', True), ('pytorch-quantization-per-tensor', False)):
        net = network()
        fake_quantize(net, per_channel)
        net.eval()
        with torch.no_grad():
            for batch in batches():
                net(batch)
            for module in net.modules():
                if isinstance(module, FakeQuantized):
                    module.calibrating = False
            torch.onnx.export(net, batches()[0], work(name), **EXPORT)
        keep(name)


def make_torch_ao_eager():
    import torch.ao.quantization as tq

    net = network()
    net.add = torch.ao.nn.quantized.FloatFunctional()
    wrapped = tq.QuantWrapper(net).eval()
    torch.backends.quantized.engine = 'fbgemm'
    groups = [['stem.0', 'stem.1', 'stem.2'], ['a.0', 'a.1', 'a.2'], ['b.0', 'b.1'], ['dw.0', 'dw.1', 'dw.2'], ['pw.0', 'pw.1', 'pw.2']]
    tq.fuse_modules(wrapped, [['module.' + k for k in g] for g in groups], inplace=True)
    wrapped.qconfig = tq.get_default_qconfig('fbgemm')
    tq.prepare(wrapped, inplace=True)
    with torch.no_grad():
        for batch in batches():
            wrapped(batch)
    tq.convert(wrapped, inplace=True)
    torch.onnx.export(wrapped, batches()[0], work('torch-ao-eager'), **EXPORT)
    keep('torch-ao-eager')


def make_torch_ao_pt2e():
    from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e
    from torchao.testing.pt2e._xnnpack_quantizer import XNNPACKQuantizer, get_symmetric_quantization_config

    quantizer = XNNPACKQuantizer().set_global(get_symmetric_quantization_config(is_per_channel=True))
    prepared = prepare_pt2e(torch.export.export(network(), (batches()[0],)).module(), quantizer)
    for batch in batches():
        prepared(batch)
    program = torch.export.export(convert_pt2e(prepared), (batches()[0],))
    how = {**EXPORT, 'dynamo': True, 'opset_version': 18, 'external_data': False}
    torch.onnx.export(program, (), work('torch-ao-pt2e'), **how)
    model = onnx.load(work('torch-ao-pt2e'))
    for item in [*model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output]:
        # Stack traces name folders of the machine that exported.
        kept = [p for p in item.metadata_props if p.key != 'pkg.torch.onnx.stack_trace']
        del item.metadata_props[:]
        item.metadata_props.extend(kept)
    onnx.save(model, work('torch-ao-pt2e'))
    keep('torch-ao-pt2e')


def make_brevitas():
    from brevitas.export import export_onnx_qcdq
    from brevitas.graph.calibrate import calibration_mode
    from brevitas.graph.quantize import preprocess_for_quantize, quantize

    net = quantize(preprocess_for_quantize(network(), equalize_iters=0)).eval()
    with torch.no_grad():
        with calibration_mode(net):
            for batch in batches():
                net(batch)
        export_onnx_qcdq(net, args=batches()[0], export_path=work('brevitas'), opset_version=17, dynamo=False)
    keep('brevitas')


def make_model_optimizer():
    from modelopt.onnx.quantization import quantize

    data = {'input': torch.cat(batches()).numpy()}
    for name, floats in (('model-optimizer', 'fp32'), ('model-optimizer-fp16', 'fp16')):
        quantize(
            float_file(), quantize_mode='int8', calibration_data=data, calibration_method='max',
            output_path=work(name), calibration_eps=['cpu'], high_precision_dtype=floats,
        )
        keep(name)


def make_ppq():
    from ppq import QuantizationSettingFactory, TargetPlatform
    from ppq.api import export_ppq_graph, quantize_onnx_model

    graph = quantize_onnx_model(
        onnx_import_file=float_file(), calib_dataloader=batches(), calib_steps=8, input_shape=[1, 3, 32, 32],
        setting=QuantizationSettingFactory.default_setting(), platform=TargetPlatform.TRT_INT8, device='cpu', verbose=0,
    )
    config = os.path.join(WORK, 'ppq.json')
    export_ppq_graph(graph=graph, platform=TargetPlatform.ONNXRUNTIME, graph_save_to=work('ppq'), config_save_to=config)
    keep('ppq')


if __name__ == '__main__':
    for framework in sys.argv[1:]:
        globals()['make_' + framework.replace('-', '_')]()
