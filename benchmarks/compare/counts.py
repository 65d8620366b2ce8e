"""Reads the counts of each account that contenders found, and compares them."""

import csv
import json
from pathlib import Path

from tables import CLASSES, COUNTS, EXTRAS, OUTCOMES

Counts = dict[str, dict[str, int]]


def of_results(path: Path) -> tuple[Counts, set[str]]:
    """Counts of Postern's account records, and the accounts of external users."""
    counts: Counts = {}
    external: set[str] = set()
    ended = False
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            ended = line.startswith('{"schema":"postern.end/')
            if not line.startswith('{"schema":"postern.account/'):
                continue
            record = json.loads(line)
            logins = record["logins"]
            if logins["total"] == 0:
                continue
            account = record["account"]["id"]
            if record["account"]["class"] == "external":
                external.add(account)
            found = {f"{name}_{end}": logins[name][end] for name in CLASSES for end in OUTCOMES}
            found["proven"] = logins["human"]["by_basis"].get("sf_verification", 0)
            found["distinct_ips"] = record["sources"]["distinct_ips"]
            found["peak_hour"] = record["api_traffic"]["peak_hour"]["logins"]
            counts[account] = found
    if not ended:
        raise SystemExit(f"{path} has no end record")
    return counts, external


def of_table(path: Path) -> Counts:
    """Counts of a CSV with one row an account, or one row an account and count."""
    counts: Counts = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            account = counts.setdefault(row["account"], {})
            if "count" in row:
                account[row["count"]] = int(row["logins"])
            else:
                account |= {name: int(value) for name, value in row.items() if name != "account"}
    return counts


def differences(name: str, found: Counts, expected: Counts, external: set[str]) -> list[str]:
    """What a contender counts otherwise than Postern; empty when all agrees."""
    names = COUNTS + [extra for extra in EXTRAS if any(extra in row for row in found.values())]
    problems = [
        f"{name}: account {account} is {'missing' if account in expected else 'unknown to Postern'}"
        for account in sorted(found.keys() ^ expected.keys())
    ]
    for account in sorted(found.keys() & expected.keys()):
        for column in names:
            if column == "proven" and account in external:
                continue
            (one, other) = (found[account].get(column, 0), expected[account][column])
            if one != other:
                problems.append(f"{name}: {column} of {account} is {one}, Postern says {other}")
    return problems


def totals(counts: Counts) -> dict[str, int]:
    """Sums over all accounts."""
    return {name: sum(row.get(name, 0) for row in counts.values()) for name in COUNTS + EXTRAS}
