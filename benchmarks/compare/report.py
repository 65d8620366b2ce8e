"""Writes README.md and plot.svg of a run from its results.csv and facts.json."""

import csv
import json
from collections import defaultdict
from pathlib import Path
from statistics import median

import doors
import forms

Rows = list[dict]

#: Rows from which goals are judged: start-up and tables weigh on smaller runs.
GOAL_ROWS = 5_000_000
#: What the project wants to reach: contender, floor or peer, largest ratio of wall times.
GOALS = [
    ("postern-isal-2-threads", "igzip", 1.25, "with AVX-512; 1.35 with AVX2"),
    ("postern-zlib-2-threads", "bare-zlib", 1.08, ""),
    ("postern-isal-2-threads", "bare-zlib", 0.5, ""),
    ("postern-isal-2-threads", "polars", 0.40, ""),
    ("postern-isal-2-threads", "duckdb", 0.15, ""),
]


def load(folder: Path) -> Rows:
    rows: Rows = []
    with open(folder / "results.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["exit"] == "0":
                rows.append(row | {key: float(row[key]) for key in
                                   ("wall_seconds", "cpu_seconds", "peak_bytes")})
    return rows


def by_contender(rows: Rows, part: str) -> dict[str, Rows]:
    groups: dict[str, Rows] = defaultdict(list)
    for row in rows:
        if row["part"] == part:
            groups[row["contender"]].append(row)
    return groups


def of(rows: Rows, column: str) -> list[float]:
    return [row[column] for row in rows]


def ratios(rows: Rows, to: Rows, column: str = "wall_seconds") -> list[float]:
    """Ratios within the same rounds."""
    floor = {row["round"]: row[column] for row in to}
    return [row[column] / floor[row["round"]] for row in rows if row["round"] in floor]


def ratio_text(rows: Rows, to: Rows | None) -> str:
    found = ratios(rows, to) if to else []
    return f"{median(found):.2f}" if found else ""


def table(header: list[str], lines: list[list[str]]) -> list[str]:
    marks = ["---"] + ["---:"] * (len(header) - 1)
    return ["| " + " | ".join(line) + " |" for line in [header, marks, *lines]] + [""]


def costs(rows: Rows) -> list[str]:
    wall = of(rows, "wall_seconds")
    return [f"{median(wall):.3f}", f"{min(wall):.3f}", f"{median(of(rows, 'cpu_seconds')):.2f}",
            f"{max(of(rows, 'peak_bytes')) / 1e6:.0f}"]


COST_NAMES = ["wall, median s", "wall, least s", "CPU, median s", "peak memory, most MB"]


def peers(groups: dict[str, Rows], facts: dict) -> list[str]:
    if not groups:
        return []
    some = next(iter(groups.values()))[0]
    number = max(len(rows) for rows in groups.values())
    lines = [
        "## Postern and its peers", "",
        f"{int(some['rows']):,} rows of {int(some['accounts']):,} accounts, "
        f"{facts.get('login_bytes', 0) / 1e6:.0f} MB of gzip (level 1) in one file, "
        f"{facts.get('plain_bytes', 0) / 1e6:,.0f} MB plain; {number} rounds, all commands of a round "
        "one after the other, the order reversed in every second round, files in the page cache. "
        "Ratios are medians of the ratios of the same round.", ""]
    body = [
        [name, *costs(rows), *(ratio_text(rows, groups.get(floor)) for floor in
                               ("igzip", "bare-zlib", "polars", "duckdb"))]
        for name, rows in groups.items()
    ]
    lines += table(["command", *COST_NAMES, "wall to igzip", "to bare zlib", "to Polars",
                    "to DuckDB"], body)
    if check := facts.get("check"):
        totals = check["totals"]
        lines += [
            f"The counts of all {check['accounts']:,} accounts agree (class by outcome; for DuckDB "
            "and Polars also proven by verification of all but external users, distinct addresses "
            f"and peak hour): {', '.join(check['agree'])}. Sums: "
            + ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in totals.items())
            + ".", ""]
    else:
        lines += ["**The counts were not compared in this run.**", ""]
    goals = []
    for name, floor, most, remark in GOALS:
        if name in groups and floor in groups and (found := ratios(groups[name], groups[floor])):
            value = median(found)
            goals.append([f"{name} to {floor}", f"{most:.2f}", f"{value:.2f}",
                          "yes" if value <= most else f"{value / most - 1:.0%} over", remark])
    if "polars" in groups and "postern-isal-2-threads" in groups:
        found = ratios(groups["postern-isal-2-threads"], groups["polars"], "cpu_seconds")
        value = median(found)
        goals.append(["CPU of postern-isal-2-threads to polars", "0.50", f"{value:.2f}",
                      "yes" if value <= 0.5 else f"{value / 0.5 - 1:.0%} over", ""])
    if goals and int(some["rows"]) >= GOAL_ROWS:
        lines += ["### Goals", ""] + table(["ratio", "at most", "measured", "reached", ""], goals)
    return lines


