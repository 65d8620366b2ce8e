"""Accounts as the snapshots tell them: who, of what class, with which permissions and why."""

import bisect

import reading
import tables

SNAPSHOT_KINDS = {
    "user", "profile", "permission_set", "assignment", "license_assignment", "group", "component",
    "muting"}


class Snapshots:
    """All snapshot tables of a run, by kind and date."""

    def __init__(self, clock, now):
        self.clock, self.now = clock, now
        self.dated = {}  # kind -> date in ms or None -> row key -> (row text, row)
        self.user_of_name = {}

    def add(self, kind, table, date):
        """Takes in one table; of rows with one key, the one whose text sorts last stays."""
        rows = self.dated.setdefault(kind, {}).setdefault(date, {})
        names = list(table.columns.items())
        joint = '"%s"' % table.delimiter
        for record in table.records():
            row = {name: record[number] for name, number in names}
            if kind in ("assignment", "license_assignment", "component"):
                key = reading.id15(row.get("id", "")) or tuple(record)
            else:
                key = reading.id15(row.get("id", ""))
                if not key:
                    table.rejected += 1
                    continue
            text = joint.join(record).encode("utf-8", "surrogatepass")
            if key not in rows or rows[key][0] < text:
                rows[key] = (text, row)

    def finish(self):
        """Picks the newest state of everything. Undated snapshots are older than dated ones."""
        self.users = self._newest_of_each("user")
        self.profiles = self._newest_of_each("profile")
        self.sets = self._newest_of_each("permission_set")
        self.groups = self._newest_of_each("group")
        self.muting = self._newest_of_each("muting")
        for _, rows in self._in_order("user"):
            for key, (_, row) in rows.items():
                name = row.get("username", "").strip().casefold()
                if name:
                    self.user_of_name[name] = key
        self.components = {}
        for row in self._newest("component"):
            group = reading.id15(row.get("permissionsetgroupid", ""))
            self.components.setdefault(group, set()).add(
                reading.id15(row.get("permissionsetid", "")))
        for key, row in self.muting.items():
            group = reading.id15(row.get("permissionsetgroupid", ""))
            if group:
                self.components.setdefault(group, set()).add(key)
        self.aggregate, self.owned = {}, {}
        for key, row in self.sets.items():
            if tables.plain(row.get("type", "")) == "group":
                self.aggregate[reading.id15(row.get("permissionsetgroupid", ""))] = key
            elif _profile_owned(row):
                self.owned[reading.id15(row.get("profileid", ""))] = key
        self.aggregate.pop("", None)
        self.owned.pop("", None)
        self.assigned, self.licensed = {}, set()
        dates = self.dated.get("assignment", {})
        dated = [d for d in dates if d is not None]
        reference = max(dated) if dated else self.now
        for row in self._newest("assignment"):
            if self._in_force(row, reference):
                self.assigned.setdefault(reading.id15(row["assigneeid"]), []).append(row)
        for row in self._newest("license_assignment"):
            if any(tables.plain(v).startswith("salesforceapiintegration") for c, v in row.items()
                   if c.startswith("permissionsetlicense")):
                self.licensed.add(reading.id15(row["assigneeid"]))
        self._user_dates = [d for d in sorted(self.dated.get("user", {}), key=_oldest_first)]
        self._known = {}

    def user_at(self, key, at):
        """The user's row of the newest snapshot not after a login; the oldest for earlier ones."""
        dated = [d for d in self._user_dates if d is not None]
        at_or_before = dated[:bisect.bisect_right(dated, at)] or dated[:1]
        for date in at_or_before[::-1] + [None] + dated:
            found = self.dated.get("user", {}).get(date, {}).get(key)
            if found:
                return found[1]
        return None

    def _in_order(self, kind):
        return sorted(self.dated.get(kind, {}).items(), key=lambda item: _oldest_first(item[0]))

    def _newest_of_each(self, kind):
        state = {}
        for _, rows in self._in_order(kind):
            state.update((key, row) for key, (_, row) in rows.items())
        return state

    def _newest(self, kind):
        states = self._in_order(kind)
        return [row for _, row in states[-1][1].values()] if states else []

    def _in_force(self, row, reference):
        if row.get("isactive", "").strip().casefold() in ("false", "0"):
            return False
        if _true(row.get("isrevoked", "")):
            return False
        expires = self.clock.read(row.get("expirationdate", ""))
        return expires is None or expires > reference

    # Of one account

    def profile_of(self, user):
        """Name and licence of a user's profile."""
        profile = self.profiles.get(reading.id15(user.get("profileid", "")), {})
        name = user.get("profile.name") or profile.get("name", "")
        licence = user.get("profile.userlicense.name") or profile.get("userlicense.name", "")
        return name, licence

    def privileges(self, short):
        """The tracked permissions in force as sorted (name, via), and the licences of sets."""
        if short in self._known:
            return self._known[short]
        held, licences = set(), set()
        user = self.users.get(short, {})
        name, _ = self.profile_of(user)

        def grant(row, via, prefix="permissions"):
            held.update((p, via) for p in tables.PERMISSIONS if _true(
                row.get(prefix + p.casefold(), "")))

        profile_id = reading.id15(user.get("profileid", ""))
        grant(self.profiles.get(profile_id, {}), "profile: " + name)
        grant(user, "profile: " + name, "profile.permissions")
        grant(self.sets.get(self.owned.get(profile_id, ""), {}), "profile: " + name)
        for row in self.assigned.get(short, []):
            set_id = reading.id15(row.get("permissionsetid", ""))
            one = self.sets.get(set_id) or {
                c.removeprefix("permissionset."): v for c, v in row.items()
                if c.startswith("permissionset.")}
            licences.add(one.get("license.name", "").strip().casefold())
            group = reading.id15(row.get("permissionsetgroupid", "")) or reading.id15(
                one.get("permissionsetgroupid", ""))
            if _profile_owned(one):
                owner = self.profiles.get(reading.id15(one.get("profileid", "")), {})
                grant(one, "profile: " + (owner.get("name") or one.get("profile.name") or name))
            elif group:
                self._grant_group(group, one, grant)
            else:
                grant(one, "permission set: " + (one.get("label") or one.get("name", "")))
        result = sorted(held, key=lambda p: (p[0].encode(), p[1].encode())), licences
        self._known[short] = result
        return result

    def _grant_group(self, group, one, grant):
        told = self.groups.get(group, {})
        whole = one
        if tables.plain(one.get("type", "")) != "group":
            whole = self.sets.get(self.aggregate.get(group, ""))
        label = (told.get("masterlabel") or told.get("label") or (whole or {}).get("label")
                 or told.get("developername", ""))
        via = "permission set group: " + label
        if whole is not None and any(c.startswith("permissions") for c in whole):
            grant(whole, via)
            return
        parts = self.components.get(group, ())
        muted = {c for m in parts if m in self.muting for c, v in self.muting[m].items()
                 if c.startswith("permissions") and _true(v)}
        for part in parts:
            grant({c: v for c, v in self.sets.get(part, {}).items() if c not in muted}, via)

    def is_external(self, user):
        """Whether a user belongs to an Experience site rather than to the company."""
        return (tables.plain(user.get("usertype", "")) in tables.EXTERNAL_TYPES
                or bool(user.get("contactid", "").strip()))

    def classify(self, short, user, username, tally):
        """Class and confidence of an account; `user` is None where no snapshot holds it."""
        row = user or {}
        if self.is_external(row):
            return "external", "high"
        if tables.plain(row.get("usertype", "")) in tables.SYSTEM_TYPES or (
                tables.LICENCE_MANAGER.fullmatch(username.strip())):
            return "system", "high"
        profile, licence = self.profile_of(row)
        held, licences = self.privileges(short) if short else ([], set())
        if (any(name == "ApiUserOnly" for name, _ in held)
                or licence.strip().casefold() == "salesforce integration"
                or "salesforce api integration" in licences or short in self.licensed
                or profile.strip().casefold() == "minimum access - api only integrations"):
            return "integration", "high"
        system, counted = tally.api_share() if tally else (0, 0)
        words = set()
        for text in (row.get("name", ""), profile, username.partition("@")[0]):
            words |= _words(text)
        if words & tables.INTEGRATION_WORDS and counted and system * 100 >= counted * 80:
            return "integration", "medium"
        if (system >= 100 and system * 100 >= counted * 95
                and len(tally.api_success_days) >= 7):
            return "integration", "low"
        return ("human", "high") if user is not None else ("unknown", "low")


def _oldest_first(date):
    return (date is not None, date or 0)


def _profile_owned(row):
    return tables.plain(row.get("type", "")) == "profile" or _true(row.get("isownedbyprofile", ""))


def _true(text):
    return text.strip().casefold() in ("true", "1")


def _words(text):
    return set("".join(c if c.isalnum() else " " for c in text.casefold()).split())
