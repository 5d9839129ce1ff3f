# SPDX-License-Identifier: MIT
"""View 7 as data."""

import re


def rows_of(text):
    """Lines of processes: pid, state, traced, peak, rss, command."""
    found = []
    for line in text.split("\n"):
        match = re.match(r" *(\d+) (running|ended|replaced|exited \d+|killed "
                         r"by \d+) +(\S+(?: [KMG]iB)?|-) +(\S+(?: [KMG]iB)?)"
                         r" +(\S+(?: [KMG]iB)?) +(.*)$", line)
        if match:
            found.append(match.groups())
    return found
