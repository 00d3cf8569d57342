"""STAND-IN for libcuda and NVML: keeps books of memory, streams and events, and lets half a millisecond pass with each run.

STAND_IN: no-driver, no-gpu, old-driver and gpu-memory-run go wrong as their names say; no-graph cannot capture.
"""
import ctypes
import os

HOW = os.environ.get('STAND_IN', '')
RUN_MS = 0.5
allocated, clock, events = {}, {'ms': 0.0, 'next': 1 << 20}, {}


def load(names):
    """In place of cuda_driver.load."""
    if HOW == 'no-driver' and 'cuda' in names[0]:
        raise OSError('%s: cannot open shared object file: No such file or directory' % names[-1])
    return Nvml() if 'nvidia-ml' in names[0] else Cuda()


def put(pointer, value):
    """Writes through byref(...)."""
    pointer._obj.value = value
    return 0


def fresh():
    """A handle or address that nobody has."""
    clock['next'] += 1 << 20
    return clock['next']


def run_took_time():
    """Called by the stand-in engine for each run."""
    clock['ms'] += RUN_MS


class Cuda:
    """The calls that the program makes; any other is an AttributeError, as in a driver that has it not."""

    def cuInit(self, _flags):
        return 100 if HOW == 'no-gpu' else 803 if HOW == 'old-driver' else 0

    def cuGetErrorString(self, code, text):
        words = {2: b'out of memory', 100: b'no CUDA-capable device is detected', 803: b'system has unsupported display driver / cuda driver combination'}
        text._obj.value = words.get(code.value, b'unknown error')
        return 0

    def cuDeviceGet(self, device, _index):
        return put(device, 0)

    def cuDevicePrimaryCtxRetain(self, context, _device):
        return put(context, fresh())

    def cuCtxSetCurrent(self, _context):
        return 0

    def cuDeviceGetName(self, name, _size, _device):
        name.value = b'NVIDIA Stand-In'
        return 0

    def cuDeviceTotalMem_v2(self, size, _device):
        return put(size, 80 << 30)

    def cuDeviceGetPCIBusId(self, bus, _size, _device):
        bus.value = b'0000:01:00.0'
        return 0

    def cuDeviceGetAttribute(self, value, number, _device):
        return put(value, {75: 9, 76: 0}[number.value])

    def cuMemAlloc_v2(self, pointer, size):
        if HOW == 'gpu-memory-run':
            return 2
        address = fresh()
        allocated[address] = size.value
        return put(pointer, address)

    def cuMemcpyHtoD_v2(self, pointer, data, size):
        assert len(data) == size.value <= allocated[pointer.value]
        return 0

    def cuStreamCreate(self, stream, flags):
        assert flags.value == 1
        return put(stream, fresh())

    def cuStreamSynchronize(self, stream):
        assert stream.value
        return 0

    def cuEventCreate(self, event, _flags):
        return put(event, fresh())

    def cuEventRecord(self, event, _stream):
        events[event.value] = clock['ms']
        return 0

    def cuEventElapsedTime(self, ms, first, last):
        return put(ms, events[last.value] - events[first.value])

    def cuStreamBeginCapture_v2(self, _stream, mode):
        assert mode.value == 1
        return 900 if HOW == 'no-graph' else 0

    def cuStreamEndCapture(self, _stream, graph):
        return put(graph, fresh())

    def cuGraphInstantiateWithFlags(self, launchable, _graph, _flags):
        return put(launchable, fresh())

    def cuGraphLaunch(self, _graph, _stream):
        run_took_time()
        return 0


class Nvml:
    """Driver version and clocks."""

    def nvmlInit_v2(self):
        return 0

    def nvmlDeviceGetHandleByPciBusId_v2(self, address, handle):
        assert isinstance(address, ctypes.c_char_p)
        return put(handle, 7)

    def nvmlSystemGetDriverVersion(self, text, _size):
        text.value = b'550.54.15'
        return 0

    def nvmlDeviceGetClockInfo(self, _handle, kind, value):
        return put(value, {1: 1980, 2: 2619}[kind.value])
