"""A numpy job (pip install numpy): arrays come and go.

    pymtop examples/numpy_job.py [STEPS]

From numpy 2.5 on arrays are Python's memory; before, they are native memory
and only what Python itself allocates is in the tables."""

import sys
import time

import numpy as np


def load(rows):
    return np.random.default_rng(1).normal(size=(rows, 50))


def step(table):
    centred = table - table.mean(axis=0)
    return np.linalg.eigvalsh(centred.T @ centred / len(table))


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    table = load(100_000)
    spectra = []
    for i in range(steps):
        spectra.append(step(table * (1 + i / steps)))
        print(f"step {i + 1} of {steps}")
        time.sleep(0.05)
    print(f"largest eigenvalue {max(s[-1] for s in spectra):.3f}")


main()
