"""The few calls of the CUDA driver and of NVML that a build needs, through ctypes: no package beside Python itself.

Source: NVIDIA, CUDA Driver API (modules Initialization, Device, Primary Context, Memory, Stream, Event, Graph) and
NVML API Reference.
"""
import ctypes
import os
import sys
from ctypes import byref, c_char_p, c_float, c_int, c_size_t, c_uint, c_ulonglong, c_void_p

COMPUTE_CAPABILITY_MAJOR, COMPUTE_CAPABILITY_MINOR = 75, 76
NON_BLOCKING_STREAM, THREAD_LOCAL_CAPTURE = 1, 1
OUT_OF_MEMORY, NO_DEVICE, NO_SUCH_DEVICE, DRIVER_MISMATCH, OLD_COMPATIBILITY = 2, 100, 101, 803, 804
NVML_CLOCK_SM, NVML_CLOCK_MEMORY = 1, 2


class CudaError(Exception):
    """A call that the driver refused. `code` is CUDA's own number."""

    def __init__(self, call, code, words):
        Exception.__init__(self, '%s: %s (CUDA error %d)' % (call, words, code))
        self.code = code


class NoDriver(Exception):
    """libcuda cannot be loaded: no driver is installed here."""


def load(names):
    """The first of these libraries that is there. Raises OSError with the last reason."""
    reason = OSError('no name given')
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError as error:
            reason = error
    raise reason


class Driver:
    """The driver with the primary context of the first GPU, which TensorRT's own calls then share."""

    def __init__(self):
        try:
            names = ['nvcuda.dll'] if os.name == 'nt' else ['libcuda.so.1', 'libcuda.so']
            self.lib = load(names)
        except OSError as error:
            raise NoDriver(str(error))
        self.call('cuInit', c_uint(0))
        self.device, context = c_int(), c_void_p()
        self.call('cuDeviceGet', byref(self.device), c_int(0))
        self.call('cuDevicePrimaryCtxRetain', byref(context), self.device)
        self.call('cuCtxSetCurrent', context)

    def call(self, name, *arguments):
        """Calls the driver; raises CudaError on anything but success."""
        code = getattr(self.lib, name)(*arguments)
        if code != 0:
            raise CudaError(name, code, self.words(code))

    def has(self, name):
        """Whether this driver knows the call."""
        return hasattr(self.lib, name)

    def words(self, code):
        """What the driver calls an error."""
        text = c_char_p()
        if self.lib.cuGetErrorString(c_int(code), byref(text)) == 0 and text.value:
            return text.value.decode('utf-8', 'replace')
        return 'unknown error'

    def describe(self):
        """Name, compute capability times ten, memory in bytes and PCI address of the GPU."""
        name, bus, memory = ctypes.create_string_buffer(256), ctypes.create_string_buffer(64), c_size_t()
        self.call('cuDeviceGetName', name, c_int(256), self.device)
        self.call('cuDeviceTotalMem_v2', byref(memory), self.device)
        self.call('cuDeviceGetPCIBusId', bus, c_int(64), self.device)
        major, minor = self.attribute(COMPUTE_CAPABILITY_MAJOR), self.attribute(COMPUTE_CAPABILITY_MINOR)
        return {
            'name': name.value.decode('utf-8', 'replace'),
            'sm': 10 * major + minor,
            'memoryBytes': memory.value,
            'bus': bus.value.decode('ascii', 'replace'),
        }

    def attribute(self, number):
        """One of the numbers that describe the GPU."""
        value = c_int()
        self.call('cuDeviceGetAttribute', byref(value), c_int(number), self.device)
        return value.value

    def free_bytes(self):
        """Memory of the GPU that nobody uses."""
        free, total = c_size_t(), c_size_t()
        self.call('cuMemGetInfo_v2', byref(free), byref(total))
        return free.value

    def allocate(self, size):
        """Memory on the GPU, never of no size."""
        pointer = c_ulonglong()
        self.call('cuMemAlloc_v2', byref(pointer), c_size_t(max(1, size)))
        return pointer.value

    def copy_in(self, pointer, data):
        """Bytes of the host to memory on the GPU."""
        self.call('cuMemcpyHtoD_v2', c_ulonglong(pointer), data, c_size_t(len(data)))

    def clear(self, pointer, size):
        """Zeros."""
        self.call('cuMemsetD8_v2', c_ulonglong(pointer), ctypes.c_ubyte(0), c_size_t(max(1, size)))

    def stream(self):
        """A stream that waits for no other."""
        stream = c_void_p()
        self.call('cuStreamCreate', byref(stream), c_uint(NON_BLOCKING_STREAM))
        return stream.value

    def synchronize(self, stream):
        """Waits for all that was queued."""
        self.call('cuStreamSynchronize', c_void_p(stream))

    def event(self):
        """An event that keeps time."""
        event = c_void_p()
        self.call('cuEventCreate', byref(event), c_uint(0))
        return event.value

    def record(self, event, stream):
        """Puts an event into the queue."""
        self.call('cuEventRecord', c_void_p(event), c_void_p(stream))

    def elapsed_ms(self, first, last):
        """Milliseconds between two events that have passed."""
        ms = c_float()
        self.call('cuEventElapsedTime', byref(ms), c_void_p(first), c_void_p(last))
        return ms.value

    def capture(self, stream, enqueue):
        """What `enqueue` queues as a graph that can be launched again; raises CudaError or what `enqueue` raises."""
        graph, launchable = c_void_p(), c_void_p()
        self.call('cuStreamBeginCapture_v2', c_void_p(stream), c_int(THREAD_LOCAL_CAPTURE))
        try:
            enqueue()
        except Exception:
            # Leaves the capture; that the graph is then invalid is known already.
            self.lib.cuStreamEndCapture(c_void_p(stream), byref(graph))
            raise
        self.call('cuStreamEndCapture', c_void_p(stream), byref(graph))
        self.call('cuGraphInstantiateWithFlags', byref(launchable), graph, c_ulonglong(0))
        return launchable.value

    def launch(self, graph, stream):
        """Queues a captured graph."""
        self.call('cuGraphLaunch', c_void_p(graph), c_void_p(stream))


class Monitor:
    """Driver version and clocks through NVML; None for each that cannot be read, since nothing depends on them."""

    def __init__(self, bus):
        self.handle = c_void_p()
        try:
            self.lib = load(['nvml.dll'] if os.name == 'nt' else ['libnvidia-ml.so.1'])
            known = self.lib.nvmlInit_v2() == 0
            address = c_char_p(bus.encode('ascii'))
            self.known = known and self.lib.nvmlDeviceGetHandleByPciBusId_v2(address, byref(self.handle)) == 0
        except (OSError, AttributeError) as error:
            print('no NVML: %s' % error, file=sys.stderr)
            self.known = False

    def driver_version(self):
        """Such as 550.54.15."""
        text = ctypes.create_string_buffer(96)
        if self.known and self.lib.nvmlSystemGetDriverVersion(text, c_uint(96)) == 0:
            return text.value.decode('ascii', 'replace')
        return None

    def clock_mhz(self, kind):
        """The clock at this moment."""
        value = c_uint()
        if self.known and self.lib.nvmlDeviceGetClockInfo(self.handle, c_int(kind), byref(value)) == 0:
            return value.value
        return None
