"""Builds one engine with TensorRT's Python package and times it: the part of `qdq-lab build` that needs a GPU.

Reads one request, a line of JSON, from standard input (or as its only argument) and prints one event, a line of JSON, at a
time: `hello` (versions and GPU), `progress`, `note`, and at the end one of `done`, `refused` (TensorRT said no) and
`failed` (something around it did, `code` tells what). Run as a process of its own for each model, since a builder that
aborts takes its process with it. When standard input closes, whoever asked is gone, and the process ends.

Request: {"probe": true}, or {"model", "mode": best|fp16|int8|strong, "layers", "profile", "times", "log", "engine" or null,
"timingCache" or null, "workspaceMb" or null, "maxTactics" or null, "runs", "shapes": {input: [min, opt, max]}}; paths are
relative to the working folder. Needs Python 3.8 or later, `tensorrt` 8.2 or later, and NVIDIA's driver; nothing else.
"""
import errno
import json
import os
import re
import sys
import threading
import time
import traceback

import cuda_driver
import engine_run

# Lines about single kernels: nine tenths of a verbose log, and different in each build.
TACTIC_LINE = re.compile(
    r'^(Tactic( Name)?:|Skipping|-{5,} ?Timing Runner|>{5,} ?Chose Runner|Fastest Tactic|'
    r'Deleting timing cache|.*has been disqualified|.*tactic.*(skipped|time))',
    re.IGNORECASE,
)
LETTERS = {'INTERNAL_ERROR': 'F', 'ERROR': 'E', 'WARNING': 'W', 'INFO': 'I', 'VERBOSE': 'V'}
GPU_MEMORY = re.compile(r'out ?of ?memory|could not be allocated|insufficient memory', re.IGNORECASE)
FLAGS = {'best': ('FP16', 'INT8'), 'fp16': ('FP16',), 'int8': ('INT8',), 'strong': ()}
SECONDS_BETWEEN_EVENTS = 0.1
MEGABYTE = 1024 * 1024


class Failure(Exception):
    """Something around TensorRT that keeps it from building; `code` says what."""

    def __init__(self, code, reason):
        Exception.__init__(self, reason)
        self.code = code


class Events:
    """Writes events to what standard output was, which nobody else then writes to."""

    def __init__(self):
        self.out = os.fdopen(os.dup(1), 'w', encoding='utf-8')
        os.dup2(2, 1)
        self.last, self.step = 0.0, None

    def tell(self, event, **facts):
        """One event."""
        self.out.write(json.dumps({'event': event, **facts}) + '\n')
        self.out.flush()

    def progress(self, step, fraction):
        """How far a step is, from 0 to 1; not more often than somebody could read."""
        now = time.monotonic()
        if step == self.step and now - self.last < SECONDS_BETWEEN_EVENTS:
            return
        self.last, self.step = now, step
        self.tell('progress', step=step, fraction=round(min(1.0, max(0.0, fraction)), 4))


def import_tensorrt():
    """TensorRT's package; raises Failure where it, or a library that it needs, is missing."""
    try:
        import tensorrt
    except ModuleNotFoundError as error:
        raise Failure('no-tensorrt', str(error))
    except (ImportError, OSError) as error:
        raise Failure('no-library', str(error))
    if not hasattr(tensorrt, 'Builder'):
        raise Failure('no-tensorrt', 'the module tensorrt at %s holds no builder' % getattr(tensorrt, '__file__', None))
    return tensorrt


def open_driver():
    """The driver; raises Failure where there is none, or no GPU."""
    try:
        return cuda_driver.Driver()
    except cuda_driver.NoDriver as error:
        raise Failure('no-driver', str(error))
    except cuda_driver.CudaError as error:
        no_gpu = error.code in (cuda_driver.NO_DEVICE, cuda_driver.NO_SUCH_DEVICE)
        mismatch = error.code in (cuda_driver.DRIVER_MISMATCH, cuda_driver.OLD_COMPATIBILITY)
        code = 'no-gpu' if no_gpu else 'driver-mismatch' if mismatch else cuda_code(error)
        raise Failure(code, str(error))


def cuda_code(error):
    """How a refused call of the driver is called in a `failed` event."""
    return 'gpu-memory' if error.code == cuda_driver.OUT_OF_MEMORY else 'cuda'


