"""Counting login rows: one tally for each account, and the record made of it."""

import moments
import tables
import verdicts

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
OUTCOMES = ("succeeded", "failed", "pending")


class Tally:
    """All figures of one account that need no verdict."""

    def __init__(self, key):
        self.key, self.username = key, ""
        self.first = self.last = None
        self.doors = {(d, o): 0 for d in ("human", "api", "unclassified") for o in OUTCOMES}
        self.subtype_unknown = 0
        self.hours, self.minutes = {}, {}
        self.by_type, self.by_api_type, self.by_version = {}, {}, {}
        self.by_application, self.by_tls, self.by_country, self.by_status = {}, {}, {}, {}
        self.values = {"address": {}, "application": {}, "api_version": {}}
        self.days = {}  # day -> [human proven, absent, unknown, api, failed]
        self.week = [0] * 168
        self.human_successes, self.demands = [], []
        self.api_success_days, self.api_success_apps, self.consented = set(), {}, set()

    def api_share(self):
        """Successful API logins of system clients, and all successful logins they are part of."""
        left_out = sum(n for app, n in self.api_success_apps.items()
                       if app in self.consented or tables.user_facing(app))
        api = self.doors["api", "succeeded"]
        everything = sum(self.doors[d, "succeeded"] for d in ("human", "api", "unclassified"))
        return api - left_out, everything - left_out

    def count(self, row):
        """Counts one analysed row."""
        at, door, result = row.at, row.door, row.outcome
        if self.first is None or at < self.first:
            self.first = at
        if self.last is None or at > self.last:
            self.last = at
        self.doors[door, result] += 1
        _add(self.by_status, row.status)
        _add(self.by_country, row.country)
        for name, value in (("address", row.address), ("application", row.application),
                            ("api_version", row.version)):
            if value:
                seen = self.values[name].get(value)
                if seen is None:
                    self.values[name][value] = [1, at, at]
                else:
                    seen[0] += 1
                    seen[1], seen[2] = min(seen[1], at), max(seen[2], at)
        # 1 January 1970 was a Thursday.
        self.week[(at // HOUR + 72) % 168] += 1
        if result == "failed":
            self.day(at)[4] += 1
        if door == "human" and result == "succeeded" and row.family == "oauth_interactive":
            if row.application:
                self.consented.add(row.application)
        if door != "api":
            return
        self.subtype_unknown += row.subtype_unknown
        _add(self.hours, at // HOUR)
        _add(self.minutes, at // MINUTE)
        _add(self.by_type, row.type)
        _add(self.by_api_type, row.api_type)
        _add(self.by_version, row.version)
        _add(self.by_application, row.application)
        _add(self.by_tls, row.tls)
        if result == "succeeded":
            self.day(at)[3] += 1
            self.api_success_days.add(at // DAY)
            _add(self.api_success_apps, row.application)

    def day(self, at):
        """The figures of the day of a time."""
        return self.days.setdefault(at // DAY, [0, 0, 0, 0, 0])


def _add(counts, key):
    counts[key] = counts.get(key, 0) + 1


def _peak(bins, unit):
    if not bins:
        return {"start": None, "logins": 0}
    start, count = min(bins.items(), key=lambda item: (-item[1], item[0]))
    return {"start": moments.iso(start * unit), "logins": count}


def _label_of_maintenance(success, user, clock):
    at = success[0]
    created = clock.read(user.get("createddate", "")) if user else None
    if created is not None and 0 <= at - created <= 7 * DAY:
        return "first_setup"
    changed = clock.read(user.get("lastpasswordchangedate", "")) if user else None
    if success[8] or (changed is not None and abs(at - changed) <= HOUR):
        return "password_reset"
    return "other"


def record(key, tally, snapshots, proofs, joined_logins):
    """The account record of one account; `tally` is a fresh one for accounts without logins."""
    short = key[:15] if not key.startswith("username:") else ""
    user = snapshots.users.get(short)
    row = user or {}
    username = row.get("username", "") or tally.username or key.partition("username:")[2]
    account_class, confidence = snapshots.classify(short, user, username, tally)
    profile, licence = snapshots.profile_of(row)
    held, _ = snapshots.privileges(short) if short else ([], set())
    verdict_counts = {"proven": 0, "absent": 0, "unknown": 0}
    by_basis, maintenance = {}, {"first_setup": 0, "password_reset": 0, "other": 0}
    external = snapshots.is_external(row)
    for success, verdict, basis in verdicts.judge_all(tally, proofs, joined_logins, external):
        verdict_counts[verdict] += 1
        _add(by_basis, basis)
        tally.day(success[0])[("proven", "absent", "unknown").index(verdict)] += 1
        if account_class == "integration":
            then = snapshots.user_at(short, success[0]) if short else None
            maintenance[_label_of_maintenance(success, then, snapshots.clock)] += 1
    doors = {}
    for door in ("human", "api", "unclassified"):
        doors[door] = {o: tally.doors[door, o] for o in OUTCOMES}
        doors[door]["attempted"] = sum(doors[door].values())
    doors["human"].update({"mfa_" + v: n for v, n in verdict_counts.items()})
    doors["human"].update(by_basis=by_basis, maintenance=maintenance)
    doors["api"]["subtype_unknown"] = tally.subtype_unknown
    logins = {o: sum(doors[d][o] for d in ("human", "api", "unclassified")) for o in OUTCOMES}
    logins["total"] = sum(logins.values())
    logins.update(doors)
    values = {"others": {}}
    for name, seen in tally.values.items():
        ranked = sorted(seen.items(), key=lambda i: (-i[1][0], i[1][1], i[0].encode()))
        values[name] = [
            {"value": v, "first": moments.iso(f), "last": moments.iso(l), "count": n}
            for v, (n, f, l) in ranked[:50]]
        values["others"][name] = sum(n for _, (n, _, _) in ranked[50:])
    active = {"true": True, "1": True, "false": False, "0": False}.get(
        row.get("isactive", "").strip().casefold())
    return {
        "schema": "postern.account/1",
        "account": {
            "id": key if short else "", "key": key, "username": username,
            "name": row.get("name", ""), "active": active,
            "user_type": row.get("usertype", ""), "license": licence, "profile": profile,
            "in_snapshot": user is not None, "class": account_class,
            "class_confidence": confidence,
            "privileges": [{"name": n, "via": via} for n, via in held]},
        "first_login": moments.iso(tally.first), "last_login": moments.iso(tally.last),
        "logins": logins,
        "api_traffic": {
            "peak_hour": _peak(tally.hours, HOUR), "peak_minute": _peak(tally.minutes, MINUTE),
            "by_login_type": tally.by_type, "by_api_type": tally.by_api_type,
            "by_api_version": tally.by_version, "by_application": tally.by_application,
            "by_tls": tally.by_tls},
        "sources": {"distinct_ips": len(tally.values["address"]), "by_country": tally.by_country},
        "by_status": tally.by_status,
        "activity": {
            "daily": [
                {"date": moments.iso(d * DAY)[:10], "human_proven": p, "human_absent": a,
                 "human_unknown": u, "api": api, "failed": f}
                for d, (p, a, u, api, f) in sorted(tally.days.items())],
            "hour_of_week": tally.week},
        "values": values,
    }
