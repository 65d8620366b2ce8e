"""Times: what exports write, as milliseconds since 1970 UTC, and back."""

import datetime
import re
from zoneinfo import ZoneInfo

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*"
    r"(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d+))?")
_LOCAL = re.compile(
    r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4}),?\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*"
    r"([AP]\.?M\.?)?\s*(Z|UTC|GMT)?", re.IGNORECASE)
_days = {}


def _milliseconds(year, month, day, hour, minute, second, fraction):
    days = _days.get((year, month, day))
    if days is None:
        days = datetime.date(year, month, day).toordinal() - 719163
        _days[(year, month, day)] = days
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError
    return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + int((fraction + "00")[:3])


class Clock:
    """Reads the times of exports, given the zone and the date order of local ones."""

    def __init__(self, zone="UTC", order=None):
        self.zone, self.order = None if zone.upper() == "UTC" else ZoneInfo(zone), order

    def read(self, text):
        """Milliseconds since 1970 UTC, or None where the text is no possible time."""
        text = text.strip()
        try:
            match = _ISO.fullmatch(text)
            if match:
                y, mo, d, h, mi, s, fraction, zone = match.groups()
                at = _milliseconds(int(y), int(mo), int(d), int(h or 0), int(mi or 0), int(s or 0),
                                   (fraction or "") + "0")
                if zone is None:
                    return self._utc(at)
                if zone[0] in "+-":
                    hours, minutes = int(zone[1:3]), int(zone[-2:])
                    if hours > 23 or minutes > 59:
                        return None
                    shift = (hours * 60 + minutes) * 60_000
                    at += shift if zone[0] == "-" else -shift
                return at
            match = _COMPACT.fullmatch(text)
            if match:
                return _milliseconds(*map(int, match.groups()[:6]), (match[7] or "") + "0")
            return self._local(text)
        except ValueError:
            return None

    def _local(self, text):
        match = _LOCAL.fullmatch(re.sub("[\u202f\u00a0]", " ", text))
        if not match:
            return None
        a, separator, b, c, h, mi, s, half, zone = match.groups()
        order = "ymd" if len(a) == 4 else "dmy" if separator == "." else self.order
        if order is None:
            raise SystemExit(f"recount: the time {text!r} needs --date-order mdy, dmy or ymd")
        parts = dict(zip(order, (int(a), int(b), int(c))))
        year, hour = parts["y"], int(h)
        if year < 100:
            year += 2000
        if half:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if half[0] in "pP" else 0)
        at = _milliseconds(year, parts["m"], parts["d"], hour, int(mi), int(s or 0), "0")
        return at if zone else self._utc(at)

    def _utc(self, at):
        if self.zone is None:
            return at
        naive = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=at)
        aware = naive.replace(tzinfo=self.zone, fold=0)
        back = aware.astimezone(datetime.timezone.utc)
        if back.astimezone(self.zone).replace(tzinfo=None) != naive:
            return None  # the clocks skipped this time
        return at - int(aware.utcoffset().total_seconds() * 1000)


def iso(at):
    """Milliseconds since 1970 as UTC text with milliseconds; None stays None."""
    if at is None:
        return None
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=at)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
