"""Builds one engine with TensorRT and writes down what it is: layers, log, timing cache.

Run as a process of its own for each model (build_and_time.py does), since a builder that aborts
takes its process with it.
"""
import argparse
import fcntl
import gzip
import json
import os
import re
import time

import tensorrt as trt

# Lines about single kernels: nine tenths of a verbose log, and different in each build.
TACTIC_LINE = re.compile(
    r'^(Tactic( Name)?:|Skipping|-{5,} ?Timing Runner|>{5,} ?Chose Runner|Fastest Tactic|'
    r'Deleting timing cache|.*has been disqualified|.*tactic.*(skipped|time))',
    re.IGNORECASE,
)
LETTERS = {'INTERNAL_ERROR': 'F', 'ERROR': 'E', 'WARNING': 'W', 'INFO': 'I', 'VERBOSE': 'V'}


class Log(trt.ILogger):
    """Writes the builder's lines in order, one letter of severity before each, so that a build which
    is stopped leaves its log too."""

    def __init__(self, path):
        trt.ILogger.__init__(self)
        self.file, self.wrong = open(path, 'w', buffering=1, errors='replace'), []

    def log(self, severity, message):
        if TACTIC_LINE.match(message):
            return
        self.file.write(f'[{LETTERS.get(severity.name, "?")}] {message}\n')
        if severity.name in ('ERROR', 'INTERNAL_ERROR'):
            self.wrong.append(message)

    def errors(self):
        """The last errors as one line, or an empty string."""
        return ' | '.join(self.wrong)[-400:]


def parse(builder, path, mode, log):
    """The network of an ONNX file; raises ValueError with TensorRT's words where it refuses."""
    flags = 1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED) if mode == 'strong' else 0
    network = builder.create_network(flags)
    parser = trt.OnnxParser(network, log)
    if not parser.parse_from_file(path):
        raise ValueError('; '.join(str(parser.get_error(i).desc()) for i in range(parser.num_errors)))
    for i in range(network.num_inputs):
        if any(d < 0 for d in network.get_input(i).shape):
            raise ValueError(f'input {network.get_input(i).name} has a dynamic dimension; export with static shapes')
    return network, parser


def has_quantizers(network):
    """Whether the network says itself where INT8 goes."""
    kinds = (trt.LayerType.QUANTIZE, trt.LayerType.DEQUANTIZE)
    return any(network.get_layer(i).type in kinds for i in range(network.num_layers))


def set_dummy_ranges(network):
    """Ranges for implicit INT8, as trtexec sets them: 2 for inputs and pooling, 4 for other outputs."""
    for i in range(network.num_layers):
        layer = network.get_layer(i)
        for k in range(layer.num_inputs):
            tensor = layer.get_input(k)
            if tensor is not None and tensor.dynamic_range is None:
                tensor.set_dynamic_range(-2.0, 2.0)
        bound = 2.0 if layer.type == trt.LayerType.POOLING else 4.0
        for k in range(layer.num_outputs):
            tensor = layer.get_output(k)
            if tensor is not None and tensor.dynamic_range is None:
                tensor.set_dynamic_range(-bound, bound)


def configure(builder, network, mode, given):
    """The builder's configuration of a mode, with the kernel times that earlier builds have kept."""
    config = builder.create_builder_config()
    config.profiling_verbosity = trt.ProfilingVerbosity.DETAILED
    if given.max_tactics:
        config.max_num_tactics = given.max_tactics
    if mode in ('best', 'fp16'):
        config.set_flag(trt.BuilderFlag.FP16)
    if mode == 'best':
        config.set_flag(trt.BuilderFlag.INT8)
        if not has_quantizers(network):
            set_dummy_ranges(network)
    config.set_timing_cache(config.create_timing_cache(read_bytes(given.timing_cache)), False)
    return config


def read_bytes(path):
    """A file's bytes, none where it is absent."""
    if not path or not os.path.exists(path):
        return b''
    with open(path, 'rb') as file:
        return file.read()


def keep_cache(config, path):
    """Adds this build's kernel times to the file, which other builds may have written meanwhile."""
    if not path:
        return
    with open(path + '.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cache = config.get_timing_cache()
        now = read_bytes(path)
        if now:
            cache.combine(config.create_timing_cache(now), True)
        with open(path, 'wb') as file:
            file.write(memoryview(cache.serialize()))


def write_gz(path, text):
    """A compressed file that is the same for the same text."""
    with open(path, 'wb') as file:
        with gzip.GzipFile('', 'wb', 9, file, 0) as packed:
            packed.write(text.encode())


def build(given):
    """Builds, writes the plan, STEM.layer.json.gz and STEM.log; returns figures of the build."""
    log, start = Log(given.stem + '.log'), time.time()
    try:
        builder = trt.Builder(log)
        network, parser = parse(builder, given.model, given.mode, log)
        config = configure(builder, network, given.mode, given)
        data = builder.build_serialized_network(network, config)
        if data is None:
            raise ValueError(log.errors() or 'no engine, and no error either')
        seconds = time.time() - start
        keep_cache(config, given.timing_cache)
        engine = trt.Runtime(log).deserialize_cuda_engine(data)
        text = engine.create_engine_inspector().get_engine_information(trt.LayerInformationFormat.JSON)
        found = json.loads(text, strict=False)
        write_gz(given.stem + '.layer.json.gz', json.dumps(found, separators=(',', ':')))
        with open(given.plan, 'wb') as file:
            file.write(memoryview(data))
        return {'layers': len(found['Layers']), 'build_s': round(seconds, 1), 'engine_mb': round(data.nbytes / 1e6, 2)}
    except Exception as error:
        return {'note': ' '.join(f'{type(error).__name__}: {error}'.split())}


def main():
    """The command line; the figures go to standard output as JSON."""
    args = argparse.ArgumentParser(description=__doc__)
    for name in ('model', 'mode', 'plan', 'stem'):
        args.add_argument(name)
    args.add_argument('--timing-cache', default='')
    args.add_argument('--max-tactics', type=int, default=0)
    print(json.dumps(build(args.parse_args())), flush=True)


if __name__ == '__main__':
    main()
