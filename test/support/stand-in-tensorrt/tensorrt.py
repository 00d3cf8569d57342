"""STAND-IN for TensorRT's Python package: the classes that `build_engine.py` uses, with the members that the version STAND_IN_TRT
has, and an engine of two layers, which name the nodes of the small model of the tests.

STAND_IN: no-library, refuse, no-engine, gpu-memory, abort, killed, hang, grandchild, disk-full, dynamic and raise go wrong, or are
different, as their names say. STAND_IN_COUNT is a file to which each build adds a line.
"""
import enum
import errno
import json
import os
import signal
import subprocess
import sys
import time

import libcuda

HOW = os.environ.get('STAND_IN', '')
__version__ = os.environ.get('STAND_IN_TRT', '10.6.0')
MAJOR = int(__version__.split('.')[0])

if HOW == 'no-library':
    raise ImportError('libnvinfer.so.10: cannot open shared object file: No such file or directory')


class Members(enum.IntEnum):
    """As pybind11's enumerations: names, numbers and __members__."""


BuilderFlag = Members('BuilderFlag', ['TF32'] if MAJOR >= 11 else ['FP16', 'INT8', 'TF32'])
NetworkDefinitionCreationFlag = Members(
    'NetworkDefinitionCreationFlag',
    {'EXPLICIT_BATCH': 0} if MAJOR < 10 else {'STRONGLY_TYPED': 1} if MAJOR >= 11 else {'EXPLICIT_BATCH': 0, 'STRONGLY_TYPED': 1},
)
ProfilingVerbosity = Members('ProfilingVerbosity', ['LAYER_NAMES_ONLY', 'DETAILED'])
LayerInformationFormat = Members('LayerInformationFormat', ['ONELINE', 'JSON'])
TensorIOMode = Members('TensorIOMode', ['NONE', 'INPUT', 'OUTPUT'])
TensorLocation = Members('TensorLocation', ['DEVICE', 'HOST'])
MemoryPoolType = Members('MemoryPoolType', ['WORKSPACE'])
LayerType = Members('LayerType', ['CONVOLUTION', 'POOLING', 'QUANTIZE', 'DEQUANTIZE'])
DataType = Members('DataType', ['FLOAT', 'HALF', 'INT64'])
Severity = Members('Severity', ['INTERNAL_ERROR', 'ERROR', 'WARNING', 'INFO', 'VERBOSE'])


class ILogger:
    """Base of loggers."""


class IProfiler:
    """Base of profilers."""


class IOutputAllocator:
    """Base of allocators."""


class Tensor:
    def __init__(self, name, shape, kind):
        self.name, self.shape, self.dtype, self.is_shape_tensor, self.dynamic_range = name, shape, kind, False, None

    def set_dynamic_range(self, low, high):
        self.dynamic_range = (low, high)


if MAJOR >= 11:
    del Tensor.set_dynamic_range


class Layer:
    type, num_inputs, num_outputs = LayerType.CONVOLUTION, 1, 1

    def __init__(self):
        self.tensors = [Tensor('x', (1, 3, 8, 8), DataType.FLOAT), Tensor('y', (1, 4, 8, 8), DataType.FLOAT)]

    def get_input(self, _index):
        return self.tensors[0]

    def get_output(self, _index):
        return self.tensors[1]


class Network:
    num_layers = 1

    def __init__(self, flags):
        self.flags, self.layer = flags, Layer()
        batch = -1 if HOW == 'dynamic' else 1
        self.inputs = [Tensor('x', (batch, 3, 8, 8), DataType.FLOAT), Tensor('ids', (1, 4), DataType.INT64)]
        self.num_inputs = len(self.inputs)

    def get_layer(self, _index):
        return self.layer

    def get_input(self, index):
        return self.inputs[index]


class ParserError:
    def desc(self):
        return 'Assertion failed: inputs.at(0).shape\nis not supported.'


class OnnxParser:
    num_errors = 1

    def __init__(self, network, logger):
        assert isinstance(network, Network) and isinstance(logger, ILogger)
        self.logger = logger

    def parse_from_file(self, path):
        with open(path, 'rb') as file:
            assert file.read(1)
        self.logger.log(Severity.VERBOSE, 'Parsing node: conv [Conv]')
        self.logger.log(Severity.VERBOSE, 'Tactic: 0x0000000000000001 Time: 0.01')
        return HOW != 'refuse'

    def get_error(self, _index):
        return ParserError()


class TimingCache:
    def __init__(self, data):
        self.data = data

    def combine(self, other, ignore_mismatch):
        assert not ignore_mismatch
        self.data = b'times' + b','.join(sorted(set(self.data[5:].split(b',') + other.data[5:].split(b',')) - {b''}))
        return True

    def serialize(self):
        return self.data


class Config:
    def __init__(self):
        self.flags, self.profiles, self.cache, self.profiling_verbosity = [], [], None, None
        if MAJOR >= 10:
            self.progress_monitor, self.max_num_tactics = None, 0

    def set_flag(self, flag):
        self.flags.append(flag)

    def set_memory_pool_limit(self, pool, size):
        assert pool == MemoryPoolType.WORKSPACE and size >= 1 << 20

    def create_timing_cache(self, data):
        return TimingCache(bytes(data))

    def set_timing_cache(self, cache, _ignore_mismatch):
        if cache.data and not cache.data.startswith(b'times'):
            return False
        self.cache = cache
        return True

    def add_optimization_profile(self, profile):
        self.profiles.append(profile)
        return 0


class Profile:
    def __init__(self):
        self.shapes = {}

    def set_shape(self, name, low, usual, high):
        self.shapes[name] = (low, usual, high)


