"""peer_duckdb.py LOGINS VERIFICATIONS OUTPUT: the counts of each account, by DuckDB."""

import sys

import duckdb

import tables


def texts(values: list[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def main(logins: list[str], verifications: str, output: str) -> None:
    counts = ",\n      ".join(
        f"coalesce(sum(n) FILTER (class = '{name}' AND outcome = '{outcome}'), 0)"
        f" AS {name}_{outcome}"
        for name in tables.CLASSES for outcome in tables.OUTCOMES)
    connection = duckdb.connect()
    # The rows are read once: all figures follow from these groups.
    connection.execute(f"""
    CREATE TEMP TABLE groups AS
    WITH proofs AS (
      SELECT DISTINCT LoginHistoryId AS login
      FROM read_csv({[verifications]}, header = true, all_varchar = true, quote = '"')
      WHERE LoginHistoryId <> '' AND Status IN ({texts(tables.PROVING_STATUSES)})
        AND Policy IN ({texts(tables.PROVING_POLICIES)})
        AND (Activity IN ({texts(tables.LOGIN_ACTIVITIES)}) OR Activity LIKE 'Connect%')
        AND VerificationMethod NOT IN ({texts(tables.WEAK_METHODS)})
    ), logins AS (
      SELECT Id, UserId, SourceIp, substr(LoginTime, 1, 13) AS hour,
        CASE
          WHEN LoginType IN ({texts(tables.HUMAN_TYPES)}) THEN 'human'
          WHEN LoginType IN ({texts(tables.API_TYPES)}) THEN 'api'
          WHEN LoginType IN ({texts(tables.OAUTH_TYPES)}) THEN
            CASE WHEN LoginSubType IN ({texts(tables.CONSENT_SUB_TYPES)}) THEN 'human'
            ELSE 'api' END
          ELSE 'unclassified' END AS class,
        CASE
          WHEN Status = 'Success' THEN 'succeeded'
          WHEN Status IN ({texts(tables.PENDING_STATUSES)}) THEN 'pending'
          ELSE 'failed' END AS outcome
      FROM read_csv({logins}, header = true, all_varchar = true, quote = '"')
    )
    SELECT UserId AS account, class, outcome, SourceIp AS address, hour, count(*) AS n,
      count(*) FILTER (class = 'human' AND outcome = 'succeeded' AND proofs.login IS NOT NULL)
        AS proven
    FROM logins LEFT JOIN proofs ON logins.Id = proofs.login
    GROUP BY ALL""")
    connection.execute(f"""
    COPY (
      WITH sums AS (
        SELECT account, {counts}, sum(proven) AS proven,
          count(DISTINCT address) FILTER (address <> '') AS distinct_ips
        FROM groups GROUP BY account
      ), hours AS (
        SELECT account, hour, sum(n) AS n FROM groups WHERE class = 'api' GROUP BY ALL
      ), peaks AS (SELECT account, max(n) AS peak_hour FROM hours GROUP BY account)
      SELECT sums.*, coalesce(peak_hour, 0) AS peak_hour FROM sums LEFT JOIN peaks USING (account)
    ) TO '{output}' (HEADER, DELIMITER ',')""")


if __name__ == "__main__":
    main(sys.argv[1].split(","), sys.argv[2], sys.argv[3])
