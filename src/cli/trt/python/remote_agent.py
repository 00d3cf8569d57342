"""Runs one program on a machine reached over ssh, for `qdq-lab build --host`.

Standard input brings a line of JSON, {"program", "arguments", "input" or null, "files": [{"name", "size"}], "outputs": [names]},
then the bytes of the files, and stays open: its end means that whoever asked is gone. Files go to a fresh folder, in which the
program runs; the argument "{python}" stands for the Python that runs this. Standard output gives lines of JSON:
{"line", "stream"} for what the program prints, {"file", "size"} followed by the bytes for each output that is there, and last
{"end": {"code", "signal", "error"}}. The folder is removed in every case.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

LOCK = threading.Lock()


def tell(fact, data=b''):
    """A line of JSON, and bytes after it."""
    with LOCK:
        sys.stdout.buffer.write(json.dumps(fact).encode() + b'\n' + data)
        sys.stdout.buffer.flush()


def place_of(folder, name):
    """Where a file goes; raises ValueError for a name that leads out of the folder."""
    path = os.path.normpath(os.path.join(folder, name))
    if not path.startswith(folder + os.sep):
        raise ValueError('a file name leads out of the folder: %s' % name)
    return path


def receive(folder, files, stream):
    """Writes the files that come."""
    for entry in files:
        path, left = place_of(folder, entry['name']), entry['size']
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            while left > 0:
                data = stream.read(min(left, 1 << 20))
                if not data:
                    raise EOFError('the connection ended')
                file.write(data)
                left -= len(data)


def relay(stream, name):
    """Passes on lines of the program."""
    for line in stream:
        tell({'line': line.decode('utf-8', 'replace').rstrip('\r\n'), 'stream': name})


def end_group(child):
    """Ends the program and all that it started: gently, then not."""
    for how, seconds in ((signal.SIGTERM, 3), (signal.SIGKILL, 10)):
        try:
            os.killpg(child.pid, how)
        except ProcessLookupError:
            return
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def run(request, folder):
    """Runs the program; returns how it ended."""
    program = sys.executable if request['program'] == '{python}' else request['program']
    child = subprocess.Popen(
        [program] + request['arguments'], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
    )

    def watch():
        while sys.stdin.buffer.read(4096):
            pass
        end_group(child)
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(130)

    threading.Thread(target=watch, daemon=True).start()
    readers = [threading.Thread(target=relay, args=pair) for pair in ((child.stdout, 'out'), (child.stderr, 'error'))]
    for reader in readers:
        reader.start()
    if request['input'] is None:
        child.stdin.close()
    else:
        child.stdin.write(request['input'].encode())
        child.stdin.flush()
    code = child.wait()
    for reader in readers:
        reader.join()
    by = signal.Signals(-code).name if code < 0 else None
    return {'code': None if by else code, 'signal': by, 'error': None}


def main():
    """Receives, runs, gives back, clears up."""
    request = json.loads(sys.stdin.buffer.readline().decode('utf-8'))
    folder = os.path.realpath(tempfile.mkdtemp(prefix='qdq-lab-'))
    try:
        receive(folder, request['files'], sys.stdin.buffer)
        end = run(request, folder)
        for name in request['outputs']:
            path = place_of(folder, name)
            if os.path.isfile(path):
                with open(path, 'rb') as file:
                    data = file.read()
                tell({'file': name, 'size': len(data)}, data)
    except OSError as error:
        end = {'code': None, 'signal': None, 'error': error.strerror or str(error)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tell({'end': end})


main()
# Not exit(): the watch still reads standard input.
sys.stdout.flush()
os._exit(0)
