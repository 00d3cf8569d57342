"""Keeps what `qdq-lab build` left, small enough for the repository.

    keep_builds.py BUILDS OUT MODEL.onnx ...

BUILDS is the folder of a batch. Of each build, also of one that TensorRT refused, OUT gets the manifest, and packed the layers, profile
and log; of each model its structure, as make_structures.py thins it. What is said of one machine alone (when, with which timing cache)
stays in the manifest; engines, times of single runs and predictions are left out.
"""
import glob
import os
import re
import sys

import onnx

from make_structures import blank, write

KEPT = ('layer.json', 'profile.json', 'build.log')
# The one line of a log that names a folder of the machine.
FOLDER = re.compile(rb'(Input filename:\s+)\S*/')


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def main(builds, out, models):
    os.makedirs(out, exist_ok=True)
    paths = {os.path.basename(path).removesuffix('.onnx'): path for path in models}
    for manifest in sorted(glob.glob(f'{glob.escape(builds)}/*.manifest.json')):
        stem = os.path.basename(manifest).removesuffix('.manifest.json')
        model = stem.rsplit('.', 1)[0]
        if model not in paths:
            print('no model given for', stem)
            continue
        with open(os.path.join(out, f'{stem}.manifest.json'), 'wb') as file:
            file.write(read(manifest))
        for ending in KEPT:
            path = os.path.join(builds, f'{stem}.{ending}')
            if os.path.exists(path):
                write(os.path.join(out, f'{stem}.{ending}.gz'), FOLDER.sub(rb'\1', read(path)))
        write(os.path.join(out, f'{model}.onnx.gz'), blank(onnx.load(paths[model])).SerializeToString())


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
