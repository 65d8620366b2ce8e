#!/usr/bin/env python3
"""Findings and accounts of saved results as Parquet, by Spark.

    spark-submit tables_on_spark.py RESULTS OUT

RESULTS are files of `scan -o jsonl` on any storage that Spark reads, by pattern; OUT gets the folders
`findings` and `accounts`, in the place of earlier ones. A column that is missing here is a word more:
docs/schemas describes all members.
"""
import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import input_file_name

FINDING = """schema STRING, finding_id STRING, rule STRUCT<id: STRING, version: INT, title: STRING>,
  status STRING, severity STRING, confidence STRING, discriminator STRING,
  account STRUCT<key: STRING, username: STRING, class: STRING>,
  suppression STRUCT<owner: STRING, reason: STRING, expires: TIMESTAMP>,
  first_seen TIMESTAMP, last_seen TIMESTAMP, evidence_total BIGINT,
  evidence ARRAY<STRUCT<record_id: STRING, time: TIMESTAMP, source_ip: STRING, mfa: STRING, file: STRING, line: BIGINT>>"""
ACCOUNT = """schema STRING, account STRUCT<key: STRING, username: STRING, name: STRING, class: STRING,
    class_confidence: STRING, profile: STRING, license: STRING, active: BOOLEAN>,
  first_login TIMESTAMP, last_login TIMESTAMP,
  logins STRUCT<total: BIGINT, succeeded: BIGINT, failed: BIGINT,
    human: STRUCT<succeeded: BIGINT, mfa_proven: BIGINT, mfa_absent: BIGINT, mfa_unknown: BIGINT>,
    api: STRUCT<succeeded: BIGINT>>"""
RUN = "schema STRING, evaluation_time TIMESTAMP, org STRUCT<id: STRING>"
END = "schema STRING, complete BOOLEAN"


def main(results, out):
    spark = SparkSession.builder.appName("postern tables").config("spark.sql.session.timeZone", "UTC").getOrCreate()

    def records(name, columns):
        # Members that another kind of record has are left out by the columns.
        lines = spark.read.schema(columns).option("mode", "FAILFAST").json(results)
        return lines.where(f"schema = '{name}'").drop("schema").withColumn("run", input_file_name())

    # A run that was not complete is no proof that something is gone.
    runs = records("postern.run/2", RUN).selectExpr("run", "evaluation_time", "coalesce(org.id, '') AS org")
    runs = runs.join(records("postern.end/2", END), "run")
    for name, schema, columns in (("findings", "postern.finding/2", FINDING), ("accounts", "postern.account/2", ACCOUNT)):
        table = records(schema, columns).join(runs, "run").drop("run")
        table.write.mode("overwrite").parquet(f"{out}/{name}")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
