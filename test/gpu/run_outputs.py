"""Runs engines on given inputs and keeps what they give out, for the arithmetic of engines to be compared with ours.

    run_outputs.py OUTDIR PLAN INPUTS.npz [PLAN INPUTS.npz ...]

INPUTS.npz holds an array for each input, stacked along the first axis: one run a sample. OUTDIR/<name of the plan>.npz then
holds the inputs as they were and each output, stacked alike.
"""
import os
import sys

import numpy as np
import tensorrt as trt
import torch

from timing import Session


def run_all(plan, inputs):
    """The outputs for each sample, stacked."""
    session, found = Session(plan, trt.Logger(trt.Logger.WARNING)), {}
    names = [session.engine.get_tensor_name(i) for i in range(session.engine.num_io_tensors)]
    buffers = dict(zip(names, session.buffers))
    for sample in range(len(next(iter(inputs.values())))):
        for name, array in inputs.items():
            given = torch.from_numpy(array[sample]).reshape(buffers[name].shape)
            buffers[name].copy_(given.to(buffers[name].dtype))
        torch.cuda.synchronize()
        session.enqueue()
        session.stream.synchronize()
        for name in names:
            if name not in inputs:
                found.setdefault(name, []).append(buffers[name].float().cpu().numpy())
    return {name: np.stack(arrays) for name, arrays in found.items()}


def main():
    """Each engine with its inputs; a failure of one is told and stops no other."""
    folder, rest = sys.argv[1], sys.argv[2:]
    os.makedirs(folder, exist_ok=True)
    for plan, path in zip(rest[::2], rest[1::2]):
        name = os.path.basename(plan).removesuffix('.plan')
        try:
            inputs = dict(np.load(path))
            np.savez_compressed(os.path.join(folder, name + '.npz'), **run_all(plan, inputs))
            print(f'{name}: {len(next(iter(inputs.values())))} samples', flush=True)
        except Exception as error:
            print(f'{name}: {error}', flush=True)


if __name__ == '__main__':
    main()
