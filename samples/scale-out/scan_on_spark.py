#!/usr/bin/env python3
"""Scans a history of any size on Apache Spark, and says what one scan of all of it says.

    spark-submit --py-files parts.py scan_on_spark.py --postern PROGRAM --out FOLDER INPUT...

INPUTs and the folder for results are on any storage that Hadoop reads (hdfs:, s3a:, abfs:, file:).

1. map     each executor folds its exports to ledgers with `postern scan`, one file a ledger
2. settle  where exports overlap, each login Id is given to one of them (see parts.py); those that
           lost some are folded again and take these rows for copies
3. reduce  ledgers are merged in a tree
4. driver  the last ledger is scanned, with the files that are no sound exports beside it: they get the
           same answers as in a scan of everything. Results are copied to the folder and renamed there

The exit code is that of the last scan; 71, 74 and others of a fold that failed in every try are handed
on. A fold gives the same bytes each time, so that a task that is repeated, or runs twice at once,
changes nothing.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from pyspark import SparkFiles, StorageLevel
from pyspark.sql import SparkSession

import parts

# A ledger passes between tasks in pieces, so that none is held in memory as a whole.
PIECE_BYTES = 8 << 20
# What Spark hands on as one value ends here.
FILE_BYTES = (1 << 31) - (1 << 20)
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

    def __init__(self, program, folding, merging):
        self.program, self.folding, self.merging = program, folding, merging

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

    def fold(self, unit, content, known=None):
        """Folds a file: gives its outcome, its rank, its Ids, and pieces of its ledger."""
        def task(folder):
            number, name, place = unit
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            ended = parts.fold(self.path(), self.folding, name, folder, known)
            yield number, "outcome", 0, ended
            if ended.is_refused or not ended.is_whole:
                return
            with open(folder / "ids") as ids:
                rank, pages = parts.read_ids(line.rstrip("\n") for line in ids)
            if known is None:
                for shared, endings in pages:
                    yield number, "ids", 0, (shared, ((*rank, place), number, endings))
            yield from pieces(number, folder / "ledger")

        return self.run(task)

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


def pieces(number, path):
    """A ledger as rows, piece by piece."""
    with open(path, "rb") as file:
        for sequence, piece in enumerate(iter(lambda: file.read(PIECE_BYTES), b"")):
            yield number, "ledger", sequence, piece


# MARK: On the driver


class Storage:
    """Files as Hadoop sees them, through the virtual machine of the driver."""

    def __init__(self, spark):
        self.machine = spark._jvm
        self.configuration = spark._jsc.hadoopConfiguration()

    def path(self, text):
        return self.machine.org.apache.hadoop.fs.Path(text)

    def system(self, path):
        return path.getFileSystem(self.configuration)

    def files(self, text):
        """All files below a path: (name within it, path, bytes), in the order of names."""
        path = self.path(text)
        system = self.system(path)
        if not system.exists(path):
            return None
        root = system.makeQualified(path).toUri().getPath().rstrip("/")
        found, listing = [], system.listFiles(path, True)
        while listing.hasNext():
            status = listing.next()
            name = status.getPath().toUri().getPath()[len(root):].lstrip("/")
            found.append((name, status.getPath().toString(), status.getLen()))
        return sorted(found)

    def fetch(self, text, target):
        target.parent.mkdir(parents=True, exist_ok=True)
        path = self.path(text)
        self.system(path).copyToLocalFile(False, path, self.path(f"file://{target}"), True)

    def publish(self, source, folder):
        """Copies a file into a folder under a temporary name, and renames it when it is whole."""
        target = self.path(f"{folder}/{source.name}")
        temporary = self.path(f"{folder}/.{source.name}.tmp")
        system = self.system(target)
        system.setWriteChecksum(False)
        system.copyFromLocalFile(False, True, self.path(f"file://{source}"), temporary)
        if system.exists(target):
            system.delete(target, False)
        if not system.rename(temporary, target):
            raise Refused(74, f"{target.toString()}: could not be written")


def escaped(path):
    """A path in which nothing is a pattern."""
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", path)


def units(storage, inputs):
    """All files: (number, name of the input, place below the folder of a fold), path.

    Numbers follow the order of the inputs and of names. The last part of an INPUT's path is its name
    in evidence, as when `postern scan` runs in the folder that it lies in.
    """
    found, names, missing = [], set(), []
    for text in inputs:
        name = text.rstrip("/").rpartition("/")[2]
        if name in names:
            raise Refused(64, f"two inputs are named {name}: evidence could not tell them apart")
        names.add(name)
        files = storage.files(text)
        if not files:
            missing.append(name)
        for inner, path, size in files or []:
            if size > FILE_BYTES:
                raise Refused(64, f"{path}: has more than 2 GiB, cut it into several exports")
            found.append(((len(found), name, f"{name}/{inner}" if inner else name), path))
    return found, missing


def load(spark, wanted):
    """The contents of files, each with its unit; Spark reads them where the tasks run."""
    places = {plain(path): unit for unit, path in wanted}
    # Without recursiveFileLookup a folder named a=b would be taken for a column.
    reader = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
    rows = reader.load([escaped(path) for _, path in wanted])
    return rows.select("path", "content").rdd.map(
        lambda row: (places[plain(row.path)], row.content))


def plain(path):
    """A path without what Spark and Hadoop write differently: empty authorities."""
    return re.sub(r"^([a-z0-9+.-]+):/*", r"\1:/", path)


def fold_all(spark, work, wanted):
    """Folds all files; gives the rows of all ledgers, and units whose file the last scan reads."""
    folded = load(spark, wanted).flatMap(lambda pair: work.fold(*pair)).persist(
        StorageLevel.DISK_ONLY)
    outcomes = folded.filter(lambda row: row[1] == "outcome").map(lambda row: (row[0], row[3]))
    outcomes = outcomes.collectAsMap()
    for number, ended in sorted(outcomes.items()):
        if ended.is_refused:
            raise Refused(ended.code, f"{wanted[number][0][2]}: {ended.errors.strip()}")
    # A file that Spark passes over, such as one with a dot before its name, is the last scan's too.
    unsound = [
        number for number in range(len(wanted))
        if number not in outcomes or not outcomes[number].is_whole
    ]
    # An executor may be lost with what it kept: Spark folds its files again.
    known = known_ids(folded)
    if not known:
        return folded, unsound
    say(f"{len(known)} of {len(wanted)} files hold rows that others count; they are folded again")
    shared = spark.sparkContext.broadcast(known)
    again = load(spark, [wanted[number] for number in sorted(known)]).flatMap(
        lambda pair: work.fold(*pair, shared.value[pair[0][0]]))
    return folded.filter(lambda row: row[0] not in shared.value).union(again), unsound


def known_ids(folded):
    """What each part is told of Ids that others count: {number: lines}."""
    claims = folded.filter(lambda row: row[1] == "ids").map(lambda row: row[3])
    lost = claims.groupByKey().flatMap(
        lambda page: [
            (number, parts.known_line(page[0], endings))
            for number, endings in parts.settle(page[1])
        ])
    return {
        number: "".join(sorted(lines)).encode() for number, lines in lost.groupByKey().collect()
    }


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


def scan(arguments, spark):
    storage = Storage(spark)
    found, missing = units(storage, arguments.inputs)
    if not found:
        raise Refused(66, "no files: " + ", ".join(arguments.inputs))
    say(f"{len(found)} files")
    context = spark.sparkContext
    context.addFile(arguments.postern)
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
    work = Work(os.path.basename(arguments.postern), folding, window + threads)
    rows, unsound = fold_all(spark, work, found)
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
            (_, _, place), path = found[number]
            storage.fetch(path, inputs / place)
        plain_inputs = list(dict.fromkeys(found[number][0][1] for number in unsound)) + missing
        named = (["history.ledger"] if size else []) + plain_inputs
        say(f"a ledger of {size:,} bytes; {len(unsound)} files that are no sound exports")
        outputs = ["-o", f"jsonl:{others}/results.jsonl", "--ledger", f"{others}/history.ledger"]
        for form in arguments.form:
            outputs += ["-o", f"{form}:{others}/{RESULTS[form]}"]
        code = subprocess.run(
            [os.path.abspath(arguments.postern), "scan", *named, *window, *reading,
             *arguments.postern_option, *outputs], cwd=inputs).returncode
        for file in sorted(others.iterdir()):
            storage.publish(file, arguments.out.rstrip("/"))
    return code


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("inputs", nargs="+", metavar="INPUT")
    parser.add_argument("--postern", required=True, help="the program, on the driver; it is sent to the executors")
    parser.add_argument("--out", required=True, help="folder for results.jsonl, history.ledger and others")
    parser.add_argument("--form", action="append", default=[], choices=RESULTS, help="further results; repeatable")
    parser.add_argument("--fan-in", type=int, default=16, help="ledgers that a task merges (default 16)")
    for option in ("since", "until", "time-zone", "date-order", "logins"):
        parser.add_argument(f"--{option}", help="as for postern scan")
    parser.add_argument("--snapshot-time", action="append", default=[], help="as for postern scan")
    parser.add_argument("--fold-config", help="settings for the folds: `limits`, at one path on all machines")
    parser.add_argument("--postern-option", action="append", default=[], metavar="OPTION",
                        help="for the last scan, such as --postern-option=--config=postern.yaml; repeatable")
    arguments = parser.parse_args()
    if arguments.fan_in < 2:
        parser.error("--fan-in is at least 2")
    spark = SparkSession.builder.appName("postern").getOrCreate()
    try:
        return scan(arguments, spark)
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
