"""Comparing the recount's account records with those of a results file, field by field."""

import json

SHOWN = 50
# Left alone: reasons and findings are no figures, and only integration accounts have a stated
# confidence of their class.
_NOT_COMPARED = {"schema", "findings", "account.class_reasons"}


def _flat(value, path, out):
    if isinstance(value, dict):
        for key, inner in value.items():
            _flat(inner, f"{path}.{key}" if path else key, out)
    else:
        out[path] = value


def figures(one):
    """A record as path -> value, with what may be written in two ways made equal."""
    one = json.loads(json.dumps(one))
    account = one.get("account", {})
    if account.get("class") != "integration":
        account.pop("class_confidence", None)
    if not account.get("in_snapshot"):
        # No page says which spelling of a username that only login rows know is shown.
        account["username"] = (account.get("username") or "").casefold()
    activity = one.get("activity", {})
    days = {}
    for day in activity.get("daily", []):
        # A day with nothing but pending rows may be listed or not.
        for name, count in day.items():
            if name != "date" and count:
                days.setdefault(day.get("date"), {})[name] = count
    activity["daily"] = days
    activity["hour_of_week"] = {str(i): n for i, n in enumerate(activity.get("hour_of_week", []))}
    account["privileges"] = {
        str(i): f"{p.get('name')} via {p.get('via')}"
        for i, p in enumerate(account.get("privileges", []))}
    values = one.get("values", {})
    for name, seen in values.items():
        if isinstance(seen, list):
            values[name] = dict(enumerate(seen))
    out = {}
    _flat(one, "", out)
    # Zero, empty and not there are the same figure.
    return {p: v for p, v in out.items()
            if p not in _NOT_COMPARED and v not in (None, "", 0) or v is False}


class Comparison:
    """The differences between the recount and one results file."""

    def __init__(self, path):
        self.differences, self.values_compared, self.accounts_compared = [], 0, 0
        self.results, self.end = {}, None
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    one = json.loads(line)
                except ValueError as error:
                    self.differences.append(f"{path}:{number}: no JSON: {error}")
                    continue
                schema = one.get("schema")
                if schema == "postern.account/1":
                    key = one.get("account", {}).get("key")
                    if key in self.results:
                        self.differences.append(f"{key}: two records in the results")
                    self.results[key] = one
                elif schema == "postern.end/1":
                    self.end = one
        if self.end is None:
            self.differences.append(f"{path}: no end record, the file was cut")

    def rows(self, totals):
        """Compares the totals of rows with those of the end record, wherever it keeps them."""
        pending = [self.end or {}]
        while pending:
            found = pending.pop()
            if totals.keys() <= found.keys():
                for name, count in totals.items():
                    self._one("rows", name, count, found[name])
                return
            pending += [v for v in found.values() if isinstance(v, dict)]

    def accounts(self, records, with_logins):
        """Compares all account records.

        Accounts without any login are compared where the results hold any of them; a results file
        that leaves them all out is no difference.
        """
        quiet = any(not r.get("first_login") for r in self.results.values())
        mine = {r["account"]["key"]: r for r in records}
        for key in sorted(mine.keys() | self.results.keys(), key=str):
            if key not in self.results:
                if quiet or key in with_logins:
                    self.differences.append(f"{key}: not in the results")
                continue
            if key not in mine:
                self.differences.append(f"{key}: not in the recount")
                continue
            self.accounts_compared += 1
            ours, theirs = figures(mine[key]), figures(self.results[key])
            for path in sorted(ours.keys() | theirs.keys()):
                self._one(key, path, ours.get(path), theirs.get(path))

    def _one(self, key, path, ours, theirs):
        self.values_compared += 1
        if ours != theirs or isinstance(ours, bool) != isinstance(theirs, bool):
            self.differences.append(
                f"{key} {path}: recount {json.dumps(ours, ensure_ascii=False)}, "
                f"results {json.dumps(theirs, ensure_ascii=False)}")