class Memory(bytes):
    @property
    def nbytes(self):
        return len(self)


class Builder:
    def __init__(self, logger):
        self.logger = logger

    def create_network(self, flags):
        return Network(flags)

    def create_builder_config(self):
        return Config()

    def create_optimization_profile(self):
        return Profile()

    def build_serialized_network(self, network, config):
        self.logger.log(Severity.INFO, 'flags %d %s' % (network.flags, ' '.join(flag.name for flag in config.flags)))
        if os.environ.get('STAND_IN_COUNT'):
            with open(os.environ['STAND_IN_COUNT'], 'a') as file:
                file.write('built\n')
        go_wrong(self.logger)
        if HOW in ('no-engine', 'gpu-memory'):
            return None
        monitor = getattr(config, 'progress_monitor', None)
        if monitor:
            monitor.phase_start('Building Engine', None, 2)
            monitor.phase_start('Tactic Selection', 'Building Engine', 4)
            for step in range(4):
                assert monitor.step_complete('Tactic Selection', step)
                time.sleep(0.03)
            monitor.phase_finish('Tactic Selection')
            monitor.step_complete('Building Engine', 0)
            monitor.phase_finish('Building Engine')
        if config.cache is not None:
            config.cache.data = (config.cache.data or b'times') + b'k%d,' % os.getpid()
        shapes = config.profiles[0].shapes if config.profiles else {}
        return Memory(json.dumps(shapes).encode().ljust(4096))


def go_wrong(logger):
    """As the builder does it."""
    if HOW == 'no-engine':
        logger.log(Severity.ERROR, 'IBuilder::buildSerializedNetwork: Error Code 10: Internal Error (Could not find any implementation for node conv.)')
    if HOW == 'gpu-memory':
        logger.log(Severity.ERROR, '[virtualMemoryBuffer.cpp::resizePhysical::154] Error Code 2: OutOfMemory (Requested size was 17179869184 bytes.)')
    if HOW == 'abort':
        sys.stderr.write("terminate called after throwing an instance of 'nvinfer1::InternalError'\n")
        sys.stderr.flush()
        os.abort()
    if HOW == 'killed':
        os.kill(os.getpid(), signal.SIGKILL)
    if HOW == 'disk-full':
        raise OSError(errno.ENOSPC, 'No space left on device')
    if HOW == 'raise':
        raise RuntimeError('a defect')
    if HOW == 'grandchild':
        child = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)'])
        with open(os.environ['STAND_IN_PID_FILE'] + '.child', 'w') as file:
            file.write(str(child.pid))
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if HOW in ('hang', 'grandchild'):
        time.sleep(600)


INT8 = 'Thirty-two wide channel vectorized row major Int8 format'
FLOAT = 'Row major linear FP32'


def edge(name, form):
    """A tensor in the inspector's words."""
    return {'Name': name, 'Location': 'Device', 'Dimensions': [1, 4, 8, 8], 'Format/Datatype': form}


class Inspector:
    def get_engine_information(self, _form):
        layers = [
            {'Name': 'quantize', 'LayerType': 'Reformat', 'Inputs': [edge('x', FLOAT)], 'Outputs': [edge('q', INT8)]},
            {'Name': 'conv', 'LayerType': 'CaskConvolution', 'Inputs': [edge('q', INT8)], 'Outputs': [edge('y', FLOAT)]},
        ]
        # TensorRT's own JSON holds control characters as they are.
        layers[1]['Metadata'] = 'METADATA'
        layers[0]['Metadata'] = '[ONNX Layer: /stage0/block0/in/QuantizeLinear]'
        names = '[ONNX Layer: /stage0/block0/conv/Conv]\x1e[ONNX Layer: /stage0/block0/relu/Relu]'
        return json.dumps({'Layers': layers, 'Bindings': ['x', 'y']}).replace('METADATA', names)


class Engine:
    num_io_tensors = 3
    kinds = {'x': DataType.FLOAT, 'ids': DataType.INT64, 'y': DataType.HALF}

    def __init__(self, shapes):
        self.shapes = shapes

    def create_execution_context(self):
        return Context(self)

    def create_engine_inspector(self):
        return Inspector()

    def get_tensor_name(self, index):
        return list(self.kinds)[index]

    def get_tensor_mode(self, name):
        return TensorIOMode.OUTPUT if name == 'y' else TensorIOMode.INPUT

    def get_tensor_dtype(self, name):
        return self.kinds[name]

    def get_tensor_location(self, _name):
        return TensorLocation.DEVICE

    def get_tensor_shape(self, name):
        return {'x': (-1 if self.shapes else 1, 3, 8, 8), 'ids': (1, 4), 'y': (1, 4, 8, 8)}[name]


class Context:
    profiler = None

    def __init__(self, engine):
        self.engine, self.addresses, self.given = engine, {}, {}

    def get_tensor_shape(self, name):
        return self.engine.get_tensor_shape(name)

    def set_input_shape(self, name, dims):
        self.given[name] = dims
        return True

    def set_tensor_address(self, name, pointer):
        assert libcuda.allocated[pointer] >= {'x': 768, 'ids': 32, 'y': 512}[name]
        self.addresses[name] = pointer
        return True

    def execute_async_v3(self, stream):
        assert stream and len(self.addresses) == 3
        libcuda.run_took_time()
        if self.profiler:
            self.profiler.report_layer_time('quantize', 0.1)
            self.profiler.report_layer_time('conv', 0.3)
        return True


class Runtime:
    def __init__(self, _logger):
        pass

    def deserialize_cuda_engine(self, data):
        return Engine(json.loads(data))


if MAJOR >= 10:

    class IProgressMonitor:
        """Base of monitors."""
