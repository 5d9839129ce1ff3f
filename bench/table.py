# SPDX-License-Identifier: MIT
"""From raw numbers to tables; nothing here measures."""

import math
import statistics
import textwrap

from tools import BY_NAME


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def lowest(runs, field):
    return min(run[field] for run in runs)


def middle(runs, field):
    return statistics.median(run[field] for run in runs)


def spread(runs, field):
    """How far the median is from the minimum, in percent."""
    least = lowest(runs, field)
    return 100 * (middle(runs, field) - least) / least


def traced(raw):
    """Names of all tools but plain python."""
    return [name for name in raw["tools"] if name != "plain"]


def complete(raw):
    """Workloads that every tool has run; the means are over these."""
    return [name for name, runs in raw["workloads"].items()
            if all(runs.get(tool) for tool in raw["tools"])]


def shallow(raw):
    return [name for name in complete(raw) if name not in raw["deep"]]


def pair_ratios(raw, workload, tool, field):
    runs = raw["workloads"][workload]
    return [one[field] / plain[field]
            for plain, one in zip(runs["plain"], runs[tool])]


def ratio(raw, workload, tool, field):
    """A pair shares its moment's noise: each has a ratio of its own.  Runs
    in turn do not: there the least disturbed of each are compared."""
    if raw["paired"]:
        return statistics.median(pair_ratios(raw, workload, tool, field))
    runs = raw["workloads"][workload]
    return lowest(runs[tool], field) / lowest(runs["plain"], field)


def mean(raw, names, tool, field):
    return geometric_mean([ratio(raw, name, tool, field) for name in names])


def mean_text(raw, names, tool, field):
    text = f"{mean(raw, names, tool, field):.2f}"
    if raw["paired"] and field == "cpu":
        rounds = zip(*[pair_ratios(raw, name, tool, field)
                       for name in names])
        text += between([geometric_mean(one) for one in rounds])
    return text


def between(ratios):
    return f" ({min(ratios):.2f} to {max(ratios):.2f})"


def means_over(raw):
    """What the means are taken over: (what to call it, names)."""
    groups = [("all workloads", complete(raw)),
              ("without deep recursion", shallow(raw))]
    if groups[0][1] == groups[1][1]:
        del groups[1]
    return [(label, names) for label, names in groups if names]


def mean_rows(raw, field):
    return [[f"geometric mean, {label} ({len(names)})", "",
             *[mean_text(raw, names, tool, field)
               for tool in traced(raw)]]
            for label, names in means_over(raw)]


def headings(raw, first):
    return [first, *[BY_NAME[name].heading for name in raw["tools"]]]


def plain_cpu(raw, workload):
    runs = raw["workloads"][workload]["plain"]
    if raw["paired"]:
        return f"{middle(runs, 'cpu'):.2f} s"
    return f"{lowest(runs, 'cpu'):.2f} s ({spread(runs, 'cpu'):.0f}%)"


def tool_cpu(raw, workload, tool):
    runs = raw["workloads"][workload].get(tool)
    if not runs:
        return "-"
    of_plain = f"{ratio(raw, workload, tool, 'cpu'):.2f}"
    if raw["paired"]:
        return of_plain + between(pair_ratios(raw, workload, tool, "cpu"))
    return f"{of_plain} ({spread(runs, 'cpu'):.0f}%)"


def cpu_table(raw):
    rows = [headings(raw, "CPU time")]
    for workload, runs in raw["workloads"].items():
        if runs.get("plain"):
            rows.append([workload, plain_cpu(raw, workload),
                         *[tool_cpu(raw, workload, tool)
                           for tool in traced(raw)]])
    return rows + mean_rows(raw, "cpu")


def memory_table(raw):
    rows = [headings(raw, "peak memory")]
    for workload, runs in raw["workloads"].items():
        if not runs.get("plain"):
            continue
        rows.append([workload,
                     f"{lowest(runs['plain'], 'peak') / 1024:.0f} MiB",
                     *[f"{ratio(raw, workload, tool, 'peak'):.2f}"
                       if runs.get(tool) else "-"
                       for tool in traced(raw)]])
    return rows + mean_rows(raw, "peak")