PARTS = {
    "startup": ("Start-up", "A scan of a single row."),
    "threads": ("Threads", "One file; one gzip stream is inflated by one thread at a time."),
    "files": ("Files", "The same rows in two files."),
    "forms": ("Forms", "The same logins in the forms in which people hand them in, two threads; "
              f"at most {forms.GOAL} times an export by the API is wanted."),
    "values": ("Values", "The same logins with many distinct values in a column, and in a thousand files; two "
               "threads."),
    "growth": ("Rows", "The same accounts, two threads."),
    "accounts": ("Accounts", "The same number of rows, two threads."),
}


def small_part(rows: Rows, part: str) -> list[str]:
    """The table of a part; empty where the run has none of it."""
    groups = by_contender(rows, part)
    if not groups:
        return []
    first = next(iter(groups.values()))
    body = []
    for name, own in groups.items():
        speed = float(own[0]["rows"]) / median(of(own, "wall_seconds")) / 1e6
        body.append([name, *costs(own), "" if part == "startup" else f"{speed:.2f}",
                     ratio_text(own, first) if part in ("threads", "files", "forms", "values") else ""])
    return table(["run", *COST_NAMES, "million rows/s", "wall to the first"], body)


def small_parts(rows: Rows) -> list[str]:
    lines: list[str] = []
    for part, (title, remark) in PARTS.items():
        if body := small_part(rows, part):
            lines += [f"## {title}", "", remark, "", *body]
    return lines


def door_table(groups: dict[str, Rows]) -> list[str]:
    """What each door costs in proportion to a scan for text; empty where none was measured."""
    floor = groups.get(doors.FLOOR)
    if not floor:
        return []
    body = []
    for name, own in groups.items():
        walls, memory = ratios(own, floor), ratios(own, floor, "peak_bytes")
        wall = median(walls) if walls else 0
        goal = doors.GOALS.get(name)
        reached = "" if goal is None else "yes" if wall <= goal else f"{wall / goal - 1:.0%} over"
        peak = median(memory) if memory else 0
        if peak > doors.MEMORY_GOAL:
            reached = ", ".join(filter(None, [reached, "memory over"]))
        body.append([name, *costs(own), f"{wall:.2f}", "" if goal is None else f"{goal:.2f}",
                     f"{peak:.2f}", reached])
    return table(["command", *COST_NAMES, f"wall to {doors.FLOOR}", "at most",
                  f"memory to it (at most {doors.MEMORY_GOAL})", "reached"], body)


