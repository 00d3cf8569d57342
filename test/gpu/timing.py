"""Times the engines of one network against each other on this machine's GPU.

Several placements of a network take turns, three times over, so that a clock which rises or falls
while they run favours none of them.
"""
import json
import statistics
import sys
import time

import tensorrt as trt
import torch

from engine import write_gz

WARM_UP_RUNS, WARM_UP_SECONDS, RUNS, CHUNK, REPEATS, PROFILED = 50, 0.3, 200, 20, 3, 60
DTYPES = {
    trt.float32: torch.float32, trt.float16: torch.float16, trt.int8: torch.int8, trt.int32: torch.int32,
    trt.int64: torch.int64, trt.bool: torch.bool, trt.uint8: torch.uint8, trt.bfloat16: torch.bfloat16,
}


class Profiler(trt.IProfiler):
    """Collects milliseconds by layer, in the order in which layers run."""

    def __init__(self):
        trt.IProfiler.__init__(self)
        self.times = {}

    def report_layer_time(self, name, ms):
        self.times.setdefault(name, []).append(ms)


def values(shape, dtype, generator):
    """Random normal values for floats; zeros, a legal index anywhere, for all else."""
    if dtype.is_floating_point:
        return torch.randn(shape, generator=generator).to(dtype).cuda()
    return torch.zeros(shape, dtype=dtype, device='cuda')


class Session:
    """An engine with its buffers on a stream of its own."""

    def __init__(self, plan, log):
        self.runtime = trt.Runtime(log)
        with open(plan, 'rb') as file:
            self.engine = self.runtime.deserialize_cuda_engine(file.read())
        self.context, self.stream = self.engine.create_execution_context(), torch.cuda.Stream()
        self.buffers, generator = [], torch.Generator().manual_seed(1)
        for i in range(self.engine.num_io_tensors):
            name = self.engine.get_tensor_name(i)
            shape, dtype = tuple(self.engine.get_tensor_shape(name)), DTYPES[self.engine.get_tensor_dtype(name)]
            if self.engine.get_tensor_mode(name) == trt.TensorIOMode.INPUT:
                buffer = values(shape, dtype, generator)
            else:
                buffer = torch.empty(shape, dtype=dtype, device='cuda')
            self.buffers.append(buffer)
            self.context.set_tensor_address(name, buffer.data_ptr())
        torch.cuda.synchronize()

    def enqueue(self):
        """Starts one run; raises where TensorRT refuses."""
        if not self.context.execute_async_v3(self.stream.cuda_stream):
            raise RuntimeError('execute_async_v3 refused')

    def warm_up(self):
        """Runs until caches are full and clocks are up; returns the host's seconds for one enqueue."""
        start, runs = time.time(), 0
        while runs < WARM_UP_RUNS or time.time() - start < WARM_UP_SECONDS:
            self.enqueue()
            runs += 1
            if runs % CHUNK == 0:
                self.stream.synchronize()
        self.stream.synchronize()
        start = time.time()
        self.enqueue()
        host = time.time() - start
        self.stream.synchronize()
        return host


def measure(session, start_run, chunk, ahead_s=0.0):
    """Milliseconds of each of RUNS runs between two events. With ahead_s the GPU first waits that long
    before each chunk, so that the host is ahead and no launch is waited for."""
    times = []
    for _ in range(max(1, RUNS // chunk)):
        pairs = [[torch.cuda.Event(enable_timing=True) for _ in range(2)] for _ in range(chunk)]
        if ahead_s:
            with torch.cuda.stream(session.stream):
                torch.cuda._sleep(int(ahead_s * 1.98e9))
        for first, last in pairs:
            first.record(session.stream)
            start_run()
            last.record(session.stream)
        session.stream.synchronize()
        times += [first.elapsed_time(last) for first, last in pairs]
    return times


def capture(session):
    """A start function that replays the run as a CUDA graph, or None where it cannot be captured."""
    try:
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=session.stream, capture_error_mode='thread_local'):
            session.enqueue()
    except Exception as error:
        print(f'no CUDA graph: {error}', file=sys.stderr)
        return None

    def replay():
        with torch.cuda.stream(session.stream):
            graph.replay()

    return replay


def take_turns(sessions):
    """For each name of a session: its run times plainly queued, with the host ahead, and as a graph."""
    times = {name: {'plain': [], 'ahead': [], 'graph': []} for name in sessions}
    graphs, layers = {}, {name: s.engine.num_layers for name, s in sessions.items()}
    for name, session in sessions.items():
        session.warm_up()
        graphs[name] = capture(session)
    for _ in range(REPEATS):
        for name, session in sessions.items():
            host = session.warm_up()
            times[name]['plain'] += measure(session, session.enqueue, CHUNK)
            # The driver queues about a thousand launches; a fuller queue would block the host.
            chunk = max(1, min(CHUNK, 300 // max(1, layers[name])))
            times[name]['ahead'] += measure(session, session.enqueue, chunk, 2 * chunk * host + 0.0005)
            if graphs[name]:
                times[name]['graph'] += measure(session, graphs[name], CHUNK)
    return times


def profile(session, path):
    """Writes the median milliseconds of each layer."""
    profiler = Profiler()
    session.context.profiler = profiler
    for _ in range(PROFILED):
        session.enqueue()
        session.stream.synchronize()
    medians = {name: statistics.median(ms) for name, ms in profiler.times.items()}
    total = sum(medians.values()) or 1
    rows = [{'count': PROFILED}] + [
        {'name': name, 'medianMs': round(ms, 6), 'percentage': round(100 * ms / total, 3)}
        for name, ms in medians.items()
    ]
    write_gz(path, '[\n' + ',\n'.join(json.dumps(row) for row in rows) + '\n]\n')


def figures(times):
    """Medians and the 95th percentile, in milliseconds."""
    plain = sorted(times['plain'])
    found = {'median_ms': statistics.median(plain), 'p95_ms': plain[int(0.95 * (len(plain) - 1))]}
    for key in ('ahead', 'graph'):
        if times[key]:
            found[key + '_ms'] = statistics.median(times[key])
    return {key: round(ms, 5) for key, ms in found.items()}


def main():
    """Reads {name: {plan, stem}} as JSON from standard input; prints {name: figures}."""
    log, jobs, sessions, result = trt.Logger(trt.Logger.WARNING), json.load(sys.stdin), {}, {}
    for name, job in jobs.items():
        try:
            sessions[name] = Session(job['plan'], log)
        except Exception as error:
            result[name] = {'note': f'not timed: {error}'}
    for name, times in take_turns(sessions).items():
        result[name] = figures(times)
    for name, session in sessions.items():
        try:
            profile(session, jobs[name]['stem'] + '.profile.json.gz')
        except Exception as error:
            result[name]['note'] = f'not profiled: {error}'
    print(json.dumps(result))


if __name__ == '__main__':
    main()
