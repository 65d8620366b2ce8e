"""Reading exports: compression, dialect, kind by header, Ids and addresses."""

import csv
import datetime
import io
import ipaddress
import os
import re
import sys
import zipfile
import zlib

csv.field_size_limit(sys.maxsize)
DELIMITERS = ",;|^\t`"


class _GzipStream(io.RawIOBase):
    """A gzip stream of any number of members that remembers whether it was cut."""

    def __init__(self, source):
        self.source, self.damaged, self._ended = source, False, False
        self._member, self._rest = zlib.decompressobj(31), b""

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self._ended:
            if self._member.eof:
                self._rest = self._member.unused_data or self._rest
                self._rest = self._rest.lstrip(b"\0") or self.source.read(1 << 16).lstrip(b"\0")
                if not self._rest:
                    return 0
                self._member = zlib.decompressobj(31)
            data = self._rest or self._member.unconsumed_tail or self.source.read(1 << 16)
            self._rest = b""
            try:
                out = self._member.decompress(data, len(buffer))
            except zlib.error:
                out, data = b"", b""
            if not data and not self._member.eof and not out:
                self.damaged = self._ended = True
            if out:
                buffer[:len(out)] = out
                return len(out)
        return 0


class Table:
    """One CSV table: its columns by folded name and its records."""

    def __init__(self, name, raw):
        self.name, self.raw, self.rejected, self.read = name, raw, 0, 0
        self.columns, self._rows = {}, None
        text = io.TextIOWrapper(
            io.BufferedReader(raw, 1 << 20), encoding="utf-8-sig", errors="replace", newline="")
        first = ""
        for first in text:
            if first.strip():
                break
        self.delimiter = _delimiter(first)
        lines = self._lines(first, text)
        self._reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        try:
            header = next(self._reader, [])
        except csv.Error:
            header = []
        self.width = len(header)
        for number, label in enumerate(header):
            self.columns.setdefault(folded(label), number)

    def _lines(self, first, text):
        yield first
        for line in text:
            # Only a file's last line can lack its end; in a cut stream that record is cut too.
            if line[-1] not in "\r\n" and getattr(self.raw, "damaged", False):
                self.read += 1
                self.rejected += 1
                continue
            yield line

    def __contains__(self, column):
        return column in self.columns

    def column(self, *names):
        """The number of the first of the named columns that the table has, or None."""
        for name in names:
            if name in self.columns:
                return self.columns[name]
        return None

    def records(self):
        """The records with as many fields as the header; the others are counted as rejected."""
        reader, width = self._reader, self.width
        while True:
            try:
                for row in reader:
                    if not row:
                        continue
                    self.read += 1
                    if len(row) != width:
                        self.rejected += 1
                        continue
                    yield row
                return
            except csv.Error:
                self.read += 1
                self.rejected += 1


def folded(label):
    """A column name for comparison: no case, blanks, underscores or zone in parentheses."""
    label = re.sub(r"\(.*?\)", "", label)
    return "".join(c for c in label.casefold() if c.isalnum() or c == ".")


def _delimiter(line):
    counts, quoted = dict.fromkeys(DELIMITERS, 0), False
    for c in line:
        if c == '"':
            quoted = not quoted
        elif not quoted and c in counts:
            counts[c] += 1
    best = max(DELIMITERS, key=lambda d: counts[d])
    return best if counts[best] else ","


def tables(folder, ignored):
    """All tables below a folder in order of their names; what cannot be read goes to `ignored`."""
    paths = []
    for base, folders, names in os.walk(folder):
        folders.sort()
        paths += [os.path.join(base, n) for n in names]
    for path in sorted(paths):
        name = os.path.relpath(path, folder)
        with open(path, "rb") as source:
            magic = source.read(4)
            source.seek(0)
            if magic[:2] == b"\x1f\x8b":
                yield Table(name, _GzipStream(source))
            elif magic == b"PK\x03\x04":
                try:
                    with zipfile.ZipFile(source) as archive:
                        for member in sorted(archive.namelist()):
                            if not member.endswith("/"):
                                with archive.open(member) as raw:
                                    yield Table(name + "/" + member, raw)
                except zipfile.BadZipFile:
                    ignored.append((name, "damaged archive"))
            else:
                yield Table(name, io.FileIO(path))


def kind_of(table):
    """What a table holds, from its header; None where no known kind fits."""
    has = table.columns.__contains__
    permissions = any(c.startswith("permissions") and c != "permissionsetid"
                      and not c.startswith("permissionset") for c in table.columns)
    if has("eventtype"):
        if has("loginstatus"):
            return "event_log_login"
        return "logout" if has("sessionlevel") and has("loginkey") else None
    if has("loginhistoryid") and (has("policyoutcome") or has("sessionlevel")):
        return "login_event"
    if has("logintime") and (has("status") or has("logintype")) and (
            has("userid") or has("username")):
        return "login_history"
    if has("verificationtime") or (has("useractivity") and has("time") and has("method")):
        return "verification"
    if has("assigneeid"):
        return "license_assignment" if any(
            c.startswith("permissionsetlicense") for c in table.columns) else "assignment"
    if has("permissionsetgroupid") and has("permissionsetid") and not permissions:
        return "component"
    if not has("id"):
        return None
    if has("username"):
        return "user"
    if has("isownedbyprofile"):
        return "permission_set"
    if permissions:
        if any(c.startswith("userlicense") for c in table.columns) or has("usertype"):
            return "profile"
        if "muting" in table.name.casefold():
            return "muting"
        if has("masterlabel") or has("developername"):
            return "muting"
        return "permission_set" if has("label") else "profile" if has("name") else None
    if (has("masterlabel") or has("developername")) and (
            has("status") or has("hasactivationrequired") or len(table.columns) <= 4):
        return "group"
    if has("name") and any(c.startswith("userlicense") for c in table.columns):
        return "profile"
    return None


def date_of_name(name):
    """The date in a file's name in milliseconds, or None."""
    for text in re.findall(r"(?<!\d)(\d{4}-\d{2}-\d{2}|\d{8})(?!\d)", os.path.basename(name)):
        try:
            day = datetime.date.fromisoformat(text)
        except ValueError:
            continue
        return (day.toordinal() - 719163) * 86_400_000
    return None


_USER_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")


def id15(text):
    """The first 15 characters of an Id of 15 or 18, or an empty string."""
    text = text.strip()
    return text[:15] if text.isascii() and _USER_ID.fullmatch(text) else ""


def id18(short):
    """A 15-character Id with the three characters that make it safe to fold."""
    suffix = ""
    for start in (0, 5, 10):
        bits = sum(1 << i for i in range(5) if "A" <= short[start + i] <= "Z")
        suffix += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits]
    return short + suffix


def _address(text):
    text = text.strip()
    if "." in text or ":" in text:
        try:
            found = ipaddress.ip_address(text)
        except ValueError:
            return text
        if found.version == 6:
            if "%" in text:
                return text
            if found.ipv4_mapped is not None:
                return "::ffff:" + str(found.ipv4_mapped)
        return str(found)
    return text


_addresses = {}


def address(text):
    """The canonical text of an address; what is not an address stays as it is, trimmed."""
    found = _addresses.get(text)
    if found is None:
        found = _addresses[text] = _address(text)
    return found
