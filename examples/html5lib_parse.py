"""Parse pages with html5lib (pip install html5lib).

    pymtop examples/html5lib_parse.py [PAGES]"""

import sys

import html5lib


def page(number):
    rows = "".join(
        f"<tr class=r{i}><td>{i}<td><a href='/p{number}?row={i}'>row {i}</a>"
        f"<td><b>bold</b> and <i>italic" for i in range(200))
    return f"<!doctype html><title>page {number}</title><table>{rows}</table>"


def main():
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    trees = []
    for number in range(pages):
        trees.append(html5lib.parse(page(number)))
        print(f"\rparsed {number + 1} of {pages}", end="", flush=True)
    print(f"\n{sum(1 for tree in trees for _ in tree.iter())} elements")


main()
