"""Verifications, and the MFA verdict of one successful human login (rules, section 2)."""

import bisect

import reading
import tables

WEEK = 7 * 86_400_000
NEARBY = 600_000
WITHOUT_ID = 120_000
FOR_ALL, FOR_EXTERNAL = 1, 2


class Proofs:
    """Everything beside the login rows that speaks about the MFA of a login."""

    def __init__(self):
        self.given = False
        self.times, self.users = [], set()
        self.joined = {}  # login Id -> [(proof, identity, step-up)] of successful verifications
        self.around = {}  # (account key, address) -> [(time, proof)]
        self.event = {}  # login Id -> {"login_event", "session_level"}
        self.high_sessions, self.key_of_login = set(), {}
        self._seen = set()

    def add_verifications(self, table, clock, account_key):
        """Takes in a table of VerificationHistory."""
        self.given = True
        at_column = table.column("verificationtime", "time")
        pick = _picker(table)
        has_activity = table.column("activity", "useractivity") is not None
        for row in table.records():
            at = clock.read(row[at_column]) if at_column is not None else None
            key = account_key(pick(row, "userid"), pick(row, "username", "user.username"))
            if at is None or not key:
                table.rejected += 1
                continue
            own = reading.id15(pick(row, "id"))
            if own and own in self._seen:
                continue
            self._seen.add(own)
            self.times.append(at)
            self.users.add(key)
            if tables.plain(pick(row, "status")) not in tables.VERIFIED:
                continue
            policy = tables.plain(pick(row, "policy", "triggeredby"))
            activity = tables.plain(pick(row, "activity", "useractivity"))
            method = tables.plain(pick(row, "verificationmethod", "method"))
            at_login = not has_activity or activity in tables.LOGIN_ACTIVITIES or (
                activity.startswith("connect") and not activity.startswith("connectedapp"))
            proof = 0
            if policy in tables.MFA_POLICIES and at_login:
                if method in tables.SMS_METHODS:
                    proof = FOR_EXTERNAL
                elif method not in tables.IDENTITY_METHODS and method != "password":
                    proof = FOR_ALL
            identity = policy == "deviceactivation" or (
                method in tables.IDENTITY_METHODS or method in tables.SMS_METHODS)
            login = reading.id15(pick(row, "loginhistoryid"))
            if login:
                self.joined.setdefault(login, []).append(
                    (proof, identity, policy in tables.STEP_UP_POLICIES))
            place = reading.address(pick(row, "sourceip"))
            if proof and place:
                self.around.setdefault((key, place), []).append((at, proof))

    def add_login_events(self, table):
        """Takes in a table of LoginEvent."""
        pick = _picker(table)
        for row in table.records():
            login = reading.id15(pick(row, "loginhistoryid"))
            if not login:
                continue
            said = self.event.setdefault(login, set())
            if tables.plain(pick(row, "policyoutcome")) in (
                    "twofasucceeded", "twofaautomatedsuccess"):
                said.add("login_event")
            if tables.plain(pick(row, "sessionlevel")) == "highassurance":
                said.add("session_level")
            if pick(row, "loginkey"):
                self.key_of_login[login] = pick(row, "loginkey")

    def add_logouts(self, table):
        """Takes in an event log of type Logout."""
        pick = _picker(table)
        for row in table.records():
            level = pick(row, "sessionlevel").strip().casefold()
            if (level == "10" or level.startswith("high_assurance")) and pick(row, "loginkey"):
                self.high_sessions.add(pick(row, "loginkey"))

    def finish(self):
        """Sorts what was read."""
        self.times.sort()
        for found in self.around.values():
            found.sort()

    def proves(self, login, external):
        """Whether a verification of this very login proves MFA."""
        return any(p == FOR_ALL or (p == FOR_EXTERNAL and external)
                   for p, _, _ in self.joined.get(login, ()))

    def covers(self, at):
        """Whether a time lies between two verifications at most seven days apart."""
        times = self.times
        after = bisect.bisect_left(times, at)
        if after < len(times) and times[after] == at:
            return (after + 1 < len(times) and times[after + 1] - at <= WEEK) or (
                after > 0 and at - times[after - 1] <= WEEK)
        return 0 < after < len(times) and times[after] - times[after - 1] <= WEEK

    def within_two_minutes(self, key, place, at, external):
        """Whether a verification of the account and address lies within 120 seconds."""
        found = self.around.get((key, place), ())
        for when, proof in found[bisect.bisect_left(found, (at - WITHOUT_ID, 0)):]:
            if when > at + WITHOUT_ID:
                return False
            if proof == FOR_ALL or external:
                return True
        return False


