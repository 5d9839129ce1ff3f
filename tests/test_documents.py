# SPDX-License-Identifier: MIT
"""The man page and the README show the program's own tables."""

import pathlib
import re
import shutil
import subprocess

import pytest

from conftest import BUILD, SOURCE


def test_documents_show_the_tables():
    done = subprocess.run([SOURCE / "tools/documents", BUILD, "check"],
                          text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("man"), reason="no man here")
def test_man_page_is_clean():
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8",
                           SOURCE / "man/pymtop.1"], text=True,
                          capture_output=True, env={"PATH": "/usr/bin:/bin",
                                                    "MANWIDTH": "80",
                                                    "LANG": "C.UTF-8"})
    assert done.returncode == 0 and done.stderr == "", done.stderr
    page = re.sub(".\b", "", done.stdout)
    for heading in ("NAME", "OPTIONS", "VIEWS", "KEYS", "COLUMNS"):
        assert heading in page.splitlines()
    assert "--batch" in page


def test_links_of_the_documents_lead_somewhere():
    pages = [SOURCE / "README.md", *sorted((SOURCE / "docs").glob("*.md"))]
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / link).exists(), (page.name, link)


def test_files_that_the_documents_name_exist():
    pages = [SOURCE / "README.md", *sorted((SOURCE / "docs").glob("*.md"))]
    for page in pages:
        for name in re.findall(r"`((?:src|tests|tools|include|examples|docs)/"
                               r"[\w./*-]+)`", page.read_text()):
            found = list(SOURCE.glob(name.rstrip("/"))) or pathlib.Path(
                SOURCE / name).exists()
            assert found, (page.name, name)
