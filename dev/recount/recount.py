#!/usr/bin/env python3
"""Counts a folder of exports a second time and compares every account record with Postern's.

    recount.py EXPORTS                            prints its own account records as JSON lines
    recount.py EXPORTS --results results.jsonl    prints the differences; exit 1 on any

It is written from the specification pages and shares nothing with Postern: slow, plain Python that
keeps all it needs in memory. It reads login histories (SOQL and Setup shapes), event logs of type
Login and Logout, LoginEvent, VerificationHistory, and snapshots of users, profiles and permissions.
"""

import argparse
import itertools
import json
import sys
import time

import comparison
import people
import moments
import reading
import tables
import tally as tallies
import verdicts

DAY = 86_400_000


class LoginRow:
    """One login row with its values under LoginHistory's labels."""

    __slots__ = (
        "at", "door", "family", "type", "subtype_unknown", "reset", "status", "outcome", "address",
        "application", "country", "version", "api_type", "tls", "browser", "login", "provider",
        "session")


class Recount:
    """One run over a folder of exports."""

    def __init__(self, options):
        self.clock = moments.Clock(options.time_zone, options.date_order)
        self.snapshots = people.Snapshots(self.clock, self._time(options.now, time.time() * 1000))
        self.proofs = verdicts.Proofs()
        self.since = self._time(options.since, float("-inf"))
        self.until = self._time(options.until, float("inf"))
        self.accounts, self.seen, self.joined_logins = {}, set(), 0
        self.totals = dict.fromkeys(("read", "analysed", "duplicate", "filtered", "rejected"), 0)
        self.ignored, self.rejects, self.damaged = [], [], []
        self._run(options)

    def _time(self, text, otherwise):
        if text is None:
            return otherwise
        at = self.clock.read(text)
        if at is None:
            raise SystemExit(f"recount: {text!r} is no ISO 8601 time")
        return at

    def _run(self, options):
        # First everything that a login is judged by, then the logins, which are the many.
        kinds, users = set(), []
        dates = dict(item.rsplit("=", 1) for item in options.snapshot_time)
        for table in reading.tables(options.exports, self.ignored):
            kind = reading.kind_of(table)
            kinds.add(kind)
            if kind is None:
                self.ignored.append((table.name, "no known kind"))
            elif kind in people.SNAPSHOT_KINDS:
                date = dates.get(table.name, None)
                date = self._time(date, reading.date_of_name(table.name))
                self.snapshots.add(kind, table, date)
                self._done(table)
            elif kind == "logout":
                self.proofs.add_logouts(table)
                self._done(table)
        self.snapshots.finish()
        for table in reading.tables(options.exports, []):
            kind = reading.kind_of(table)
            if kind == "verification":
                self.proofs.add_verifications(table, self.clock, self._account_key)
                self._done(table)
            elif kind == "login_event":
                self.proofs.add_login_events(table)
                self._done(table)
        self.proofs.finish()
        source = "login_history"
        if options.logins == "event-log" or "login_history" not in kinds:
            source = "event_log_login"
        for table in reading.tables(options.exports, []):
            kind = reading.kind_of(table)
            if kind == source:
                self._logins(table, source == "event_log_login")
                self._done(table)
            elif kind in ("login_history", "event_log_login"):
                self.ignored.append((table.name, "the other kind of login source is used"))

    def _done(self, table):
        if table.rejected:
            self.rejects.append((table.name, table.rejected, table.read))
        if getattr(table.raw, "damaged", False):
            self.damaged.append(table.name)

    def _account_key(self, user, username):
        short = reading.id15(user)
        if not short:
            name = username.strip().casefold()
            if not name:
                return ""
            short = self.snapshots.user_of_name.get(name, "")
            if not short:
                return "username:" + name
        return reading.id18(short)

    def _logins(self, table, event_log):
        column = table.column
        if event_log:
            names = dict(
                at="timestampderived", at2="timestamp", user="useridderived", user2="userid",
                address="sourceip", address2="clientip", status="loginstatus",
                country="countrycode", uri="uri", session="loginkey")
        else:
            names = dict(
                id="id", at="logintime", user="userid", address="sourceip", status="status",
                browser="browser", platform="platform")
        names |= dict(
            type="logintype", sub="loginsubtype", version="apiversion", api_type="apitype",
            tls="tlsprotocol", application="application")
        at_column = {n: column(c) for n, c in names.items()}
        at_column["username"] = column("username", "user.username")
        if not event_log:
            at_column["country"] = column("countryiso", "countrycode", "country", "location")
        at_column["amr"] = column(
            "authmethodreference", "authenticationmethodreference", "authenticatedmethodreference")
        at_column["acr"] = column(
            "authcontextclassref", "authenticationcontextclassreference")
        # A missing column reads as an empty field appended to each record.
        c = {n: -1 if at_column.get(n) is None else at_column[n] for n in (
            "id at at2 user user2 username address address2 status country uri session browser "
            "type sub version api_type tls application amr acr").split()}
        before = table.read
        rejected_here = 0
        totals = self.totals
        for fields in table.records():
            fields.append("")
            at = self.clock.read(fields[c["at"]])
            if at is None and c["at2"] >= 0:
                at = self.clock.read(fields[c["at2"]])
            user = fields[c["user"]]
            if c["user2"] >= 0 and not reading.id15(user):
                user = fields[c["user2"]]
            key = self._account_key(user, fields[c["username"]])
            if at is None or not key:
                rejected_here += 1
                continue
            inside = self.since <= at < self.until
            if not inside:
                totals["filtered"] += 1
                if not self.since - DAY <= at < self.until + DAY:
                    continue
            login = reading.id15(fields[c["id"]])
            if login:
                if login in self.seen:
                    if inside:
                        totals["duplicate"] += 1
                    continue
                self.seen.add(login)
            self._take(key, at, login, inside, fields, c, event_log)
        table.rejected += rejected_here
        totals["read"] += table.read - before
        totals["rejected"] += table.rejected

    def _take(self, key, at, login, inside, fields, c, event_log):
        account = self.accounts.get(key)
        if account is None:
            account = self.accounts[key] = tallies.Tally(key)
        row = LoginRow()
        row.at = at
        row.door, row.family, row.type, row.subtype_unknown, row.reset = door(
            fields[c["type"]], fields[c["sub"]], fields[c["uri"]] if event_log else None)
        row.status, row.outcome = outcome(fields[c["status"]])
        place = fields[c["address"]].strip() or (fields[c["address2"]] if event_log else "")
        row.address = reading.address(place)
        joined = bool(login) and login in self.proofs.joined
        if row.door == "human" and row.outcome == "succeeded":
            account.human_successes.append((
                at, row.address, fields[c["browser"]], row.family, login,
                fields[c["amr"]] + " " + fields[c["acr"]], fields[c["session"]], inside, row.reset))
        elif joined and row.status in tables.MFA_DEMANDED:
            external = self.snapshots.is_external(self.snapshots.users.get(key[:15], {}))
            if self.proofs.proves(login, external):
                account.demands.append((at, row.address, fields[c["browser"]]))
        if not inside:
            return
        self.totals["analysed"] += 1
        self.joined_logins += joined
        row.application, row.country = fields[c["application"]], fields[c["country"]]
        row.version = tables.api_version_label(fields[c["version"]])
        row.api_type = tables.api_type_label(fields[c["api_type"]])
        row.tls = tables.tls_label(fields[c["tls"]])
        name = fields[c["username"]].strip()
        if name and (not account.username or name < account.username):
            account.username = name
        account.count(row)

    def records(self):
        """The account records in order of their keys; accounts without logins come too."""
        keys = {k for k, a in self.accounts.items() if a.first is not None}
        self.with_logins = set(keys)
        keys |= {reading.id18(short) for short in self.snapshots.users}
        for key in sorted(keys, key=str.encode):
            account = self.accounts.get(key) or tallies.Tally(key)
            yield tallies.record(key, account, self.snapshots, self.proofs, self.joined_logins)


