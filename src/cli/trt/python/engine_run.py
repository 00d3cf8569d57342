"""Runs a built engine with random numbers: times of whole runs and of single layers, in the shapes of trtexec's exports."""
import ctypes
import random
import statistics
import struct
import sys
import time

WARM_UP_RUNS, WARM_UP_SECONDS, CHUNK, PROFILED_RUNS = 10, 0.3, 20, 60
BITS = {
    'FLOAT': 32, 'HALF': 16, 'BF16': 16, 'INT8': 8, 'INT32': 32, 'INT64': 64, 'BOOL': 8, 'UINT8': 8, 'FP8': 8,
    'INT4': 4, 'FP4': 4, 'E8M0': 8,
}
RANDOM_VALUES = 4096


def size_of(dims, kind):
    """Bytes of a tensor. Raises ValueError for types whose size is not known."""
    if kind not in BITS:
        raise ValueError('the size of element type %s is not known' % kind)
    count = 1
    for dim in dims:
        count *= dim
    return (count * BITS[kind] + 7) // 8


def random_bytes(dims, kind):
    """Normal random numbers for floats, one block over and over; zeros, a legal index anywhere, for all else."""
    size, numbers = size_of(dims, kind), random.Random(1)
    values = [numbers.gauss(0, 1) for _ in range(RANDOM_VALUES)]
    if kind == 'FLOAT':
        block = struct.pack('<%df' % RANDOM_VALUES, *values)
    elif kind == 'HALF':
        block = struct.pack('<%de' % RANDOM_VALUES, *values)
    elif kind == 'BF16':
        block = b''.join(struct.pack('<f', value)[2:] for value in values)
    else:
        return bytes(size)
    return (block * (size // len(block) + 1))[:size]


def integer_bytes(values, kind):
    """Values of a shape input."""
    return struct.pack('<%d%s' % (len(values), 'q' if kind == 'INT64' else 'i'), *values)


class Refusal(Exception):
    """TensorRT does not do what it was asked for."""


class Session:
    """An engine with its buffers on a stream of its own. `shapes` are the dimensions of dynamic inputs, or values of shape
    inputs, by name."""

    def __init__(self, trt, driver, engine, shapes):
        self.trt, self.driver, self.engine, self.shapes = trt, driver, engine, shapes
        self.stream, self.kept, self.bindings = driver.stream(), [], []
        self.context = engine.create_execution_context()
        if self.context is None:
            raise Refusal('no execution context')
        if hasattr(engine, 'num_io_tensors'):
            self.bind_tensors()
        else:
            self.bind_bindings()

    def bind_tensors(self):
        """Buffers by name: TensorRT 8.5 on."""
        trt, engine, context = self.trt, self.engine, self.context
        names = [engine.get_tensor_name(i) for i in range(engine.num_io_tensors)]
        inputs = [name for name in names if engine.get_tensor_mode(name) == trt.TensorIOMode.INPUT]
        for name in inputs:
            self.bind_input(name)
        for name in names:
            if name in inputs:
                continue
            kind, dims = engine.get_tensor_dtype(name).name, tuple(context.get_tensor_shape(name))
            if engine.get_tensor_location(name) == trt.TensorLocation.HOST:
                self.host_buffer(name, bytes(max(1, context.get_max_output_size(name))))
            elif any(dim < 0 for dim in dims):
                self.allocate_output(name)
            else:
                context.set_tensor_address(name, self.driver.allocate(size_of(dims, kind)))

    def bind_input(self, name):
        """Dimensions and numbers of an input."""
        engine, context = self.engine, self.context
        kind, dims = engine.get_tensor_dtype(name).name, tuple(engine.get_tensor_shape(name))
        if engine.get_tensor_location(name) == self.trt.TensorLocation.HOST:
            values = self.shapes.get(name) or [1] * (dims[0] if dims else 1)
            self.host_buffer(name, integer_bytes(values, kind))
            return
        if any(dim < 0 for dim in dims):
            dims = tuple(self.shapes[name])
            if not context.set_input_shape(name, dims):
                raise Refusal('the shape of input %s is not accepted' % name)
        context.set_tensor_address(name, self.filled(dims, kind))

    def filled(self, dims, kind):
        """A buffer on the GPU with numbers in it."""
        data = random_bytes(dims, kind)
        pointer = self.driver.allocate(len(data))
        self.driver.copy_in(pointer, data)
        return pointer

    def host_buffer(self, name, data):
        """A buffer that stays alive as long as this object."""
        buffer = ctypes.create_string_buffer(data, max(64, len(data)))
        self.kept.append(buffer)
        self.context.set_tensor_address(name, ctypes.addressof(buffer))

    def allocate_output(self, name):
        """An output whose size only the run tells: a buffer for the largest there can be."""
        size = max(1, self.context.get_max_output_size(name))
        allocator = output_allocator(self.trt, self.driver.allocate(size))
        self.kept.append(allocator)
        self.context.set_output_allocator(name, allocator)

    def bind_bindings(self):
        """Buffers by position: before TensorRT 8.5."""
        engine, context = self.engine, self.context
        for i in range(engine.num_bindings):
            name, dims = engine.get_binding_name(i), tuple(engine.get_binding_shape(i))
            if engine.binding_is_input(i) and any(dim < 0 for dim in dims):
                context.set_binding_shape(i, tuple(self.shapes[name]))
        for i in range(engine.num_bindings):
            dims, kind = tuple(context.get_binding_shape(i)), engine.get_binding_dtype(i).name
            self.bindings.append(self.filled(dims, kind))

    def enqueue(self):
        """Starts one run; raises where TensorRT refuses."""
        if self.bindings:
            done = self.context.execute_async_v2(self.bindings, self.stream)
        else:
            done = self.context.execute_async_v3(self.stream)
        if not done:
            raise Refusal('a run of the engine was refused')

    def synchronize(self):
        """Waits for the runs that were started."""
        self.driver.synchronize(self.stream)

    def warm_up(self, start_run):
        """Runs until caches are full and clocks are up."""
        start, runs = time.perf_counter(), 0
        while runs < WARM_UP_RUNS or time.perf_counter() - start < WARM_UP_SECONDS:
            start_run()
            runs += 1
            if runs % CHUNK == 0:
                self.synchronize()
        self.synchronize()

    def graph_or_none(self):
        """A start function that replays the run as a CUDA graph, or None and why it cannot be captured."""
        missing = [c for c in ('cuStreamBeginCapture_v2', 'cuGraphInstantiateWithFlags') if not self.driver.has(c)]
        if missing:
            return None, 'the driver has no %s' % missing[0]
        try:
            self.enqueue()
            self.synchronize()
            graph = self.driver.capture(self.stream, self.enqueue)
        except Exception as error:
            self.stream = self.driver.stream()
            return None, str(error)
        return (lambda: self.driver.launch(graph, self.stream)), None

    def measure(self, start_run, runs, on_progress):
        """One row for each run, milliseconds since the first: trtexec's exportTimes without copies to and from the host."""
        base, rows, origin = self.driver.event(), [], time.perf_counter()
        self.driver.record(base, self.stream)
        pairs = [(self.driver.event(), self.driver.event()) for _ in range(min(CHUNK, runs))]
        while len(rows) < runs:
            queued = []
            for first, last in pairs[: runs - len(rows)]:
                begin = time.perf_counter()
                self.driver.record(first, self.stream)
                start_run()
                self.driver.record(last, self.stream)
                queued.append((begin - origin, time.perf_counter() - origin, first, last))
            self.synchronize()
            rows += [self.row(base, entry) for entry in queued]
            on_progress(len(rows) / runs)
        return rows

    def row(self, base, entry):
        """A run in the words of trtexec."""
        begin, end, first, last = entry
        start, compute = self.driver.elapsed_ms(base, first), self.driver.elapsed_ms(first, last)
        stop = start + compute
        row = {'startEnqMs': 1000 * begin, 'endEnqMs': 1000 * end, 'startH2dMs': start, 'endH2dMs': start}
        row.update({'startComputeMs': start, 'endComputeMs': stop, 'startD2hMs': stop, 'endD2hMs': stop})
        row.update({'h2dMs': 0.0, 'computeMs': compute, 'd2hMs': 0.0, 'latencyMs': compute})
        return {key: round(ms, 6) for key, ms in row.items()}

    def profile(self, on_progress):
        """Times by layer in the shape of trtexec's exportProfile: the number of runs, then layers in their order."""
        profiler = layer_profiler(self.trt)
        self.context.profiler = profiler
        for i in range(PROFILED_RUNS):
            profiler.runs.append([])
            self.enqueue()
            self.synchronize()
            on_progress((i + 1) / PROFILED_RUNS)
        return profile_rows([run for run in profiler.runs if run])


def layer_profiler(trt):
    """Collects what TensorRT reports of each run."""

    class Profiler(trt.IProfiler):
        def __init__(self):
            trt.IProfiler.__init__(self)
            self.runs = [[]]

        def report_layer_time(self, name, ms):
            self.runs[-1].append((name, ms))

    return Profiler()


def output_allocator(trt, pointer):
    """Gives out one buffer that is large enough."""

    class Allocator(trt.IOutputAllocator):
        def __init__(self):
            trt.IOutputAllocator.__init__(self)

        def reallocate_output(self, _name, _memory, _size, _alignment):
            return pointer

        def reallocate_output_async(self, _name, _memory, _size, _alignment, _stream):
            return pointer

        def notify_shape(self, _name, _shape):
            pass

    return Allocator()


def profile_rows(runs):
    """Rows of a profile. Layers may share a name: their place in the run tells them apart, where all runs agree on it."""
    if not runs:
        return [{'count': 0}]
    names = [name for name, _ms in runs[0]]
    if all([name for name, _ms in run] == names for run in runs):
        columns = [(name, [run[i][1] for run in runs]) for i, name in enumerate(names)]
    else:
        print('layers of the profile come in different orders: joined by name', file=sys.stderr)
        by_name = {}
        for run in runs:
            for name, ms in run:
                by_name.setdefault(name, []).append(ms)
        columns = list(by_name.items())
    whole = sum(sum(times) for _name, times in columns) or 1.0
    return [{'count': len(runs)}] + [
        {
            'name': name,
            'timeMs': round(sum(times), 6),
            'averageMs': round(sum(times) / len(runs), 8),
            'medianMs': round(statistics.median(times), 8),
            'percentage': round(100 * sum(times) / whole, 4),
        }
        for name, times in columns
    ]
