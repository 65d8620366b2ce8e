#!/usr/bin/env python3
"""Runs scan_on_spark.py on Spark and compares with a scan of one machine.

    test_scale_out.py [unittest options]

`make test-spark` installs PySpark and Java and builds the programs first. POSTERN_PROGRAMS names a
folder with other programs. Where an executor is killed the cluster is Spark's own `local-cluster`: a
master, workers and executors in processes of their own.
"""
import collections
import gzip
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import parts

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAMS = pathlib.Path(os.environ.get("POSTERN_PROGRAMS", ROOT / ".build/release"))
POSTERN, SYNTH = PROGRAMS / "postern", PROGRAMS / "postern-synth"
NOW = ["--now", "2026-09-01"]
# Three executors with one core each; and threads of one process, where nothing is killed.
CLUSTER, THREADS = "local-cluster[3,1,768]", "local[2]"


def records(path):
    """Accounts and findings of results, and the end record without its digest of all records."""
    lines = path.read_bytes().splitlines()
    end = json.loads(lines[-1])
    kept = [line for line in lines if line.startswith((b'{"schema":"postern.account/', b'{"schema":"postern.finding/'))]
    return kept, end


def executors(parent):
    """Processes of executors below a process: {process: ids of the Python workers below it}."""
    below = collections.defaultdict(list)
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                below[int((entry / "stat").read_text().rpartition(")")[2].split()[1])].append(int(entry.name))
            except OSError:
                pass  # It has ended.
    found, queue = {}, [parent]
    while queue:
        process = queue.pop()
        queue += below[process]
        try:
            command = pathlib.Path(f"/proc/{process}/cmdline").read_bytes()
        except OSError:
            continue
        if b"CoarseGrainedExecutorBackend" in command:
            found[process] = below[process]
    return found


