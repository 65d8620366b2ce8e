"""Measures Postern and its peers in turn on the same files, and writes benchmarks/runs/DATE-CPU/."""

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import counts
import doors
import exports
import forms
import machine
import programs
import report
import values
from programs import HERE, ROOT, Contender, postern

PARTS = ["peers", "doors", "forms", "values", "startup", "threads", "files", "growth", "accounts"]
COLUMNS = ["part", "round", "position", "contender", "rows", "accounts", "files", "threads",
           "wall_seconds", "cpu_seconds", "peak_bytes", "exit"]


class Measurements:
    """Runs commands and writes each one's costs at once, so that an interruption loses nothing."""

    def __init__(self, folder: Path, launch: Path, timeout: float, appends: bool):
        self.launch, self.timeout = launch, timeout
        path = folder / "results.csv"
        is_new = not appends or not path.exists()
        self.file = open(path, "w" if is_new else "a", newline="", encoding="utf-8")
        self.writer = csv.DictWriter(self.file, COLUMNS)
        if is_new:
            self.writer.writeheader()

    def run(self, part: str, round_: int, position: int, contender: Contender,
            data: exports.Exports | None, threads: int | str = "") -> dict:
        """Runs one command; a failure ends the whole run."""
        with tempfile.TemporaryDirectory() as folder:
            result = Path(folder) / "result"
            command = [self.launch, result, "/dev/null", *contender.command]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
            try:
                process.wait(self.timeout)
            except BaseException as error:
                subprocess.run(["kill", "-KILL", "--", f"-{process.pid}"])
                process.wait()
                if isinstance(error, subprocess.TimeoutExpired):
                    raise SystemExit(f"{contender.name} took more than {self.timeout:.0f} s")
                raise
            found = json.loads(result.read_text())
        row = {
            "part": part, "round": round_, "position": position, "contender": contender.name,
            "rows": data.rows if data else 1, "accounts": data.users if data else 1,
            "files": data.files if data else 1, "threads": threads,
            "wall_seconds": found["wall"], "cpu_seconds": found["cpu"],
            "peak_bytes": found["peak"], "exit": found["exit"],
        }
        self.writer.writerow(row)
        self.file.flush()
        print(f"  {part} {round_ + 1}  {contender.name:<30} {found['wall']:8.3f} s wall "
              f"{found['cpu']:8.3f} s cpu {found['peak'] / 1e6:8.1f} MB", flush=True)
        if found["exit"] != 0:
            raise SystemExit(f"{contender.name} ended with {found['exit']}: {contender.command}")
        return row

    def rounds(self, part: str, number: int, entries: list[tuple[Contender, exports.Exports, int]],
               after: Callable[[Contender], None] = lambda _: None) -> None:
        """Rounds of one command after the other, the order reversed in every second round."""
        for round_ in range(number):
            for data in {id(data): data for _, data, _ in entries}.values():
                data.warm()
            order = entries if round_ % 2 == 0 else entries[::-1]
            for position, (contender, data, threads) in enumerate(order):
                self.run(part, round_, position, contender, data, threads)
                if round_ == 0:
                    after(contender)


