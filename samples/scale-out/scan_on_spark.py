#!/usr/bin/env python3
"""Scans a history of any size on Apache Spark, and says what one scan of all of it says.

    spark-submit --py-files parts.py,storage.py scan_on_spark.py --postern PROGRAM --out FOLDER INPUT...

INPUTs and the folder for results are on any storage that Hadoop reads (hdfs:, s3a:, abfs:, file:).

1. map     each executor folds its exports to ledgers with `postern scan`, one file a ledger
2. settle  where exports overlap, each login Id is given to one of them (see parts.py); those that
           lost some are folded again and take these rows for copies
3. reduce  ledgers are merged in a tree
4. driver  the last ledger is scanned, with the files that are no sound exports beside it: they get the
           same answers as in a scan of everything. Results are copied to the folder and renamed there

With --orgs each folder in an INPUT is an org: a task scans one whole, and writes its results to
OUT/ORG. postern.yaml in the folder of an org is its configuration.

The exit code is that of the last scan, or the gravest of all orgs; 71, 74 and others of a fold that
failed in every try are handed on. A fold gives the same bytes each time, so that a task that is
repeated, or runs twice at once, changes nothing.
"""
import argparse
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

from pyspark import SparkFiles, StorageLevel
from pyspark.sql import SparkSession

import parts
import storage

# A ledger passes between tasks in pieces, so that none is held in memory as a whole.
PIECE_BYTES = 8 << 20
# Ids, as text, that one task settles.
SETTLED_BYTES = 64 << 20
# The configuration of an org, in its folder.
CONFIGURATION = "postern.yaml"
# Exit codes of orgs, the gravest first; all others stand before them.
GRAVITY = [parts.FAULT, parts.USAGE, 74, 66, 2, 1, 0]
RESULTS = {
    "text": "report.txt", "html": "report.html", "csv": "findings.csv", "csv-accounts": "accounts.csv",
    "ocsf": "findings.ocsf.jsonl", "prometheus": "postern.prom",
}


def say(text):
    print(f"scan_on_spark: {text}", file=sys.stderr, flush=True)


