-- Findings and accounts of saved results as Parquet, by DuckDB: in the folder of the results,
--
--     duckdb <tables.sql
--
-- A column that is missing here is a line more: docs/schemas describes all members. `results/*.jsonl` may be
-- the results of many nights and orgs; each row says whose it is.

CREATE VIEW record AS
  SELECT json, json->>'schema' AS schema, filename
  FROM read_ndjson_objects('results/*.jsonl', filename = true, maximum_object_size = 268435456);

-- A run that was not complete is no proof that something is gone.
CREATE VIEW run AS
  SELECT begin.filename,
    CAST(begin.json->>'evaluation_time' AS TIMESTAMPTZ) AS evaluation_time,
    coalesce(begin.json->>'$.org.id', '') AS org,
    CAST(finish.json->>'complete' AS BOOLEAN) AS complete
  FROM record AS begin JOIN record AS finish USING (filename)
  WHERE begin.schema = 'postern.run/2' AND finish.schema = 'postern.end/2';

COPY (
  SELECT run.* EXCLUDE (filename), unnest(json_transform(json, '{
    "finding_id": "VARCHAR", "rule": {"id": "VARCHAR", "version": "INTEGER", "title": "VARCHAR"},
    "status": "VARCHAR", "severity": "VARCHAR", "confidence": "VARCHAR", "discriminator": "VARCHAR",
    "account": {"key": "VARCHAR", "username": "VARCHAR", "class": "VARCHAR"},
    "suppression": {"owner": "VARCHAR", "reason": "VARCHAR", "expires": "TIMESTAMPTZ"},
    "first_seen": "TIMESTAMPTZ", "last_seen": "TIMESTAMPTZ", "evidence_total": "BIGINT",
    "evidence": [{"record_id": "VARCHAR", "time": "TIMESTAMPTZ", "source_ip": "VARCHAR", "mfa": "VARCHAR",
      "file": "VARCHAR", "line": "BIGINT"}]
  }'))
  FROM record JOIN run USING (filename) WHERE schema = 'postern.finding/2'
) TO 'findings.parquet' (FORMAT parquet);

COPY (
  SELECT run.* EXCLUDE (filename), unnest(json_transform(json, '{
    "account": {"key": "VARCHAR", "username": "VARCHAR", "name": "VARCHAR", "class": "VARCHAR",
      "class_confidence": "VARCHAR", "profile": "VARCHAR", "license": "VARCHAR", "active": "BOOLEAN"},
    "first_login": "TIMESTAMPTZ", "last_login": "TIMESTAMPTZ",
    "logins": {"total": "BIGINT", "succeeded": "BIGINT", "failed": "BIGINT",
      "human": {"succeeded": "BIGINT", "mfa_proven": "BIGINT", "mfa_absent": "BIGINT", "mfa_unknown": "BIGINT"},
      "api": {"succeeded": "BIGINT"}}
  }'))
  FROM record JOIN run USING (filename) WHERE schema = 'postern.account/2'
) TO 'accounts.parquet' (FORMAT parquet);