def plot(groups: dict[str, Rows], facts: dict, path: Path) -> bool:
    if not groups:
        return False
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    # The same results give the same bytes.
    plt.rcParams["svg.hashsalt"] = "postern"
    plt.rcParams["svg.fonttype"] = "none"
    order = sorted(groups, key=lambda name: median(of(groups[name], "wall_seconds")))
    walls = [median(of(groups[name], "wall_seconds")) for name in order]
    figure, axes = plt.subplots(figsize=(9, 0.42 * len(order) + 1.3))
    colours = ["#1f6f5c" if name.startswith("postern") else
               "#8a8a8a" if name in ("igzip", "bare-zlib") else "#c58a3a" for name in order]
    axes.barh(order, walls, color=colours)
    for position, name in enumerate(order):
        own = of(groups[name], "wall_seconds")
        axes.plot([min(own), max(own)], [position, position], color="black", linewidth=1)
        memory = max(of(groups[name], "peak_bytes")) / 1e6
        axes.annotate(f"{walls[position]:.2f} s, {memory:,.0f} MB",
                      (max(own), position), xytext=(4, 0), textcoords="offset points", va="center")
    axes.invert_yaxis()
    axes.margins(x=0.22)
    axes.set_xlabel("wall seconds (median; line: least to most) and peak memory")
    some = groups[order[0]][0]
    axes.set_title(f"{int(some['rows']):,} rows on {facts['cpu']}, {facts['cores']} cores",
                   loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return True


def machine(facts: dict) -> list[str]:
    vectors = facts["vectors"]
    load = ", ".join(f"{value:.2f}" for value in facts["load_before"])
    lines = [
        "## Machine", "",
        f"- {facts['cpu']}, {facts['cores']} cores, {facts['memory_gib']} GiB; "
        f"{', '.join(vectors) if vectors else 'no AVX2'}",
        f"- {facts['system']}, Linux {facts['kernel']}",
        f"- load average before the run: {load}",
        "- " + "; ".join(f"{name} {text.removeprefix(name).strip()}"
                         for name, text in facts["versions"].items() if text),
        f"- Postern at {facts['commit']}; `{facts['command']}`", ""]
    if facts["load_before"][0] > 0.5:
        lines += ["**The machine was not idle when the run began: trust the ratios more than the "
                  "seconds, and neither much.**", ""]
    return lines


def write(folder: Path) -> None:
    """Writes README.md and plot.svg; of an interrupted run with what it has."""
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    rows = load(folder)
    groups = by_contender(rows, "peers")
    lines = [f"# {facts['date'].split()[0]}, {facts['cpu']}", ""]
    if problem := facts.get("interrupted"):
        lines += [f"**This run did not end: {problem}.** What it measured before:", ""]
    if plot(groups, facts, folder / "plot.svg"):
        lines += ["![Wall time and peak memory](plot.svg)", ""]
    lines += peers(groups, facts)
    if body := door_table(by_contender(rows, "doors")):
        lines += ["## Doors", "", "Every output and verb on the same exports, two threads; outputs "
                  "go to files. Ratios are medians of the ratios of the same round.", "", *body]
    lines += small_parts(rows) + machine(facts)
    lines += ["Single runs: [results.csv](results.csv). How it is measured: "
              "[performance](../../../docs/performance.md)."]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{folder / 'README.md'}", flush=True)


def sizes(folders: list[Path]) -> list[str]:
    """How the ratios to the peers change with the number of rows, a line for each run."""
    lines = []
    for folder in folders:
        groups = by_contender(load(folder), "peers")
        isal, zlib = (groups.get(f"postern-{name}-2-threads") for name in ("isal", "zlib"))
        if not isal:
            continue
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        cpu = ratios(isal, groups["polars"], "cpu_seconds") if "polars" in groups else []
        lines.append((int(isal[0]["rows"]), [
            f"[{int(isal[0]['rows']):,}](../benchmarks/runs/{folder.name}/README.md)",
            f"`{facts['commit'][:7]}`",
            f"{median(of(isal, 'wall_seconds')):.2f}", f"{max(of(isal, 'peak_bytes')) / 1e6:,.0f}",
            *(ratio_text(isal, groups.get(peer)) for peer in ("igzip", "polars", "duckdb")),
            ratio_text(zlib or [], groups.get("bare-zlib")),
            f"{median(cpu):.2f}" if cpu else ""]))
    return table(["rows", "revision", "wall, median s", "peak memory, most MB", "wall to igzip",
                  "to Polars", "to DuckDB", "with zlib, to bare zlib", "CPU to Polars"],
                 [line for _, line in sorted(lines)]) if lines else []


def publish(folders: list[Path], document: Path) -> None:
    """Puts a run's tables between the marks `<!-- measured:PART -->` and `<!-- end -->` of a document.

    Parts that the run did not measure keep what the document holds. Further runs give lines of the
    table of sizes alone.
    """
    folder = folders[0]
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    rows = load(folder)
    if "interrupted" in facts:
        raise SystemExit(f"{folder}: the run did not end")
    source = Path("..") / "benchmarks" / "runs" / folder.name / "README.md"
    origin = (f"{facts['cpu']}, {facts['cores']} cores, {facts['date'].split()[0]} "
              f"([the whole run]({source})).")
    text = document.read_text(encoding="utf-8")
    bodies = {part: small_part(rows, part) for part in PARTS}
    bodies["peers"] = peers(by_contender(rows, "peers"), facts)[2:]
    bodies["doors"] = door_table(by_contender(rows, "doors"))
    bodies["sizes"] = sizes(folders)
    for part, body in bodies.items():
        if not body:
            continue
        begin, end = f"<!-- measured:{part} -->", "<!-- end -->"
        before, found, rest = text.partition(begin)
        if not found:
            raise SystemExit(f"{document} has no {begin}")
        _, found, after = rest.partition(end)
        head = [] if part == "sizes" else [origin, ""]
        body = [line.replace("### ", "#### ") for line in body]
        text = "\n".join([before + begin, *head, *body]).rstrip() + f"\n{end}" + after
        print(f"{document}: {part}")
    document.write_text(text, encoding="utf-8")
