"""Runs a command on a pseudo-terminal, as a person would: reads a plan as JSON on standard input, prints what happened.

Plan: argv, env, cwd, columns, rows, steps, and seconds that all of it may take. A step waits for what it names, and then acts:
until (text in what is new on the screen), quietMs (nothing new for so long), file and size (at least so large);
send (text), signal (number). Result: output (base64 of all that was shown), and code or signal of the end.
"""

import base64, fcntl, json, os, pty, select, signal, struct, sys, termios, time

plan = json.load(sys.stdin)
deadline = time.monotonic() + plan.get("seconds", 20)
pid, master = pty.fork()
if pid == 0:
    os.chdir(plan["cwd"])
    size = struct.pack("HHHH", plan.get("rows", 24), plan.get("columns", 80), 0, 0)
    fcntl.ioctl(1, termios.TIOCSWINSZ, size)
    # Python ignores it, and would hand that on.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execvpe(plan["argv"][0], plan["argv"], plan["env"])

shown = b""
ended = False
timed_out = False


def read(seconds):
    """Takes in what is there within so many seconds; False when nothing came."""
    global shown, ended
    ready, _, _ = select.select([master], [], [], seconds)
    if not ready:
        return False
    try:
        piece = os.read(master, 65536)
    except OSError:
        piece = b""
    if piece == b"":
        ended = True
        return False
    shown += piece
    return True


def is_due(step, since):
    if "until" in step and step["until"].encode() not in shown[since:]:
        return False
    if "file" in step:
        try:
            return os.stat(step["file"]).st_size >= step["size"]
        except FileNotFoundError:
            return False
    return True


seen = 0
for step in plan["steps"]:
    while not ended and not is_due(step, seen):
        if time.monotonic() > deadline:
            timed_out = True
            break
        read(0.02)
    while read(step.get("quietMs", 0) / 1000) and time.monotonic() < deadline:
        pass
    seen = len(shown)
    if ended or timed_out:
        break
    if "send" in step:
        os.write(master, step["send"].encode())
    if "signal" in step:
        os.kill(pid, step["signal"])

while not ended and time.monotonic() < deadline:
    read(0.1)
if not ended:
    timed_out = True
    os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
end = {"signal": os.WTERMSIG(status)} if os.WIFSIGNALED(status) else {"code": os.WEXITSTATUS(status)}
json.dump({"output": base64.b64encode(shown).decode(), "timedOut": timed_out, **end}, sys.stdout)