_doors, _outcomes = {}, {}


def door(login_type, sub_type, uri):
    """`tables.door`, remembered."""
    key = (login_type, sub_type, uri)
    found = _doors.get(key)
    if found is None:
        found = _doors[key] = tables.door(login_type, sub_type, uri)
    return found


def outcome(status):
    """`tables.outcome`, remembered."""
    found = _outcomes.get(status)
    if found is None:
        found = _outcomes[status] = tables.outcome(status)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("exports", help="folder of CSV exports, plain, gzip or zip")
    parser.add_argument("--results", help="Postern's results as JSON lines, to compare with")
    parser.add_argument("--since", help="ISO 8601 time, first one inside the window")
    parser.add_argument("--until", help="ISO 8601 time, first one after the window")
    parser.add_argument("--config-required", choices=("true", "false"),
                        help="the org switch; taken for completeness, changes no account record")
    parser.add_argument("--time-zone", default="UTC", help="zone of local times (default UTC)")
    parser.add_argument("--date-order", choices=("mdy", "dmy", "ymd"))
    parser.add_argument("--now", help="ISO 8601 time at which assignments may have expired")
    parser.add_argument("--snapshot-time", action="append", default=[], metavar="FILE=DATE")
    parser.add_argument("--logins", choices=("login-history", "event-log"))
    options = parser.parse_args()
    run = Recount(options)
    for name, why in run.ignored:
        print(f"recount: {name}: not used: {why}", file=sys.stderr)
    for name, rejected, read in run.rejects:
        print(f"recount: {name}: {rejected} of {read} rows rejected", file=sys.stderr)
    for name in run.damaged:
        print(f"recount: {name}: the stream is cut or damaged", file=sys.stderr)
    print("recount: " + ", ".join(f"{n} {k}" for k, n in run.totals.items()), file=sys.stderr)
    if options.results is None:
        for one in run.records():
            print(json.dumps(one, sort_keys=True, ensure_ascii=False, separators=(",", ":")))
        return 0
    compared = comparison.Comparison(options.results)
    compared.rows(run.totals)
    compared.accounts(list(run.records()), run.with_logins)
    shown = list(itertools.islice(compared.differences, comparison.SHOWN))
    for difference in shown:
        print(difference)
    count = len(compared.differences)
    if count > len(shown):
        print(f"… and {count - len(shown)} more")
    print(f"recount: {compared.accounts_compared} accounts, {compared.values_compared} values "
          f"compared, {count} differences", file=sys.stderr)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
