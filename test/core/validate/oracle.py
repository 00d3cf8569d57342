# Independent numbers for oracle.node.test.ts: onnxruntime of Python runs two models, numpy compares them in double precision.
# Reads {"before", "after", "pairs": [[name before, name after]], "input": {"name", "dims", "file"}} from stdin, writes JSON.
import json
import sys

import numpy as np
import onnx
import onnxruntime


def run(path, names, feed):
    model = onnx.load(path)
    have = {output.name for output in model.graph.output}
    for name in names:
        if name not in have:
            model.graph.output.append(onnx.ValueInfoProto(name=name))
            have.add(name)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return dict(zip(names, session.run(names, feed)))


task = json.load(sys.stdin)
given = task["input"]
data = np.fromfile(given["file"], dtype=np.float32).reshape(given["dims"])
feed = {given["name"]: data}
before = run(task["before"], [a for a, _ in task["pairs"]], feed)
after = run(task["after"], [b for _, b in task["pairs"]], feed)
answers = []
for a, b in task["pairs"]:
    x, y = before[a].astype(np.float64), after[b].astype(np.float64)
    noise, signal = np.sum((y - x) ** 2), np.sum(x**2)
    answers.append(
        {
            "count": x.size,
            "sqnrDb": None if noise == 0 else 10 * np.log10(signal / noise),
            "cosine": np.sum(x * y) / np.sqrt(signal * np.sum(y**2)),
            "maxAbsError": np.max(np.abs(y - x)),
            "meanAbsError": np.mean(np.abs(y - x)),
        }
    )
json.dump(answers, sys.stdout)
