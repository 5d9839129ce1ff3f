# SPDX-License-Identifier: MIT
"""html5lib on the page of pyperformance html5lib"""

import pathlib

import borrowed
from workloads import times

NEEDS = (*borrowed.NEEDS, "html5lib")


def run(scale):
    import html5lib

    module = borrowed.load("html5lib")
    page = pathlib.Path(module.__file__).with_name("data").joinpath(
        "w3_tr_html5.html").read_bytes()
    for _ in range(times(10, scale)):
        tree = html5lib.parse(page)
    # A comment's tag is a function.
    return [element.tag for element in tree.iter()
            if isinstance(element.tag, str)]
