#!/usr/bin/env python3
"""Reads the samples' results with DuckDB and with Spark, and compares what they wrote with the lines.

    test_tables.py [unittest options]

`make test-spark` installs both.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import duckdb

HERE = pathlib.Path(__file__).resolve().parent
RESULTS = HERE.parent / "expected/results.jsonl"


class Tables(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="postern-tables-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "results").mkdir()
        records = [json.loads(line) for line in RESULTS.read_text().splitlines()]
        # Two runs: the second of a named org, and not complete.
        (self.folder / "results/one.jsonl").write_bytes(RESULTS.read_bytes())
        other = json.loads(json.dumps(records))
        other[0]["org"] = {"id": "00D000000000001EAA"}
        other[-1]["complete"] = False
        (self.folder / "results/other.jsonl").write_text("".join(json.dumps(record) + "\n" for record in other))
        self.findings = [record for record in records if record["schema"] == "postern.finding/2"]
        self.accounts = [record for record in records if record["schema"] == "postern.account/2"]

    def check(self, findings, accounts):
        database = duckdb.connect()

        def ask(text):
            return database.execute(text).fetchall()

        self.assertEqual(
            ask(f"SELECT org, complete, count(*) FROM '{findings}' GROUP BY ALL ORDER BY ALL"),
            [("", True, len(self.findings)), ("00D000000000001EAA", False, len(self.findings))])
        wanted = collections.Counter((one["rule"]["id"], one["severity"], one["status"]) for one in self.findings)
        found = ask(f"SELECT rule.id, severity, status, count(*) FROM '{findings}' WHERE complete GROUP BY ALL")
        self.assertEqual({tuple(row[:3]): row[3] for row in found}, wanted)
        self.assertEqual(
            ask(f"SELECT sum(len(evidence)), count(DISTINCT finding_id) FROM '{findings}' WHERE complete"),
            [(sum(len(one["evidence"]) for one in self.findings), len(self.findings))])
        rows = ask(f"""SELECT account.key, logins.human.succeeded, logins.human.mfa_absent, logins.total,
          strftime(last_login AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') FROM '{accounts}' WHERE complete""")
        self.assertEqual(sorted(rows), sorted(
            (one["account"]["key"], one["logins"]["human"]["succeeded"], one["logins"]["human"]["mfa_absent"],
             one["logins"]["total"], one["last_login"]) for one in self.accounts))

    def test_with_duckdb(self):
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self.folder)
        duckdb.connect().execute((HERE / "tables.sql").read_text())
        self.check("findings.parquet", "accounts.parquet")

    def test_with_spark(self):
        import pyspark
        home = os.environ.get("SPARK_HOME", str(pathlib.Path(pyspark.__file__).parent))
        ended = subprocess.run(
            [f"{home}/bin/spark-submit", "--master", "local[1]", "--conf", "spark.ui.enabled=false",
             "--conf", "spark.driver.memory=512m", str(HERE / "tables_on_spark.py"), f"{self.folder}/results/*.jsonl",
             f"{self.folder}/out"], capture_output=True,
            env={**os.environ, "SPARK_HOME": home, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"})
        self.assertEqual(ended.returncode, 0, ended.stderr[-3000:].decode(errors="replace"))
        self.check(f"{self.folder}/out/findings/*.parquet", f"{self.folder}/out/accounts/*.parquet")


if __name__ == "__main__":
    unittest.main(verbosity=2)