def check(chosen: list[Contender]) -> dict:
    """Compares the counts of all contenders, account by account."""
    results = [contender for contender in chosen if contender.is_results]
    tables_ = [contender for contender in chosen if contender.counts and not contender.is_results]
    if not results:
        raise SystemExit("counts cannot be compared without a contender that writes jsonl")
    expected, external = counts.of_results(results[0].counts)
    problems: list[str] = []
    for contender in results[1:]:
        found, _ = counts.of_results(contender.counts)
        problems += counts.differences(contender.name, found, expected, set())
    for contender in tables_:
        found = counts.of_table(contender.counts)
        problems += counts.differences(contender.name, found, expected, external)
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    if problems:
        raise SystemExit(f"the counts differ in {len(problems)} places")
    names = [contender.name for contender in results[1:] + tables_]
    print(f"  counts of {len(expected):,} accounts agree: {results[0].name}, {', '.join(names)}")
    return {"accounts": len(expected), "external": len(external), "agree": names,
            "totals": counts.totals(expected)}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/compare/bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--users", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--parts", default=",".join(PARTS), help="comma-separated; all: %(default)s")
    parser.add_argument("--only", default="", help="contenders of the part peers, comma-separated")
    parser.add_argument("--without", default="", help="contenders of the part peers to leave out")
    parser.add_argument("--growth-rows", default="", help="sizes of the part growth "
                        "(default: a fifth of the rows, and the rows)")
    parser.add_argument("--accounts", default="2000,20000,100000", help="sizes of the part accounts")
    parser.add_argument("--timeout", type=float, default=1_800, help="seconds for one command")
    parser.add_argument("--output", type=Path, help="folder of the run (default: runs/DATE-CPU-ROWS)")
    parser.add_argument("--append", action="store_true", help="add to the results in --output")
    parser.add_argument("--exports", type=Path, default=HERE.parent / ".exports",
                        help="folder in which generated exports are kept")
    parser.add_argument("--no-build", action="store_true", help="use the programs as built")
    parser.add_argument("--report", type=Path, help="only write a run's README and plot anew")
    parser.add_argument("--publish", type=Path, nargs="+", metavar="RUN",
                        help="only put a run's tables into docs/performance.md; further runs give "
                             "lines of its table of sizes")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.report:
        report.write(options.report)
        return
    if options.publish:
        report.publish(options.publish, ROOT / "docs" / "performance.md")
        return
    parts = options.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        raise SystemExit(f"unknown parts: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    only = set(filter(None, options.only.split(",")))
    without = set(filter(None, options.without.split(",")))
    facts = machine.facts(ROOT)
    zlib = {"postern-zlib-2-threads", "postern-zlib-2-threads-jsonl"}
    chosen_zlib = (zlib & only if only else zlib) - without
    built = programs.build(
        not options.no_build, needs_zlib="peers" in parts and bool(chosen_zlib))
    folder = options.output or HERE.parent / "runs" / "-".join(
        [facts["date"].split()[0], machine.slug(facts["cpu"]), f"{options.rows // 1000}k"])
    folder.mkdir(parents=True, exist_ok=True)
    facts["command"] = "make bench" if len(sys.argv) == 1 else " ".join(
        ["benchmarks/compare/bench", *sys.argv[1:]])
    if options.append and (folder / "facts.json").exists():
        facts = json.loads((folder / "facts.json").read_text())
    measured = Measurements(folder, built.launch, options.timeout, options.append)

    def save() -> None:
        (folder / "facts.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n")

    def make(rows: int, users: int, files: int = 1) -> exports.Exports:
        return exports.make(built.synth, options.exports, rows, users, files)

    fastest = built.isal or built.zlib

    def scans(entries: list[tuple[str, exports.Exports, int]]) -> list:
        return [(Contender(name, postern(fastest, data, threads)), data, threads)
                for name, data, threads in entries]

    save()
    work = Path(tempfile.mkdtemp(prefix="postern-bench-"))
    try:
        if "peers" in parts:
            data = make(options.rows, options.users)
            facts["login_bytes"] = sum(path.stat().st_size for path in data.logins)
            facts["plain_bytes"] = int(subprocess.run(
                [built.inflate, data.logins[0]], capture_output=True, check=True, text=True).stdout)
            chosen = [contender for contender in programs.contenders(built, data, work)
                      if (not only or contender.name in only) and contender.name not in without]
            if unknown := (only | without) - {c.name for c in programs.contenders(built, data, work)}:
                raise SystemExit(f"unknown contenders: {', '.join(sorted(unknown))}")
            entries = [(contender, data, "") for contender in chosen]
            waiting = {contender.name for contender in chosen}

            def after(contender: Contender) -> None:
                waiting.discard(contender.name)
                if not waiting:
                    facts["check"] = check(chosen)
                    save()

            measured.rounds("peers", options.rounds, entries, after)
        if "doors" in parts:
            data = make(options.rows, options.users)
            results = work / "results.jsonl"
            subprocess.run(doors.results_command(fastest, data, results), check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            chosen = doors.contenders(fastest, data, results, doors.subject(results), work)
            measured.rounds("doors", options.rounds,
                            [(contender, data, 2) for contender in chosen])
        if "forms" in parts:
            # Times that name no zone, or could be read in two orders, need both options.
            stated = ["--time-zone", "UTC", "--date-order", "mdy"]
            made = forms.make(built.synth, options.exports, options.rows // 25, options.users // 20)
            measured.rounds("forms", options.rounds, [
                (Contender(name, [*postern(fastest, data, 2), *stated]), data, 2)
                for name, data in made.items()])
        if "values" in parts:
            first = forms.make(built.synth, options.exports, options.rows // 25,
                               options.users // 20)[forms.FLOOR]
            measured.rounds("values", options.rounds, scans(
                [(name, data, 2) for name, data in values.make(first, options.exports).items()]))
        if "startup" in parts:
            one = exports.one_row(make(options.rows, options.users), options.exports)
            command = [str(fastest), "scan", str(one), "--now", "2026-09-01"]
            for round_ in range(20):
                measured.run("startup", round_, 0, Contender("one-row", command), None)
        if "threads" in parts:
            data = make(options.rows, options.users)
            measured.rounds("threads", options.rounds, scans(
                [(f"one-file-{threads}-threads", data, threads) for threads in (1, 2, 4)]))
        if "files" in parts:
            data = make(options.rows, options.users, files=2)
            measured.rounds("files", options.rounds, scans(
                [(f"two-files-{threads}-threads", data, threads) for threads in (1, 2)]))
        if "growth" in parts:
            sizes = [int(size) for size in options.growth_rows.split(",") if size]
            sizes = sizes or [options.rows // 5, options.rows]
            measured.rounds("growth", min(3, options.rounds), scans(
                [(f"rows-{rows}", make(rows, options.users), 2) for rows in sizes]))
        if "accounts" in parts:
            rows = options.rows // 5
            measured.rounds("accounts", min(3, options.rounds), scans(
                [(f"accounts-{users}", make(rows, users), 2)
                 for users in map(int, options.accounts.split(","))]))
        facts.pop("interrupted", None)
    except BaseException as error:
        facts["interrupted"] = str(error) or type(error).__name__
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
        measured.file.close()
        save()
        report.write(folder)


if __name__ == "__main__":
    main()