class Refused(Exception):
    """The run ends before its results, with an exit code of the program."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


# MARK: On the executors


class Work:
    """What tasks need to know. It travels to them with each task."""

    def __init__(self, program, folding, merging, settings):
        self.program, self.folding, self.merging, self.settings = program, folding, merging, settings

    def run(self, task, *arguments):
        """Runs something in a folder of its own, which is gone when it ends."""
        # The working folder of an executor is its own; whoever runs the cluster removes it.
        folder = tempfile.mkdtemp(prefix="postern-", dir=os.getcwd())
        try:
            yield from task(pathlib.Path(folder), *arguments)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def path(self):
        return SparkFiles.get(self.program)

    def files(self):
        return storage.here(self.settings.value)

    def fold(self, unit, known=None):
        """Folds a file: gives its outcome, its rank, its Ids, and pieces of its ledger."""
        def task(folder):
            number, name, place, path = unit
            self.files().bring(path, folder / place)
            ended = parts.fold(self.path(), self.folding, name, folder, known)
            if known is not None and not ended.is_whole:
                raise parts.PosternFailed(ended.code, f"{place}, folded again: {ended.errors}")
            yield number, "outcome", 0, ended
            if ended.is_refused or not ended.is_whole:
                return
            if known is None:
                with open(folder / "ids") as ids:
                    rank, pages = parts.read_ids(line.rstrip("\n") for line in ids)
                for shared, endings in pages:
                    yield number, "ids", 0, (shared, (*rank, place), number, endings)
            yield from pieces(number, folder / "ledger")

        return self.run(task)

    def fold_again(self, units, rows):
        """Folds files with the lines of what they lost, which come as the number of the file and a line."""
        for number, lines in itertools.groupby((key for key, _ in rows), key=lambda key: key[0]):
            yield from self.fold(units.value[number], (line for _, line in lines))

    def merge(self, rows):
        """Merges the ledgers of a group; they come piece by piece, in order."""
        def task(folder):
            names, group, file, last = [], None, None, None
            for (group, number, _), piece in rows:
                if number != last:
                    if file:
                        file.close()
                    names.append(f"{number:08}.ledger")
                    file, last = open(folder / names[-1], "wb"), number
                file.write(piece)
            if not names:
                return
            file.close()
            if len(names) > 1:
                parts.merge(self.path(), self.merging, names, folder)
                yield from pieces(group, folder / "merged")
            else:
                yield from pieces(group, folder / names[0])

        return self.run(task)

    def scan(self, org, files, out, forms, options):
        """Scans an org whole, and publishes its results; gives its exit code and what it said."""
        def task(folder):
            inputs, results = folder / "inputs", folder / "results"
            results.mkdir()
            arguments = list(options)
            for place, path in files:
                self.files().bring(path, inputs / org / place)
                if place == CONFIGURATION:
                    arguments += ["--config", f"{org}/{place}"]
            arguments += result_options(results, forms)
            try:
                code, errors = parts.postern(
                    self.path(), ["scan", org, *self.folding, *arguments], inputs)
            except parts.PosternFailed as failed:
                code, errors = failed.code, str(failed)
            for file in sorted(results.iterdir()):
                self.files().publish(file, f"{out}/{org}")
            yield org, code, errors

        return self.run(task)


def pieces(number, path):
    """A ledger as rows, piece by piece."""
    with open(path, "rb") as file:
        for sequence, piece in enumerate(iter(lambda: file.read(PIECE_BYTES), b"")):
            yield number, "ledger", sequence, piece


def result_options(folder, forms):
    """Options for results in a folder."""
    options = ["-o", f"jsonl:{folder}/results.jsonl", "--ledger", f"{folder}/history.ledger"]
    for form in forms:
        options += ["-o", f"{form}:{folder}/{RESULTS[form]}"]
    return options


# MARK: On the driver


def units(files, inputs):
    """All files: (number, name of the input, place below the folder of a fold, path).

    Numbers follow the order of the inputs and of names. The last part of an INPUT's path is its name
    in evidence, as when `postern scan` runs in the folder that it lies in.
    """
    found, names, missing = [], set(), []
    for text in inputs:
        name = text.rstrip("/").rpartition("/")[2]
        if name in names:
            raise Refused(64, f"two inputs are named {name}: evidence could not tell them apart")
        names.add(name)
        listed = files.files(text)
        if not listed:
            missing.append(name)
        for inner, path in listed or []:
            found.append((len(found), name, f"{name}/{inner}" if inner else name, path))
    return found, missing


def orgs(files, inputs):
    """Orgs by name, each with (place below its folder, path)."""
    found, sources = {}, {}
    for text in inputs:
        for inner, path in files.files(text) or []:
            org, _, place = inner.partition("/")
            if not place:
                raise Refused(64, f"{path}: lies in the folder of no org")
            if sources.setdefault(org, text) != text:
                raise Refused(64, f"two inputs have an org named {org}")
            found.setdefault(org, []).append((place, path))
    return found


def fold_all(context, work, wanted):
    """Folds all files; gives the rows of all ledgers, and units whose file the last scan reads."""
    folded = context.parallelize(wanted, len(wanted)).flatMap(work.fold).persist(StorageLevel.DISK_ONLY)
    outcomes = folded.filter(lambda row: row[1] == "outcome").map(lambda row: (row[0], row[3]))
    outcomes = outcomes.collectAsMap()
    for number, ended in sorted(outcomes.items()):
        if ended.is_refused:
            raise Refused(ended.code, f"{wanted[number][2]}: {ended.errors.strip()}")
    unsound = [number for number in range(len(wanted)) if not outcomes[number].is_whole]
    # An executor may be lost with what it kept: Spark folds its files again.
    lost = lost_lines(folded, sum(ended.id_bytes for ended in outcomes.values()))
    losers = sorted(lost.map(lambda row: row[0]).distinct(lost.getNumPartitions()).collect())
    if not losers:
        return folded, unsound
    say(f"{len(losers)} of {len(wanted)} files hold rows that others count; they are folded again")
    # What a file lost goes to the task that folds it again, and by no other way.
    task = context.broadcast({number: index for index, number in enumerate(losers)})
    again_units = context.broadcast({number: wanted[number] for number in losers})
    again = lost.map(lambda row: (row, None)).repartitionAndSortWithinPartitions(
        len(losers), partitionFunc=lambda key: task.value[key[0]]
    ).mapPartitions(lambda rows: work.fold_again(again_units, rows))
    return folded.filter(lambda row: row[0] not in task.value).union(again), unsound


def lost_lines(folded, id_bytes):
    """Lines of Ids that others count: (number of the part, line).

    The number of tasks follows the size of the Ids and not the number of files, so that the blocks of
    the shuffle, a file times a task, do not grow with its square.
    """
    tasks = settling_tasks(id_bytes)
    claims = folded.filter(lambda row: row[1] == "ids").map(lambda row: (row[3], None))
    return claims.repartitionAndSortWithinPartitions(
        tasks, partitionFunc=lambda claim: zlib.crc32(claim[0].encode()) % tasks
    ).mapPartitions(
        lambda rows: parts.settle_sorted(claim for claim, _ in rows)
    ).persist(StorageLevel.DISK_ONLY)


def settling_tasks(id_bytes):
    return max(1, -(-id_bytes // SETTLED_BYTES))


def reduce_all(work, rows, count, fan_in):
    """Merges the ledgers of `count` parts to one, `fan_in` at a time."""
    ledgers = rows.filter(lambda row: row[1] == "ledger")
    while True:
        groups = max(1, -(-count // fan_in))
        # Rows of a group come to one task, sorted by ledger and piece; neighbours are merged first.
        ledgers = ledgers.map(
            lambda row: ((row[0] // fan_in, row[0], row[2]), row[3])
        ).repartitionAndSortWithinPartitions(
            groups, partitionFunc=lambda key: key[0]
        ).mapPartitions(work.merge)
        count = groups
        if groups == 1:
            return ledgers


def scan(arguments, context):
    files = storage.Storage.of_driver(context)
    out = files.qualified(arguments.out.rstrip("/"))
    window, reading = [], []
    for option in ("since", "until"):
        if getattr(arguments, option):
            window += [f"--{option}", getattr(arguments, option)]
    for option in ("time_zone", "date_order", "logins"):
        if getattr(arguments, option):
            reading += ["--" + option.replace("_", "-"), getattr(arguments, option)]
    for value in arguments.snapshot_time:
        reading += ["--snapshot-time", value]
    threads = ["--threads", context.getConf().get("spark.task.cpus", "1")]
    folding = window + reading + threads
    if arguments.fold_config:
        context.addFile(arguments.fold_config)
        folding += ["--config", os.path.abspath(arguments.fold_config)]
    context.addFile(arguments.postern)
    work = Work(
        os.path.basename(arguments.postern), folding, window + threads,
        context.broadcast(files.settings()))
    if arguments.orgs:
        return scan_orgs(arguments, context, files, work, out)
    found, missing = units(files, arguments.inputs)
    if not found:
        raise Refused(66, "no files: " + ", ".join(arguments.inputs))
    say(f"{len(found)} files")
    rows, unsound = fold_all(context, work, found)
    last = reduce_all(work, rows, len(found), arguments.fan_in)
    with tempfile.TemporaryDirectory(prefix="postern-") as name:
        folder = pathlib.Path(name)
        inputs, others = folder / "inputs", folder / "results"
        inputs.mkdir()
        others.mkdir()
        with open(inputs / "history.ledger", "wb") as ledger:
            for _, _, _, piece in last.toLocalIterator():
                ledger.write(piece)
        size = (inputs / "history.ledger").stat().st_size
        for number in unsound:
            _, _, place, path = found[number]
            files.bring(path, inputs / place)
        plain_inputs = list(dict.fromkeys(found[number][1] for number in unsound)) + missing
        named = (["history.ledger"] if size else []) + plain_inputs
        say(f"a ledger of {size:,} bytes; {len(unsound)} files that are no sound exports")
        code = subprocess.run(
            [os.path.abspath(arguments.postern), "scan", *named, *window, *reading,
             *arguments.postern_option, *result_options(others, arguments.form)],
            cwd=inputs).returncode
        for file in sorted(others.iterdir()):
            files.publish(file, out)
    return code


def scan_orgs(arguments, context, files, work, out):
    found = orgs(files, arguments.inputs)
    if not found:
        raise Refused(66, "no orgs: " + ", ".join(arguments.inputs))
    say(f"{len(found)} orgs")
    wanted = sorted(found.items())
    forms, options = arguments.form, arguments.postern_option
    ended = context.parallelize(wanted, len(wanted)).flatMap(
        lambda org: work.scan(*org, out, forms, options)).collect()
    files.sweep(out)
    codes = []
    for org, code, errors in sorted(ended):
        codes.append(code if code >= 0 else 128 - code)
        if code != 0:
            lines = errors.strip().splitlines() or [""]
            more = f" (and {len(lines) - 1} lines more)" if lines[1:] else ""
            say(f"{org}: exit {codes[-1]}: {lines[0]}{more}")
    return min(codes, key=lambda code: GRAVITY.index(code) if code in GRAVITY else -1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("inputs", nargs="+", metavar="INPUT")
    parser.add_argument("--postern", required=True, help="the program, on the driver; it is sent to the executors")
    parser.add_argument("--out", required=True, help="folder for results.jsonl, history.ledger and others")
    parser.add_argument("--orgs", action="store_true", help="each folder in an INPUT is an org of its own")
    parser.add_argument("--form", action="append", default=[], choices=RESULTS, help="further results; repeatable")
    parser.add_argument("--fan-in", type=int, default=16, help="ledgers that a task merges (default 16)")
    for option in ("since", "until", "time-zone", "date-order", "logins"):
        parser.add_argument(f"--{option}", help="as for postern scan")
    parser.add_argument("--snapshot-time", action="append", default=[], help="as for postern scan")
    parser.add_argument("--fold-config", help="settings for the folds: `limits`, at one path on all machines")
    parser.add_argument("--postern-option", action="append", default=[], metavar="OPTION",
                        help="for the scan that judges, such as --postern-option=--config=postern.yaml; repeatable")
    arguments = parser.parse_args()
    if arguments.fan_in < 2:
        parser.error("--fan-in is at least 2")
    spark = SparkSession.builder.appName("postern").getOrCreate()
    try:
        return scan(arguments, spark.sparkContext)
    except Refused as refused:
        say(str(refused))
        return refused.code
    except Exception as error:
        # A task failed in every try. What the program said is in the message of the last one.
        found = re.search(r"postern exit (-?\d+): (.*)", str(error))
        if not found:
            raise
        say(f"a part failed in every try: {found.group(2)}")
        code = int(found.group(1))
        return code if code > 0 else 128 - code
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main())
