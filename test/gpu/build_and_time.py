"""Builds ONNX models with TensorRT, then times them network by network.

    build_and_time.py [--mode best|fp16|strong] --out DIR [--timing-cache FILE] MODEL.onnx[:MODE]...

A model is named NETWORK.PLACEMENT.onnx. Its engine's layers, profile and log go to DIR as
NETWORK.PLACEMENT.MODE.{layer.json,profile.json,log}.gz, and its figures to a row of DIR/results.tsv as
soon as its network is done. What fails for one model is a note in its row and stops no other.
Needs TensorRT's Python package, torch (memory, streams, events) and an NVIDIA GPU.
"""
import argparse
import concurrent.futures
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
    args.add_argument('--jobs', type=int, default=1, help='builds at a time; more than one makes kernel choice noisier')
    args.add_argument('--budget', type=float, default=1e9, help='seconds after which no further build starts')
    args.add_argument('--one-build', type=float, default=240, help='seconds after which one build is stopped')
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


def build(job, given, start):
    """Builds one engine unless time is up."""
    if time.time() - start > given.budget:
        return {'note': 'not built: time was up'}
    found = call('engine.py', [job['path'], job['mode'], job['plan'], job['stem'], '--timing-cache', given.timing_cache], given.one_build)
    print(f'{time.time() - start:6.1f} s  built {job["name"]}: {found}', flush=True)
    return found


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


def network_done(jobs, given, start):
    """Builds all placements of a network, times them in turns, writes their rows."""
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        built = list(pool.map(lambda job: build(job, given, start), jobs))
    figures = {job['name']: found for job, found in zip(jobs, built)}
    ready = {j['name']: {'plan': j['plan'], 'stem': j['stem']} for j in jobs if os.path.exists(j['plan'])}
    timed = call('timing.py', [], 300, json.dumps(ready)) if ready else {}
    for name in ready:
        figures[name].update(timed.get(name, {'note': timed.get('note', 'not timed')}))
        os.remove(ready[name]['plan'])
    append_rows(os.path.join(given.out, 'results.tsv'), jobs, figures)


def main():
    """Network after network, in the order in which they are first named."""
    given, start = options(), time.time()
    os.makedirs(given.out, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        networks = {}
        for text in given.models:
            job = describe(text, given.mode, given, work)
            networks.setdefault(job['network'], []).append(job)
        for jobs in networks.values():
            network_done(jobs, given, start)
    print(f'{time.time() - start:6.1f} s  done', flush=True)


if __name__ == '__main__':
    main()
