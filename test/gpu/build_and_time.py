"""Builds ONNX models with TensorRT, then times them network by network.

    build_and_time.py [--mode best|fp16|strong] --out DIR [--timing-cache FILE] MODEL.onnx[:MODE]...

A model is named NETWORK.PLACEMENT.onnx. Its engine's layers, profile and log go to DIR as
NETWORK.PLACEMENT.MODE.{layer.json,profile.json,log}.gz, and its figures to a row of DIR/results.tsv as
soon as its network is timed. What fails for one model is a note in its row and stops no other.
With --work DIR, plans are kept there, and a later call builds only what is missing.
Needs TensorRT's Python package, torch (memory, streams, events) and an NVIDIA GPU.
"""
import argparse
import concurrent.futures
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MODES = ('best', 'fp16', 'strong')
COLUMNS = ('network', 'placement', 'mode', 'median_ms', 'p95_ms', 'ahead_ms', 'graph_ms', 'layers', 'build_s', 'engine_mb', 'note')


def options():
    """The command line."""
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument('models', nargs='+')
    args.add_argument('--mode', choices=MODES, default='best')
    args.add_argument('--out', required=True)
    args.add_argument('--timing-cache', default='')
    args.add_argument('--work', default='', help='keeps engines between calls')
    args.add_argument('--max-tactics', type=int, default=0, help="kernels timed a layer, at most; 0 is TensorRT's own choice")
    args.add_argument('--jobs', type=int, default=1, help='networks built at a time; more than one makes kernel choice noisier')
    args.add_argument('--build-until', type=float, default=1e9, help='seconds from the start at which building stops')
    return args.parse_args()


def describe(text, mode, given, work):
    """A model's job, from its path and perhaps a mode of its own."""
    path, _, own = text.rpartition(':') if text.rsplit(':', 1)[-1] in MODES else (text, '', '')
    network, placement = (os.path.basename(path).removesuffix('.onnx').split('.', 1) + ['fp'])[:2]
    name = f'{network}.{placement}.{own or mode}'
    return {
        'path': path, 'network': network, 'placement': placement, 'mode': own or mode, 'name': name,
        'stem': os.path.join(given.out, name), 'plan': os.path.join(work, name + '.plan'),
    }


def last_json(text):
    """The object on the last line of a program's output that is one, or None."""
    for line in reversed(text.splitlines()):
        try:
            return json.loads(line)
        except ValueError:
            continue
    return None


def call(program, arguments, seconds, text=None):
    """A program of this folder: its JSON, or a note that says how it ended."""
    command = [sys.executable, os.path.join(HERE, program), *arguments]
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=seconds, errors='replace')
    except subprocess.TimeoutExpired:
        return {'note': f'stopped after {seconds:.0f} s'}
    found = last_json(done.stdout) if done.returncode == 0 else None
    return found or {'note': f'{program} ended with {done.returncode}: ' + ' '.join(done.stderr[-400:].split())}


def last_line(path):
    """Where a log ends, for the note of a build that was stopped."""
    if not os.path.exists(path):
        return ''
    with open(path, errors='replace') as file:
        return (file.read().splitlines() or [''])[-1][:120]


def compress_log(stem):
    """The log of a build that ended, in whatever way, as STEM.log.gz."""
    if os.path.exists(stem + '.log'):
        with open(stem + '.log', 'rb') as file, open(stem + '.log.gz', 'wb') as out:
            with gzip.GzipFile('', 'wb', 9, out, 0) as packed:
                packed.write(file.read())
        os.remove(stem + '.log')


def build(job, given, start):
    """Builds one engine unless it is there or time is up; returns the figures of its build."""
    figures, left = job['plan'] + '.json', given.build_until - (time.time() - start)
    if os.path.exists(job['plan']) and os.path.exists(figures):
        with open(figures) as file:
            return json.load(file)
    if left < 1:
        return {'note': 'not built: time was up'}
    options = ['--timing-cache', given.timing_cache, '--max-tactics', str(given.max_tactics)]
    found = call('engine.py', [job['path'], job['mode'], job['plan'], job['stem'], *options], min(left, 3600))
    if 'stopped' in found.get('note', ''):
        found['note'] += ' at: ' + last_line(job['stem'] + '.log')
    compress_log(job['stem'])
    if os.path.exists(job['plan']):
        with open(figures, 'w') as file:
            json.dump(found, file)
    print(f'{time.time() - start:6.1f} s  built {job["name"]}: {found}', flush=True)
    return found


def build_network(jobs, given, start):
    """The placements of a network one after the other: each finds the kernel times of the one before."""
    return {job['name']: build(job, given, start) for job in jobs}


def append_rows(path, jobs, figures):
    """One line a model; the heading where the file is new."""
    fresh = not os.path.exists(path)
    with open(path, 'a') as file:
        if fresh:
            file.write('\t'.join(COLUMNS) + '\n')
        for job in jobs:
            row = {**job, **figures[job['name']]}
            line = '\t'.join(str(row.get(c, '')).replace('\t', ' ') for c in COLUMNS)
            file.write(line + '\n')
            print(line, flush=True)


def time_network(jobs, figures, given):
    """Times all placements of a network in turns and writes their rows."""
    ready = {j['name']: {'plan': j['plan'], 'stem': j['stem']} for j in jobs if os.path.exists(j['plan'])}
    timed = call('timing.py', [], 300, json.dumps(ready)) if ready else {}
    for name in ready:
        figures[name].update(timed.get(name, {'note': timed.get('note', 'not timed')}))
    append_rows(os.path.join(given.out, 'results.tsv'), jobs, figures)


def run(given, work):
    """Builds several networks at a time, then, with the GPU quiet, times them one by one."""
    start, networks = time.time(), {}
    for text in given.models:
        job = describe(text, given.mode, given, work)
        networks.setdefault(job['network'], []).append(job)
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        built = list(pool.map(lambda jobs: build_network(jobs, given, start), networks.values()))
    for jobs, figures in zip(networks.values(), built):
        time_network(jobs, figures, given)
    print(f'{time.time() - start:6.1f} s  done', flush=True)


def main():
    """Engines go to a folder that stays, if one is named."""
    given = options()
    os.makedirs(given.out, exist_ok=True)
    if given.work:
        os.makedirs(given.work, exist_ok=True)
        run(given, given.work)
    else:
        with tempfile.TemporaryDirectory() as work:
            run(given, work)


if __name__ == '__main__':
    main()