def startup_table(raw):
    """Milliseconds that `pass` takes, and what a tool adds to them."""
    rows = [headings(raw, "start and end, ms")]
    plain = raw["startup"].get("plain")
    for field, label in (("wall", "wall"), ("cpu", "CPU")):
        for word, of in (("minimum", min), ("median", statistics.median)):
            base = of(run[field] for run in plain)
            row = [f"{label}, {word}", f"{base * 1000:.1f}"]
            for tool in traced(raw):
                runs = raw["startup"].get(tool)
                added = of(run[field] for run in runs) - base if runs else 0
                row.append(f"+{added * 1000:.1f}" if runs else "-")
            rows.append(row)
    return rows


def without_start(raw, workload, tool):
    """The ratio of CPU times with what the tool adds to an empty script
    taken off."""
    runs = raw["workloads"][workload]
    added = lowest(raw["startup"][tool], "cpu") \
        - lowest(raw["startup"]["plain"], "cpu")
    return (lowest(runs[tool], "cpu") - added) / lowest(runs["plain"], "cpu")


def slower_than_memray(raw, ratio_of, how):
    names = complete(raw)
    slower = [name for name in names
              if ratio_of(name, "pymtop") > ratio_of(name, "memray")]
    return (f"pymtop is slower than memray's default in {len(slower)} of "
            f"{len(names)}{how}{': ' if slower else ''}{', '.join(slower)}")


def verdicts(raw):
    """Sentences about pymtop against the others."""
    lines = []
    tools = traced(raw)
    if "pymtop" not in tools or not complete(raw):
        return lines
    if "tracemalloc1" in tools:
        for label, names in means_over(raw):
            ours = mean(raw, names, "pymtop", "cpu") - 1
            theirs = mean(raw, names, "tracemalloc1", "cpu") - 1
            lines.append(
                f"pymtop's added CPU time over tracemalloc 1's, {label}: "
                f"{ours:.3f} / {theirs:.3f} = {ours / theirs:.2f}")
    if "memray" in tools:
        lines.append(slower_than_memray(
            raw, lambda name, tool: ratio(raw, name, tool, "cpu"), ""))
        if {"plain", "pymtop", "memray"} <= raw["startup"].keys():
            lines.append(slower_than_memray(
                raw, lambda name, tool: without_start(raw, name, tool),
                " when the start-up of both is taken off"))
    return lines


def notes(raw):
    """What the numbers are, and what each tool records for its price."""
    rounds = max((len(runs) for workload in raw["workloads"].values()
                  for runs in workload.values()), default=0)
    if rounds == 0:
        return raw["left_out"]
    return [
        f"Each number is the median of the ratios of {rounds} pairs, each run "
        "at the same time as its plain python, a core each; in brackets the "
        "lowest and the highest."
        if raw["paired"] else
        f"Each number is the minimum of {rounds} rounds over the minimum of "
        "plain python; in brackets how far the median of the rounds is above "
        "their minimum.",
        "CPU time is user and system time of all processes, start-up and end "
        "included; what those are for an empty script is in the third table.",
        "Peak memory is the peak resident memory of the process; for pymtop "
        "that of the script and of pymtop added, so that pages they share "
        "count twice.",
        *[f"{BY_NAME[name].heading} records {BY_NAME[name].records}."
          for name in traced(raw)],
        *raw["left_out"]]


def as_text(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]),
                   *[cell.rjust(width) for cell, width
                     in zip(row[1:], widths[1:])]]).rstrip()
        for row in rows) + "\n"


def as_markdown(rows):
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|---|" + "---:|" * (len(rows[0]) - 1))
    return "\n".join(lines) + "\n"


def as_list(lines, markdown):
    if markdown:
        return "".join(f"- {line}\n" for line in lines)
    return "".join(textwrap.fill(line, 100, subsequent_indent="  ") + "\n"
                   for line in lines)


def document(raw, markdown):
    """All tables and what is said under them."""
    form = as_markdown if markdown else as_text
    parts = [raw["machine"] + "\n"]
    if any(runs.get("plain") for runs in raw["workloads"].values()):
        parts += [form(cpu_table(raw)), form(memory_table(raw))]
    if raw["startup"].get("plain"):
        parts.append(form(startup_table(raw)))
    for lines in (verdicts(raw), notes(raw)):
        if lines:
            parts.append(as_list(lines, markdown))
    return "\n".join(parts)