class Cluster:
    """One run of the job."""

    def __init__(self, folder, inputs, options=(), kill=False, out=None, settings=()):
        self.out = out or folder / f"out-{time.monotonic_ns()}"
        self.events = folder / f"events-{time.monotonic_ns()}"
        self.events.mkdir()
        environment = {**os.environ, "PYTHONPATH": str(HERE), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
        import pyspark
        environment.setdefault("SPARK_HOME", str(pathlib.Path(pyspark.__file__).parent))
        settings = {
            "spark.master": CLUSTER if kill else THREADS, "spark.ui.enabled": "false", "spark.executor.memory": "768m",
            "spark.driver.memory": "512m", "spark.local.dir": str(folder),
            "spark.eventLog.enabled": "true", "spark.eventLog.dir": f"file://{self.events}",
            "spark.eventLog.rolling.enabled": "false", "spark.eventLog.compress": "false",
            # As on a busy cluster: what takes long is begun a second time elsewhere.
            "spark.speculation": str(kill).lower(), **dict(settings),
        }
        command = [str(pathlib.Path(environment["SPARK_HOME"]) / "bin/spark-submit")]
        for name, value in settings.items():
            command += ["--conf", f"{name}={value}"]
        command += ["--py-files", f"{HERE / 'parts.py'},{HERE / 'storage.py'}", str(HERE / "scan_on_spark.py"), "--postern", str(POSTERN),
                    "--out", f"file://{self.out}", *options, "--postern-option=--now=2026-09-01", "--fan-in", "3"]
        # Workers of a local cluster keep their folders where Spark is installed.
        home = pathlib.Path(environment["SPARK_HOME"]) / "work"
        before = set(home.glob("app-*"))
        self.log = folder / f"log-{time.monotonic_ns()}"
        with open(self.log, "wb") as log:
            process = subprocess.Popen(command + [str(item) for item in inputs], cwd=folder, env=environment, stdout=log, stderr=log)
            self.killed = None
            if kill:
                threading.Thread(target=self.kill_one, args=[process], daemon=True).start()
            self.code = process.wait()
        self.text = self.log.read_text(errors="replace")
        own = set(home.glob("app-*")) - before
        self.left_behind = [item for app in own for item in app.glob("*/postern-*")] + list(folder.glob("postern-*"))
        for app in own:
            shutil.rmtree(app)

    def kill_one(self, process):
        """Kills an executor in whose Python worker a task runs: a fold has made its folder."""
        while process.poll() is None:
            for executor in executors(process.pid):
                try:
                    home = pathlib.Path(os.readlink(f"/proc/{executor}/cwd"))
                    if any(home.glob("postern-*/ledger")):
                        os.kill(executor, signal.SIGKILL)
                        self.killed = executor
                        return
                except OSError:
                    continue
            time.sleep(0.01)

    def spark_events(self, kind):
        """Events of a kind that Spark logged."""
        found = []
        for file in self.events.rglob("*"):
            if file.is_file():
                with open(file, errors="replace") as lines:
                    found += [json.loads(line) for line in lines if f'"Event":"{kind}"' in line]
        return found


class ScaleOut(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="postern-spark-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)

    def synthesise(self, name, *options):
        folder = self.folder / name
        folder.parent.mkdir(exist_ok=True)
        subprocess.run([SYNTH, folder, "--quiet", *options], check=True)
        (folder / "truth.json").unlink()
        return folder

    def alone(self, inputs, *options):
        """The scan of one machine."""
        results = self.folder / f"alone-{time.monotonic_ns()}.jsonl"
        code = subprocess.run([POSTERN, "scan", *inputs, *NOW, "-o", f"jsonl:{results}", *options],
                              cwd=self.folder, stderr=subprocess.DEVNULL).returncode
        return code, *records(results)

    def assertSame(self, cluster, alone):
        code, kept, end = alone
        self.assertEqual(cluster.code, code, cluster.text[-6000:])
        ours, own_end = records(cluster.out / "results.jsonl")
        self.assertEqual(len(ours), len(kept))
        for line, other in zip(ours, kept):
            self.assertEqual(line, other)
        self.assertEqual(own_end["rows"], end["rows"])
        # A ledger has the numbers of rejected rows, and not their lines.
        def reasons(end):
            return [reason.partition(", the first in line ")[0] for reason in end["incomplete_reasons"]]
        self.assertEqual(sorted(reasons(own_end)), sorted(reasons(end)))
        self.assertEqual(own_end["findings"], end["findings"])
        if cluster.killed is None:
            self.assertEqual(cluster.left_behind, [], "folders of folds are gone")
        # Hadoop keeps check sums beside its local files.
        left = [item for item in cluster.out.iterdir() if item.name.startswith(".") and item.suffix != ".crc"]
        self.assertEqual(left, [], "temporary files are gone")

    def test_overlapping_nights_with_an_executor_killed(self):
        exports = self.synthesise(
            "exports", "--seed", "71", "--rows", "60000", "--users", "150", "--files", "9", "--overlap", "1500",
            "--compression", "gzip", "--snapshots", "2", "--incidents", "all", "--events", "all")
        logins = sorted(exports.glob("LoginHistory*"))
        self.assertEqual(len(logins), 9)
        # One night plain, one of fewer columns, one that came twice, one without rows.
        plain = gzip.decompress(logins[3].read_bytes())
        (exports / logins[3].name.removesuffix(".gz")).write_bytes(plain)
        logins[3].unlink()
        (exports / "A-second-copy.csv.gz").write_bytes(gzip.compress(gzip.decompress(logins[5].read_bytes()), 6))
        (exports / "empty.csv").write_bytes(plain.split(b"\n")[0] + b"\n")
        import csv
        import io
        rows = list(csv.reader(io.StringIO(gzip.decompress(logins[0].read_bytes()).decode())))
        dropped = rows[0].index("Browser")
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(row[:dropped] + row[dropped + 1:] for row in rows)
        logins[0].write_bytes(gzip.compress(text.getvalue().encode()))
        alone = self.alone(["exports"])
        self.assertEqual(alone[0], 0)
        self.assertGreater(alone[2]["rows"]["duplicate"], 10000)
        cluster = Cluster(self.folder, [exports], ["--form", "html"], kill=True)
        self.assertSame(cluster, alone)
        self.assertTrue((cluster.out / "report.html").exists())

        self.assertIsNotNone(cluster.killed, "an executor was killed")
        self.assertGreater(len(cluster.spark_events("SparkListenerExecutorRemoved")), 0, "Spark lost it")
        ends = cluster.spark_events("SparkListenerTaskEnd")
        lost = [end for end in ends if end["Task End Reason"]["Reason"] in ("ExecutorLostFailure", "Resubmitted", "FetchFailed")]
        self.assertGreater(len(lost), 0, "its task was lost")
        again = {(end["Stage ID"], end["Task Info"]["Index"]) for end in ends if end["Task End Reason"]["Reason"] == "Success"}
        for end in lost:
            self.assertIn((end["Stage ID"], end["Task Info"]["Index"]), again, "and was done again")
        print(f"\nkilled executor {cluster.killed}; {len(lost)} tasks lost and done again, of {len(ends)}", file=sys.stderr)

        # The ledger goes on from there: the night after finds nothing new in the same exports.
        code, kept, _ = self.alone([cluster.out / "history.ledger"])
        self.assertEqual((code, kept), alone[:2])

    def test_damaged_exports_make_the_run_incomplete(self):
        exports = self.synthesise(
            "damaged", "--seed", "72", "--rows", "6000", "--users", "60", "--files", "4", "--overlap", "200",
            "--compression", "gzip", "--faults", "bad-time,short-row")
        logins = sorted(exports.glob("LoginHistory*"))
        logins[1].write_bytes(logins[1].read_bytes()[:-4000])
        (exports / "notes.txt").write_text("nothing that is known\n")
        (exports / "LoginHistory-zz.csv.gz").write_bytes(b"\x1f\x8b\x08 no gzip")
        alone = self.alone(["damaged"])
        self.assertEqual(alone[0], 2)
        self.assertGreater(len(alone[2]["incomplete_reasons"]), 2)
        # Results of an earlier run are there until those of this one take their place.
        out = self.folder / "replaced"
        out.mkdir()
        results = out / "results.jsonl"
        results.write_text("those of an earlier run\n")
        first, absent, done = results.stat().st_ino, [], threading.Event()

        def watch():
            while not done.wait(0.0002):
                if not results.exists():
                    absent.append(time.monotonic())

        watcher = threading.Thread(target=watch)
        watcher.start()
        cluster = Cluster(self.folder, [exports], out=out)
        done.set()
        watcher.join()
        self.assertSame(cluster, alone)
        self.assertEqual(absent, [])
        self.assertNotEqual(results.stat().st_ino, first)

    def test_files_on_storage_that_is_not_local_are_streamed_to_the_executors(self):
        # A table of mounts stands for the storage of a cluster: nothing of it can be opened by its path.
        exports = self.synthesise("mounted", "--seed", "74", "--rows", "3000", "--files", "3", "--overlap", "100")
        alone = self.alone(["mounted"])
        (self.folder / "store").mkdir()
        mounts = "spark.hadoop.fs.viewfs.mounttable.store.link."
        cluster = Cluster(
            self.folder, ["viewfs://store/mounted"], ["--out", "viewfs://store/out"], out=self.folder / "store",
            settings={f"{mounts}/mounted": f"file://{exports}", f"{mounts}/out": f"file://{self.folder}/store"})
        self.assertSame(cluster, alone)

    def test_many_orgs_in_one_job(self):
        # Files of several inputs, an org that is damaged, and one with a configuration.
        for name, seed in (("north", 75), ("south", 76), ("west", 77)):
            self.synthesise(f"orgs/{name}", "--seed", str(seed), "--rows", "800", "--users", "40")
        south = self.folder / "orgs/south/LoginHistory.csv"
        south.write_bytes(south.read_bytes()[:-40])
        (self.folder / "orgs/west/postern.yaml").write_text("org: {name: West}\n")
        cluster = Cluster(self.folder, [self.folder / "orgs"], ["--orgs", "--form", "prometheus"])
        self.assertEqual(cluster.code, 2, cluster.text[-6000:])
        self.assertIn("south: exit 2: ", cluster.text)
        self.assertNotIn("west: exit", cluster.text)
        for name in ("north", "south", "west"):
            os.symlink(f"orgs/{name}", self.folder / name)
            options = ["--config", "west/postern.yaml"] if name == "west" else []
            code, kept, end = self.alone([name], *options)
            self.assertEqual(code, 2 if name == "south" else 0)
            ours, own_end = records(cluster.out / name / "results.jsonl")
            self.assertEqual(ours, kept, name)
            self.assertEqual(own_end["incomplete_reasons"], end["incomplete_reasons"])
            self.assertEqual(
                sorted(item.name for item in (cluster.out / name).iterdir()),
                ["history.ledger", "postern.prom", "results.jsonl"])

    def test_a_usage_error_ends_the_run(self):
        exports = self.synthesise("usage", "--seed", "73", "--rows", "1000", "--files", "2")
        cluster = Cluster(self.folder, [exports], ["--since", "yesterday"])
        self.assertEqual(cluster.code, 64, cluster.text[-3000:])
        self.assertIn("--since yesterday", cluster.text)
        self.assertFalse(cluster.out.exists())


class Settling(unittest.TestCase):
    """Who counts a row, without Spark."""

    def test_the_richest_then_the_first_counts_a_row(self):
        poor, rich = (-3, "id,logintime,userid", "a"), (-4, "id,logintime,status,userid", "b")
        claims = [(poor, 0, "000102"), (rich, 1, "0102"), ((-4, "id,logintime,status,userid", "c"), 2, "0203")]
        for order in (claims, claims[::-1]):
            self.assertEqual(sorted(parts.settle(order)), [(0, "0102"), (2, "02")])
        self.assertEqual(list(parts.settle(claims[:1])), [])

    def test_every_id_has_one_owner(self):
        import random
        generator = random.Random(7)
        for _ in range(200):
            ids = {part: {f"{generator.randrange(40):02}" for _ in range(generator.randrange(1, 30))} for part in range(5)}
            claims = [((generator.choice((-3, -4)), "", part), part, "".join(sorted(own))) for part, own in ids.items()]
            lost = {part: set() for part in ids}
            for part, endings in parts.settle(claims):
                lost[part] = {endings[at:at + 2] for at in range(0, len(endings), 2)}
            owners = collections.Counter(identity for part in ids for identity in ids[part] - lost[part])
            self.assertEqual(owners, {identity: 1 for identity in set().union(*ids.values())})

    def test_claims_that_are_sorted_are_settled_page_by_page(self):
        claims = sorted([
            ("0Ya5g00001abc", (-3, "a", "one.csv"), 0, "0102"), ("0Ya5g00001abc", (-3, "a", "two.csv"), 1, "0203"),
            ("0Ya5g00001abd", (-3, "a", "two.csv"), 1, "02"), ("=6c", (-3, "a", "one.csv"), 0, ""),
            ("=6c", (-3, "a", "two.csv"), 1, "")])
        self.assertEqual(list(parts.settle_sorted(claims)), [(1, "0Ya5g00001abc\t02\n"), (1, "=6c\n")])

    def test_ids_of_another_form_are_settled_too(self):
        self.assertEqual(list(parts.settle([((-3, "", "b"), 1, ""), ((-3, "", "a"), 0, "")])), [(1, "")])
        self.assertEqual(parts.known_line("=6c6f67", ""), "=6c6f67\n")
        self.assertEqual(parts.read_ids(["columns\t3\ta,b,c", "0Ya5g00001abc\t0001", "=6c"]),
                         ((-3, "a,b,c"), [("0Ya5g00001abc", "0001"), ("=6c", "")]))

    def test_what_a_fold_says_decides_where_its_file_goes(self):
        none = "no login rows: none of the inputs gave any"
        self.assertTrue(parts.Outcome(0, [], "").is_whole)
        self.assertTrue(parts.Outcome(66, [none], "").is_whole)
        self.assertFalse(parts.Outcome(66, ["x: holds no export that is known", none], "").is_whole)
        self.assertFalse(parts.Outcome(2, ["x.gz: ends before its compressed data does"], "").is_whole)
        self.assertTrue(parts.Outcome(64, [], "").is_refused)


if __name__ == "__main__":
    unittest.main(verbosity=2)
