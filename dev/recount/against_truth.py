#!/usr/bin/env python3
"""Compares results with the truth of the generator: against_truth.py truth.json results.jsonl."""
import json
import sys

truth = json.load(open(sys.argv[1]))
accounts, findings, end = {}, {}, None
for line in open(sys.argv[2]):
    record = json.loads(line)
    if record["schema"] == "postern.account/1":
        accounts[record["account"]["id"]] = record
    elif record["schema"] == "postern.finding/1" and record["account"]:
        findings.setdefault(record["account"]["id"], set()).add(record["rule"]["id"])
    elif record["schema"] == "postern.end/1":
        end = record
problems = []


def check(what, expected, found):
    if expected != found:
        problems.append(f"{what}: expected {expected}, found {found}")


for name in ("analysed", "duplicate", "rejected"):
    check(name, truth[name], end["rows"][name])
check("accounts", sorted(truth["accounts"]), sorted(accounts))
for key, expected in truth["accounts"].items():
    record = accounts.get(key)
    if record is None:
        continue
    logins = record["logins"]
    counts = {
        f"{door}.{outcome}": logins[door][outcome]
        for door in ("human", "api", "unclassified")
        for outcome in ("succeeded", "failed", "pending")
        if logins[door][outcome]
    }
    check(f"{key} counts", expected["counts"], counts)
    check(f"{key} bases", expected["bases"], logins["human"]["by_basis"])
    check(f"{key} class", expected["class"], record["account"]["class"])
    check(f"{key} findings", sorted(expected["findings"]), sorted(findings.get(key, ())))
for problem in problems[:30]:
    print(problem)
print(f"{len(truth['accounts'])} accounts, {len(problems)} differences")
sys.exit(1 if problems else 0)