def make_log(trt, path, gpu):
    """TensorRT's lines in order, one letter of severity before each, written at once: a build that is stopped has a log."""

    class Log(trt.ILogger):
        def __init__(self):
            trt.ILogger.__init__(self)
            self.file, self.wrong = open(path, 'w', buffering=1, encoding='utf-8', errors='replace'), []

        def log(self, severity, message):
            if TACTIC_LINE.match(message):
                return
            self.say(LETTERS.get(severity.name, '?'), message)
            if severity.name in ('ERROR', 'INTERNAL_ERROR'):
                self.wrong.append(' '.join(message.split()))

        def say(self, letter, message):
            self.file.write('[%s] %s\n' % (letter, message))

        def errors(self):
            """The last errors as one line."""
            return ' | '.join(self.wrong[-4:])[-1200:]

    log = Log()
    log.say('I', 'TensorRT version: %s' % trt.__version__)
    log.say('I', '=== Device Information ===')
    log.say('I', 'Selected Device: %s' % gpu['name'])
    log.say('I', 'Compute Capability: %d.%d' % (gpu['sm'] // 10, gpu['sm'] % 10))
    return log


def make_monitor(trt, events):
    """What tells the builder's progress, from TensorRT 10.0 on, else None."""
    if not hasattr(trt, 'IProgressMonitor'):
        return None

    class Monitor(trt.IProgressMonitor):
        def __init__(self):
            trt.IProgressMonitor.__init__(self)
            self.phases, self.lock = {}, threading.Lock()

        def phase_start(self, phase_name, parent_phase, num_steps):
            with self.lock:
                self.phases[phase_name] = [parent_phase, max(1, num_steps), 0]

        def phase_finish(self, phase_name):
            with self.lock:
                self.phases.pop(phase_name, None)

        def step_complete(self, phase_name, step):
            with self.lock:
                if phase_name in self.phases:
                    self.phases[phase_name][2] = step + 1
                events.progress('building', whole_fraction(self.phases))
            return True

    return Monitor()


def whole_fraction(phases):
    """How much of the outermost phase is done, with what the phases inside have done of its present step."""

    def fraction(name):
        inside = [fraction(child) for child, (parent, _steps, _done) in phases.items() if parent == name]
        _parent, steps, done = phases[name]
        return min(1.0, (done + min(1.0, sum(inside))) / steps)

    return max([fraction(name) for name, (parent, _s, _d) in phases.items() if parent not in phases] or [0.0])


def network_flags(trt, mode):
    """How a network is created in this mode; raises Failure where this TensorRT does not have it."""
    flags, known = 0, trt.NetworkDefinitionCreationFlag.__members__
    if mode == 'strong':
        if 'STRONGLY_TYPED' not in known:
            raise Failure('mode', 'TensorRT %s has no strongly typed networks' % trt.__version__)
        flags |= 1 << int(known['STRONGLY_TYPED'])
    elif [flag for flag in FLAGS[mode] if flag not in trt.BuilderFlag.__members__]:
        raise Failure('mode', 'TensorRT %s builds strongly typed networks only' % trt.__version__)
    # From 10.0 on every network has an explicit batch, and the flag does nothing.
    if 'EXPLICIT_BATCH' in known and int(trt.__version__.split('.')[0]) < 10:
        flags |= 1 << int(known['EXPLICIT_BATCH'])
    return flags


def parse(trt, builder, request, log):
    """The network of the model, and its parser, which must live as long. Raises Refusal with TensorRT's words."""
    network = builder.create_network(network_flags(trt, request['mode']))
    parser = trt.OnnxParser(network, log)
    if not parser.parse_from_file(request['model']):
        words = [' '.join(str(parser.get_error(i).desc()).split()) for i in range(parser.num_errors)]
        raise engine_run.Refusal('; '.join(words) or log.errors() or 'the parser refused the model and gave no reason')
    return network, parser


def has_quantizers(trt, network):
    """Whether the network says itself where INT8 goes."""
    kinds = (getattr(trt.LayerType, 'QUANTIZE', None), getattr(trt.LayerType, 'DEQUANTIZE', None))
    return any(network.get_layer(i).type in kinds for i in range(network.num_layers))


def set_dummy_ranges(trt, network):
    """Ranges for implicit INT8, as trtexec sets them: 2 for inputs and pooling, 4 for other outputs."""
    for i in range(network.num_layers):
        layer = network.get_layer(i)
        for k in range(layer.num_inputs):
            set_range(layer.get_input(k), 2.0)
        bound = 2.0 if layer.type == trt.LayerType.POOLING else 4.0
        for k in range(layer.num_outputs):
            set_range(layer.get_output(k), bound)


def set_range(tensor, bound):
    """A range for a tensor that has none."""
    if tensor is not None and tensor.dynamic_range is None:
        tensor.set_dynamic_range(-bound, bound)


def configure(trt, builder, network, request, events):
    """The builder's configuration."""
    config = builder.create_builder_config()
    if hasattr(config, 'profiling_verbosity'):
        config.profiling_verbosity = trt.ProfilingVerbosity.DETAILED
    for flag in FLAGS[request['mode']]:
        config.set_flag(trt.BuilderFlag.__members__[flag])
    if 'INT8' in FLAGS[request['mode']] and not has_quantizers(trt, network):
        set_dummy_ranges(trt, network)
    workspace = request.get('workspaceMb')
    if workspace and hasattr(config, 'set_memory_pool_limit'):
        config.set_memory_pool_limit(trt.MemoryPoolType.WORKSPACE, workspace * MEGABYTE)
    elif workspace:
        config.max_workspace_size = workspace * MEGABYTE
    if request.get('maxTactics'):
        if hasattr(config, 'max_num_tactics'):
            config.max_num_tactics = request['maxTactics']
        else:
            events.tell('note', text='TensorRT %s cannot limit the tactics; it times all' % trt.__version__)
    monitor = make_monitor(trt, events)
    if monitor is not None and hasattr(config, 'progress_monitor'):
        config.progress_monitor = monitor
    return config, monitor


def set_shapes(builder, network, config, shapes):
    """A profile for dynamic inputs; raises Failure that names inputs without dimensions, or names that are no inputs."""
    inputs = {network.get_input(i).name: network.get_input(i) for i in range(network.num_inputs)}
    strangers = [name for name in shapes if name not in inputs]
    if strangers:
        raise Failure('shapes', 'there is no input %s; inputs are %s' % (', '.join(strangers), ', '.join(inputs)))
    dynamic = {name: tensor for name, tensor in inputs.items() if any(dim < 0 for dim in tensor.shape)}
    asked = [name for name, tensor in inputs.items() if name in dynamic or tensor.is_shape_tensor]
    missing = ['%s %s' % (name, shape_text(inputs[name].shape)) for name in asked if name not in shapes]
    if missing:
        raise Failure('shapes', 'no size is given for the dynamic input %s' % ', '.join(missing))
    check_shapes(inputs, asked, shapes)
    if not asked:
        return
    profile = builder.create_optimization_profile()
    for name in asked:
        set_range_of = profile.set_shape_input if inputs[name].is_shape_tensor else profile.set_shape
        set_range_of(name, *shapes[name])
    if config.add_optimization_profile(profile) < 0:
        raise Failure('shapes', 'TensorRT does not accept the shapes')


def check_shapes(inputs, asked, shapes):
    """Raises Failure for given dimensions that the model does not allow."""
    for name, dims in ((name, dims) for name, three in shapes.items() for dims in three):
        fixed = tuple(inputs[name].shape)
        fits = len(dims) == len(fixed) and all(have < 0 or have == dim for have, dim in zip(fixed, dims))
        if not fits and not (name in asked and inputs[name].is_shape_tensor):
            raise Failure('shapes', 'input %s is %s, which is not %s' % (name, shape_text(fixed), shape_text(dims)))


def shape_text(dims):
    """Such as ?x3x224x224."""
    return 'x'.join('?' if dim < 0 else str(dim) for dim in dims) or 'a scalar'


class TimingCache:
    """The file of kernel times that builds share: read before a build, added to after it."""

    def __init__(self, config, path, events):
        self.config, self.path, self.events = config, path, events
        usable = path and hasattr(config, 'create_timing_cache')
        if path and not usable:
            events.tell('note', text='this TensorRT has no timing cache')
        self.cache = self.attach() if usable else None

    def attach(self):
        """Kernel times of earlier builds; none where the file is of another TensorRT or GPU, or damaged."""
        data = read_bytes(self.path)
        cache = self.config.create_timing_cache(data)
        if cache is not None and self.config.set_timing_cache(cache, False):
            return cache
        self.events.tell('note', text='the timing cache is of another TensorRT or GPU, or damaged: it is begun anew')
        cache = self.config.create_timing_cache(b'')
        return cache if cache is not None and self.config.set_timing_cache(cache, False) else None

    def keep(self):
        """Adds this build's kernel times to the file, which other builds may have written meanwhile. It appears whole."""
        if self.cache is None:
            return
        with locked_folder(os.path.dirname(os.path.abspath(self.path))):
            now = read_bytes(self.path)
            other = self.config.create_timing_cache(now) if now else None
            if other is not None:
                self.cache.combine(other, False)
            write_whole(self.path, memoryview(self.cache.serialize()))


class locked_folder:
    """Holds off other processes that write the timing cache of a folder, where the system can."""

    def __init__(self, folder):
        self.folder, self.handle = folder, None

    def __enter__(self):
        try:
            import fcntl

            self.handle = os.open(self.folder, os.O_RDONLY)
            fcntl.flock(self.handle, fcntl.LOCK_EX)
        except (ImportError, OSError) as error:
            # Some network drives and systems cannot; two builds at once may then lose kernel times, never more.
            print('no lock: %s' % error, file=sys.stderr)

    def __exit__(self, *_):
        if self.handle is not None:
            os.close(self.handle)


def read_bytes(path):
    """A file's bytes, none where it is absent."""
    if not path or not os.path.exists(path):
        return b''
    with open(path, 'rb') as file:
        return file.read()


def write_whole(path, data):
    """A file that appears whole or not at all."""
    part = '%s.%d.part' % (path, os.getpid())
    try:
        with open(part, 'wb') as file:
            file.write(data)
        os.replace(part, path)
    except BaseException:
        if os.path.exists(part):
            os.remove(part)
        raise


def write_json_lines(path, value):
    """JSON with one element of the outermost lists a line, for people and for differences between files."""
    if isinstance(value, dict):
        parts = ['%s:%s' % (json.dumps(key), lines_of(inner)) for key, inner in value.items()]
        text = '{' + ',\n'.join(parts) + '}\n'
    else:
        text = lines_of(value) + '\n'
    write_whole(path, text.encode('utf-8'))


def lines_of(value):
    """A list with an element a line, anything else on one."""
    if not isinstance(value, list) or not value:
        return json.dumps(value, separators=(',', ':'))
    return '[\n' + ',\n'.join(json.dumps(item, separators=(',', ':')) for item in value) + '\n]'


def write_layers(trt, engine, context, path, is_dynamic):
    """What the inspector tells; returns the number of layers. Not before TensorRT 8.2."""
    if not hasattr(engine, 'create_engine_inspector'):
        raise Failure('version', 'TensorRT %s has no engine inspector; 8.2 is the first that has' % trt.__version__)
    inspector = engine.create_engine_inspector()
    if is_dynamic:
        inspector.execution_context = context
    found = json.loads(inspector.get_engine_information(trt.LayerInformationFormat.JSON), strict=False)
    write_json_lines(path, found)
    return len(found['Layers'])


def summarize(log, rows):
    """The performance summary in the words of trtexec's log."""
    times = sorted(row['computeMs'] for row in rows)
    last = len(times) - 1
    parts = [('min', times[0]), ('max', times[-1]), ('mean', sum(times) / len(times)), ('median', middle(times))]
    parts += [('percentile(%d%%)' % share, times[int(share / 100 * last)]) for share in (90, 95, 99)]
    line = ', '.join('%s = %.6g ms' % part for part in parts)
    log.say('I', '=== Performance summary ===')
    for heading in ('Latency', 'GPU Compute Time'):
        log.say('I', '%s: %s' % (heading, line))
    return {'runs': len(times), 'computeMedianMs': middle(times), 'computeP95Ms': times[int(0.95 * last)]}


def middle(times):
    """The median of sorted numbers."""
    half = len(times) // 2
    return times[half] if len(times) % 2 else (times[half - 1] + times[half]) / 2


def build(trt, driver, request, log, events):
    """The serialized engine and the seconds that it took."""
    start = time.monotonic()
    events.progress('reading the model', 0.0)
    builder = trt.Builder(log)
    network, parser = parse(trt, builder, request, log)
    config, monitor = configure(trt, builder, network, request, events)
    set_shapes(builder, network, config, request.get('shapes') or {})
    cache = TimingCache(config, request.get('timingCache'), events)
    events.progress('building', 0.0)
    data = builder.build_serialized_network(network, config)
    if data is None:
        words = log.errors() or 'no engine, and no error either'
        raise Failure('gpu-memory', words) if GPU_MEMORY.search(words) else engine_run.Refusal(words)
    cache.keep()
    # Both have to live until here, though nothing reads them.
    del monitor, parser
    return data, time.monotonic() - start


def time_engine(session, request, log, events):
    """Times of whole runs as a CUDA graph, and of layers without one. Returns the figures."""
    events.progress('timing', 0.0)
    start_run, reason = session.graph_or_none()
    if start_run is None:
        events.tell('note', text='timed without a CUDA graph: %s' % reason)
        start_run = session.enqueue
    session.warm_up(start_run)
    clocks = session.clocks()
    rows = session.measure(start_run, request['runs'], lambda share: events.progress('timing', share))
    write_json_lines(request['times'], rows)
    profile = session.profile(lambda share: events.progress('timing layers', share))
    write_json_lines(request['profile'], profile)
    return {**summarize(log, rows), **clocks, 'graph': reason is None}


def run(request, events):
    """Does what was asked, and tells how it ended."""
    trt = import_tensorrt()
    driver = open_driver()
    gpu = driver.describe()
    monitor = cuda_driver.Monitor(gpu['bus'])
    gpu['driver'] = monitor.driver_version()
    events.tell('hello', trt=trt.__version__, python='.'.join(map(str, sys.version_info[:3])), gpu=gpu)
    if request.get('probe'):
        return
    log = make_log(trt, request['log'], gpu)
    try:
        data, seconds = build(trt, driver, request, log, events)
        engine = trt.Runtime(log).deserialize_cuda_engine(data)
        if engine is None:
            raise engine_run.Refusal('the engine cannot be loaded: ' + log.errors())
        shapes = {name: three[1] for name, three in (request.get('shapes') or {}).items()}
        session = engine_run.Session(trt, driver, engine, shapes)
        session.clocks = lambda: {
            'smClockMhz': monitor.clock_mhz(cuda_driver.NVML_CLOCK_SM),
            'memoryClockMhz': monitor.clock_mhz(cuda_driver.NVML_CLOCK_MEMORY),
        }
        layers = write_layers(trt, engine, session.context, request['layers'], bool(shapes))
        if request.get('engine'):
            write_whole(request['engine'], memoryview(data))
        figures = time_engine(session, request, log, events)
    except TypeError as error:
        # pybind11's way to say that TensorRT gave no object.
        raise engine_run.Refusal(log.errors() or str(error)) if 'nullptr' in str(error) else error
    except engine_run.Refusal as refusal:
        words = log.errors()
        raise Failure('gpu-memory', words) if GPU_MEMORY.search(words) else refusal
    events.tell('done', layers=layers, buildSeconds=round(seconds, 3), engineBytes=data.nbytes, **figures)


def watch(stream):
    """Ends the process when whoever asked is gone. Nothing has to be put in order: files have their names only when whole."""
    while stream.read(4096):
        pass
    os._exit(130)


def read_request():
    """The request; a watch is set where it comes by standard input."""
    if len(sys.argv) > 1:
        return json.loads(sys.argv[1])
    stream = sys.stdin.buffer
    line = stream.readline()
    threading.Thread(target=watch, args=(stream,), daemon=True).start()
    return json.loads(line.decode('utf-8'))


def code_of(error):
    """How an OSError is called in a `failed` event."""
    return 'disk-full' if error.errno in (errno.ENOSPC, getattr(errno, 'EDQUOT', None)) else 'file'


def main():
    """Returns the exit status: 0 done, 1 anything else, 70 for a defect, whose trace goes to standard error."""
    events = Events()
    try:
        run(read_request(), events)
        return 0
    except engine_run.Refusal as refusal:
        events.tell('refused', reason=str(refusal))
    except Failure as failure:
        events.tell('failed', code=failure.code, reason=str(failure))
    except cuda_driver.CudaError as error:
        events.tell('failed', code=cuda_code(error), reason=str(error))
    except MemoryError:
        events.tell('failed', code='host-memory', reason='no memory is left')
    except OSError as error:
        events.tell('failed', code=code_of(error), reason=str(error))
    except Exception:
        traceback.print_exc()
        return 70
    return 1


if __name__ == '__main__':
    # Not exit(): destructors of a library that failed may hang or crash, and all that matters is written.
    status = main()
    sys.stderr.flush()
    os._exit(status)