def _picker(table):
    def pick(row, *names):
        number = table.column(*names)
        return "" if number is None else row[number]
    return pick


def _same_place(a, b):
    # Elements: time, address, browser, ...
    return a[1] and a[1] == b[1] and (not a[2] or not b[2] or a[2] == b[2])


def _nearby(success, demands, successes):
    """Whether a proven demand for MFA leads to this success and to no earlier one."""
    first = bisect.bisect_left(demands, (success[0] - NEARBY,))
    for demand in demands[first:]:
        if demand[0] > success[0]:
            return False
        if not _same_place(demand, success):
            continue
        # Strictly between the two in time: simultaneous rows all count as the first.
        low = bisect.bisect_left(successes, (demand[0] + 1,))
        high = bisect.bisect_left(successes, (success[0],))
        if not any(_same_place(demand, other) for other in successes[low:high]):
            return True
    return False


def judge_all(tally, proofs, joined_logins, external):
    """Yields (success, verdict, basis) for each analysed successful human login of an account.

    A success is a tuple (time, address, browser, family, login Id, AMR and ACR, login key,
    analysed, password reset); a demand is (time, address, browser).
    """
    demands, successes = sorted(tally.demands), sorted(tally.human_successes)
    for success in successes:
        if success[7]:
            yield success, *_judge(tally.key, success, demands, successes, proofs, joined_logins,
                                   external)


def _judge(key, success, demands, successes, proofs, joined_logins, external):
    at, place, _, family, login, provider, session, _, _ = success
    if proofs.proves(login, external):
        return "proven", "sf_verification"
    if demands and _nearby(success, demands, successes):
        return "proven", "sf_verification_nearby"
    if not login and place and proofs.within_two_minutes(key, place, at, external):
        return "proven", "sf_verification_nearby"
    said = proofs.event.get(login, ())
    if "login_event" in said:
        return "proven", "login_event"
    if "session_level" in said or (
            (session or proofs.key_of_login.get(login)) in proofs.high_sessions):
        return "proven", "session_level"
    if family in ("lightning", "passkey", "certificate"):
        return "proven", "login_type"
    tokens = tables.provider_tokens(provider)
    if tokens & tables.STRONG_TOKENS:
        return "proven", "idp_amr"
    # Step-up verifications say nothing about the login, so they do not spoil "only".
    joined = [identity for _, identity, step_up in proofs.joined.get(login, ()) if not step_up]
    if joined and all(joined):
        return "absent", "sf_identity_only"
    if tokens and tokens <= tables.WEAK_TOKENS:
        return "absent", "idp_amr_single"
    if family == "application":
        if not proofs.given:
            return "unknown", "no_source"
        others = joined_logins - (1 if login in proofs.joined else 0)
        if others < 1 or len(proofs.users) < 2:
            return "unknown", "join_unproven"
        if proofs.covers(at):
            return "absent", "sf_no_verification"
        return "unknown", "not_covered"
    if family == "sso":
        return "unknown", "idp_silent"
    if family == "session":
        return "unknown", "inside_session"
    if family == "oauth_interactive":
        return "unknown", "oauth_consent"
    return "unknown", "no_source"
