# SPDX-License-Identifier: MIT
"""pyperformance chaos"""

import types

import borrowed
from workloads import times

NEEDS = borrowed.NEEDS


def run(scale):
    module = borrowed.load("chaos")
    pictures = []
    module.write_ppm = lambda picture, name: pictures.append(picture)
    module.main(borrowed.Runner(1), types.SimpleNamespace(
        thickness=module.DEFAULT_THICKNESS, width=module.DEFAULT_WIDTH,
        height=module.DEFAULT_HEIGHT, filename="kept above", rng_seed=1234,
        iterations=times(48000, scale)))
    return pictures
