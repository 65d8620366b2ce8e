"""peer_polars.py LOGINS VERIFICATIONS OUTPUT: the counts of each account, by Polars."""

import sys

import polars as pl

import tables


def main(logins: list[str], verifications: str, output: str) -> None:
    proofs = (
        pl.scan_csv(verifications, infer_schema=False)
        .filter(
            (pl.col("LoginHistoryId") != "")
            & pl.col("Status").is_in(tables.PROVING_STATUSES)
            & pl.col("Policy").is_in(tables.PROVING_POLICIES)
            & (pl.col("Activity").is_in(tables.LOGIN_ACTIVITIES)
               | pl.col("Activity").str.starts_with("Connect"))
            & ~pl.col("VerificationMethod").is_in(tables.WEAK_METHODS))
        .select(pl.col("LoginHistoryId").alias("Id")).unique()
        .with_columns(proof=pl.lit(True)))
    kind, status = pl.col("LoginType").fill_null(""), pl.col("Status").fill_null("")
    consent = pl.col("LoginSubType").fill_null("").is_in(tables.CONSENT_SUB_TYPES)
    oauth = kind.is_in(tables.OAUTH_TYPES)
    is_human = kind.is_in(tables.HUMAN_TYPES) | (oauth & consent)
    is_api = kind.is_in(tables.API_TYPES) | (oauth & ~consent)
    succeeded = status == "Success"
    pending = status.is_in(tables.PENDING_STATUSES)
    classes = {"human": is_human, "api": is_api, "unclassified": ~(is_human | is_api)}
    outcomes = {"succeeded": succeeded, "failed": ~(succeeded | pending), "pending": pending}
    rows = (
        pl.scan_csv(logins, infer_schema=False)
        .select("Id", "UserId", "LoginTime", "LoginType", "LoginSubType", "Status", "SourceIp")
        .join(proofs, on="Id", how="left")
        .select(
            account="UserId", address="SourceIp", hour=pl.col("LoginTime").str.slice(0, 13),
            proven=pl.col("proof").is_not_null() & is_human & succeeded,
            api=is_api,
            **{f"{name}_{outcome}": test & end
               for name, test in classes.items() for outcome, end in outcomes.items()}))
    result = rows.group_by("account").agg(
        *[pl.col(name).sum() for name in tables.COUNTS],
        pl.col("proven").sum(),
        pl.col("address").filter(pl.col("address") != "").n_unique().alias("distinct_ips"),
        pl.col("hour").filter(pl.col("api")).unique_counts().max().fill_null(0)
        .alias("peak_hour"))
    result.collect(engine="streaming").write_csv(output)


if __name__ == "__main__":
    main(sys.argv[1].split(","), sys.argv[2], sys.argv[3])
