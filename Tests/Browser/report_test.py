"""The HTML report in a real browser: `make test-browser`.

Reads the page that the built program writes for the samples, and one of ten thousand accounts made
from the same records. With --screenshots FOLDER it also takes the pictures of docs/.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

from devtools import Browser, Page

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("POSTERN", os.path.join(ROOT, ".build/debug/postern"))
HOSTILE = "\"><script>window.hit=1</script><img src=x onerror=window.hit=1>' onclick=window.hit=1 x='"
BIG = 10_000

browser = None
folder = None


def line(record):
    """A record as the program writes it: compact, the schema first, all other keys sorted."""
    record = dict(record)
    schema = record.pop("schema")
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f'{{"schema":"{schema}",{text[1:]}\n'


def write(path, records):
    """Writes results; the last record holds the digest of all of them, its own digits left out."""
    text = "".join(map(line, records[:-1]))
    blank = text + line(dict(records[-1], records_sha256=""))
    digest = hashlib.sha256(blank.encode()).hexdigest()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + line(dict(records[-1], records_sha256=digest)))


def report(results, page):
    subprocess.run([PROGRAM, "report", results, "-o", "html:" + page], check=True)


def sample_records():
    with open(os.path.join(folder, "sample.jsonl"), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def make_hostile():
    """Every text that an export can set is markup that would run."""
    records = sample_records()
    for record in records:
        if record["schema"].startswith("postern.account"):
            account = record["account"]
            for name in ("username", "name", "profile", "license", "user_type"):
                account[name] = HOSTILE
            account["class_reasons"] = [HOSTILE]
            account["privileges"] = [{"name": HOSTILE, "via": HOSTILE}]
            record["api_traffic"]["by_application"] = {HOSTILE: 1}
            record["api_requests"] = {
                "total": 1, "daily": {"from": "2026-08-03", "day": [0], "requests": [1]},
                "counts_against_limit": {"yes": 1, "no": 0, "unknown": 0}} | {
                    name: {HOSTILE: 1} for name in (
                        "by_family", "by_version", "by_application", "by_status", "by_source")}
            for kind in ("address", "application", "api_version"):
                for use in record["values"][kind]:
                    use["value"] = use["country"] = HOSTILE
        elif record["schema"].startswith("postern.finding"):
            if record["account"]:
                record["account"]["username"] = HOSTILE
            record["discriminator"] = record["replay"] = record["remediation"] = HOSTILE
            record["references"] = ["javascript:window.hit=1", HOSTILE]
            for row in record["evidence"]:
                for name in ("application", "browser", "country", "file", "label",
                             "login_sub_type", "login_type", "platform", "source_ip", "status"):
                    row[name] = HOSTILE
    write(os.path.join(folder, "hostile.jsonl"), records)
    report(os.path.join(folder, "hostile.jsonl"), os.path.join(folder, "hostile.html"))


def make_big():
    """The samples' accounts and findings again and again under other keys, with few days each."""
    records = sample_records()
    run, end = records[0], records[-1]
    samples = [record for record in records if record["schema"].startswith("postern.account")]
    found = {record["finding_id"]: record for record in records
             if record["schema"].startswith("postern.finding")}
    of_org = [record for record in found.values() if record["account"] is None]
    applications = [record for record in records
                    if record["schema"].startswith("postern.application")]
    groups, findings = [], list(of_org)
    for number in range(BIG):
        sample = samples[number % len(samples)]
        key = f"005Hn{number:010d}AAA"
        account = dict(sample, account=dict(
            sample["account"], id=key, key=key, username=f"user.{number}@example.com"))
        daily = {name: column[:3] if isinstance(column, list) else column
                 for name, column in sample["activity"]["daily"].items()}
        account["activity"] = dict(sample["activity"], daily=daily)
        account["findings"] = []
        groups.append(account)
        for old in sample["findings"]:
            new = f"pf1:{number:08x}{old[12:]}"
            account["findings"].append(new)
            finding = dict(
                found[old], finding_id=new, evidence=found[old]["evidence"][:4],
                account=dict(found[old]["account"], id=key, key=key,
                             username=account["account"]["username"]))
            findings.append(finding)
            groups.append(finding)
    end = dict(end, accounts=BIG, findings={
        "total": len(findings),
        "suppressed": sum(record["suppression"] is not None for record in findings),
        "by_severity": {name: sum(record["severity"] == name for record in findings)
                        for name in ("critical", "high", "medium", "low", "info")},
        "by_status": {name: sum(record["status"] == name for record in findings)
                      for name in ("fail", "unknown", "info")}})
    write(os.path.join(folder, "big.jsonl"), [run] + groups + applications + of_org + [end])
    report(os.path.join(folder, "big.jsonl"), os.path.join(folder, "big.html"))


# Text against the ground it stands on, by the formula of WCAG 2; all texts that are shown.
CONTRAST = """(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = (c) => { const f = (v) => { v /= 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
  let worst = { ratio: 99 };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const isDrawn = element instanceof SVGElement;
    const front = parse(isDrawn ? style.fill : style.color);
    let back = [255, 255, 255];
    for (let at = element; at; at = at.parentElement) {
      const ground = parse(getComputedStyle(at).backgroundColor);
      if (ground.length === 3 || ground[3] === 1) { back = ground; break; }
    }
    const [a, b] = [light(front), light(back)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst.ratio) worst = { ratio, text: node.data.trim().slice(0, 60) };
  }
  return worst;
})()"""


class SamplePage(unittest.TestCase):
    """The page of the samples."""

    path = property(lambda self: os.path.join(folder, "sample.html"))

    def page(self, **options):
        page = Page(browser, **options)
        self.addCleanup(page.close)
        page.open(self.path)
        browser.pump(0.2)
        return page

    def assertQuiet(self, page):
        self.assertEqual(page.complaints(), [])
        requests = page.requests()
        self.assertEqual(len(requests), 1, requests)
        self.assertTrue(requests[0].startswith("file://"))

    def names(self, page):
        return page.value("Array.from(document.querySelectorAll('.acc tbody tr'), "
                          "(row) => row.cells[0].innerText.split('\\n')[0].split(' ')[0])")

    def column(self, page, number):
        return page.value("Array.from(document.querySelectorAll('.acc tbody tr'), "
                          f"(row) => row.cells[{number}].textContent.trim())")

    def test_it_loads_nothing_and_complains_about_nothing(self):
        page = self.page()
        self.assertTrue(page.value("'ready' in document.documentElement.dataset"))
        self.assertQuiet(page)

    def test_the_policy_holds(self):
        page = self.page()
        page.value("""(() => { const script = document.createElement('script');
          script.textContent = 'window.hit = 1'; document.body.append(script); })()""")
        self.assertIsNone(page.value("window.hit"))
        self.assertEqual(
            page.value("fetch('https://example.com/').then(() => 'sent', () => 'refused')"),
            "refused")

    def test_columns_sort_by_mouse_and_keyboard(self):
        page = self.page()
        first = self.names(page)[0]
        page.value("document.querySelectorAll('.acc th button')[6].click()")
        figures = [int(text.replace(",", "")) for text in self.column(page, 6) if text != "·"]
        self.assertEqual(figures, sorted(figures, reverse=True))
        self.assertGreater(len(figures), 10)
        self.assertEqual(page.value(
            "document.querySelectorAll('.acc th')[6].getAttribute('aria-sort')"), "descending")
        page.value("document.querySelectorAll('.acc th button')[0].focus()")
        page.key("Enter")
        names = self.names(page)
        self.assertEqual(names, page.value(
            f"{json.dumps(names)}.sort(new Intl.Collator('en', {{ numeric: true }}).compare)"))
        page.value("document.querySelectorAll('.acc th button')[9].click()")
        self.assertEqual(self.names(page)[0], first)

    def test_search_and_filters_choose_rows(self):
        page = self.page()
        total = len(self.names(page))
        search = "((text) => { const box = document.getElementById('q'); box.value = text; " \
                 "box.dispatchEvent(new Event('input', { bubbles: true })); })"
        page.value(search + "('mfa-001')")
        texts = page.value("Array.from(document.querySelectorAll('.acc tbody tr'), "
                           "(row) => row.textContent)")
        self.assertTrue(0 < len(texts) < total)
        self.assertTrue(all("MFA-001" in text for text in texts))
        page.value(search + "('no such account')")
        self.assertEqual(page.value("document.querySelector('.acc tbody').textContent"),
                         "No account matches.")
        page.value(search + "('')")
        self.assertEqual(len(self.names(page)), total)
        page.value("(() => { const show = document.getElementById('show'); show.value = 'absent'; "
                   "show.dispatchEvent(new Event('change')); })()")
        self.assertTrue(all(int(text.replace(",", "")) > 0 for text in self.column(page, 4)))
        # A tile leads to the accounts that it counts.
        figure = int(page.value("document.querySelectorAll('.tile .n')[1].textContent"))
        page.value("document.querySelector('.tile [data-kind=integration]').click()")
        self.assertEqual(set(self.column(page, 1)), {"integration"})
        self.assertEqual(len(self.names(page)), figure)
        self.assertQuiet(page)

    def test_search_finds_names_addresses_applications_and_titles(self):
        page = self.page()
        page.value("(() => { const size = document.getElementById('size'); size.value = 'all'; "
                   "size.dispatchEvent(new Event('change')); })()")
        total = len(self.names(page))
        accounts = [record for record in sample_records()
                    if record["schema"].startswith("postern.account")]
        search = "((text) => { const box = document.getElementById('q'); box.value = text; " \
                 "box.dispatchEvent(new Event('input', { bubbles: true })); })"
        for column in ("address", "application"):
            for value in {use["value"] for account in accounts
                          for use in account["values"][column]} - {"", "N/A"}:
                users = {account["account"]["username"] or account["account"]["key"]
                         for account in accounts
                         if any(use["value"] == value for use in account["values"][column])}
                page.value(search + f"({json.dumps(value)})")
                self.assertLessEqual(users, set(self.names(page)), value)
        person = next(account["account"] for account in accounts if account["account"]["name"])
        page.value(search + f"({json.dumps(person['name'])})")
        self.assertIn(person["username"], self.names(page))
        page.value(search + "('login without mfa to an integration')")
        self.assertTrue(0 < len(self.names(page)) < total)
        self.assertIn("Human login without MFA to an integration account", page.value(
            "document.querySelector('.acc tbody u').title"))
        self.assertQuiet(page)

    def test_a_link_to_an_account_without_panel_finds_its_row(self):
        name = self.page().value("document.querySelector('.acc tbody tr[id]').id")
        page = self.page()
        page.value("(() => { const box = document.getElementById('q'); box.value = 'no such'; "
                   "box.dispatchEvent(new Event('input', { bubbles: true })); })()")
        page.value(f"location.hash = '#{name}'")
        browser.pump(0.3)
        self.assertTrue(page.value(f"document.getElementById('{name}').checkVisibility()"))

    def test_a_linked_name_opens_the_panel(self):
        page = self.page()
        page.value("document.querySelector('.acc tbody a').click()")
        browser.pump(0.3)
        self.assertRevealed(page, ".body")

    def test_a_link_from_outside_opens_the_panel_of_a_finding(self):
        anchor = self.page().value("document.querySelectorAll('.panel .find')[2].id")
        self.assertRegex(anchor, "^f-[0-9a-f]{32}$")
        page = self.page()
        page.value(f"location.hash = '#{anchor}'")
        browser.pump(0.3)
        self.assertRevealed(page, ".find")

    def assertRevealed(self, page, kind):
        target = "document.getElementById(location.hash.slice(1))"
        self.assertTrue(page.value(f"{target}.matches('{kind}')"))
        self.assertTrue(page.value(f"{target}.closest('details').open"))
        top = page.value(f"{target}.getBoundingClientRect().top")
        self.assertTrue(0 < top < 500, top)

    def test_charts_read_out_days_to_the_keyboard(self):
        page = self.page()
        page.value("document.querySelector('.chart').focus()")
        page.key("End")
        page.key("ArrowLeft")
        text = page.value("document.querySelector('#mfa .read').textContent")
        self.assertRegex(text, r"^2026-04-\d\d: \d+ yes, \d+ no, \d+ cannot be told$")
        self.assertQuiet(page)

    def test_charts_and_heat_maps_read_out_what_is_under_the_pointer(self):
        page = self.page()
        page.value("document.querySelector('.panel').open = true")
        for selector, form in [(".chart svg", r"^2026-0\d-\d\d: \d+ yes"),
                               ("svg.heat", r"^[A-Z][a-z]{2} \d\d:00 UTC: \d+ attempts?$")]:
            page.value(f"document.querySelector('{selector}').scrollIntoView({{block: 'center'}})")
            x, y = page.value(f"(() => {{ const box = document.querySelector('{selector}')"
                              ".getBoundingClientRect(); "
                              "return [box.x + box.width / 2, box.y + box.height / 2]; })()")
            page.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
            browser.pump(0.2)
            self.assertRegex(page.value(
                f"(document.querySelector('{selector}').closest('figure, .body') || document)"
                ".querySelector('.read').textContent"), form)
        self.assertQuiet(page)

    def test_kinds_of_findings_can_be_hidden(self):
        page = self.page()
        page.value("document.querySelector('[data-hides=unknown]').click()")
        self.assertEqual(page.value(
            "Array.from(document.querySelectorAll('[data-s=unknown]'))"
            ".filter((row) => row.checkVisibility()).length"), 0)
        self.assertGreater(page.value(
            "Array.from(document.querySelectorAll('[data-s=fail]'))"
            ".filter((row) => row.checkVisibility()).length"), 0)

    def test_without_script_every_row_and_panel_is_there(self):
        page = self.page(script=False)
        self.assertQuiet(page)
        accounts = sum(record["schema"].startswith("postern.account")
                       for record in sample_records())
        self.assertEqual(page.value(
            "Array.from(document.querySelectorAll('.acc tbody tr'))"
            ".filter((row) => row.checkVisibility()).length"), accounts)
        self.assertFalse(page.value("document.querySelector('.tools').checkVisibility()"))
        self.assertFalse(page.value("document.querySelector('.pager').checkVisibility()"))
        self.assertGreater(page.value("document.querySelectorAll('details.panel').length"), 10)

    def test_texts_have_contrast_in_light_and_dark(self):
        grounds = set()
        for dark in (False, True):
            page = self.page(dark=dark)
            page.value("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
            worst = page.value(CONTRAST)
            self.assertGreaterEqual(worst["ratio"], 4.5, worst)
            grounds.add(page.value("getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(len(grounds), 2)

    def test_it_fits_a_phone(self):
        page = self.page(width=390, height=844)
        page.value("document.querySelectorAll('.panel').forEach((d) => { d.open = true; })")
        self.assertEqual(page.value("document.documentElement.scrollWidth"), 390)
        # What is wider than the screen lies in a frame that scrolls and shows so.
        self.assertEqual(page.value("""Array.from(document.querySelectorAll('main *'))
          .filter((element) => element.checkVisibility() && !element.closest('svg, .vh')
            && element.getBoundingClientRect().right > 391
            && !element.closest('.scroll, .e, .cols > div'))
          .map((element) => element.outerHTML.slice(0, 80))"""), [])
        self.assertQuiet(page)

    def test_it_prints(self):
        page = self.page(dark=True)
        pdf = page.pdf()
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertGreater(pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page "), 3)
        page.call("Emulation.setEmulatedMedia", media="print")
        self.assertFalse(page.value("document.querySelector('.bar').checkVisibility()"))
        # All rows are printed, not those of one page; afterwards there is one page again.
        size = "(() => { const size = document.getElementById('size'); size.options[0].text = '5'; " \
               "size.options[0].value = '5'; size.dispatchEvent(new Event('change')); })()"
        page.value(size)
        rows = "document.querySelectorAll('.acc tbody tr').length"
        self.assertEqual(page.value(rows), 5)
        page.value("dispatchEvent(new Event('beforeprint'))")
        self.assertGreater(page.value(rows), 50)
        page.value("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(page.value(rows), 5)
        self.assertEqual(page.value("getComputedStyle(document.getElementById('rules')).breakBefore"),
                         "page")
        self.assertEqual(page.value("getComputedStyle(document.body).backgroundColor"),
                         "rgb(255, 255, 255)")

    def test_everything_has_a_name(self):
        page = self.page()
        self.assertEqual(page.value("""(() => {
          const problems = [];
          document.querySelectorAll('input,select').forEach((control) => {
            if (!control.labels.length) problems.push(control.id); });
          document.querySelectorAll('svg[role=img]').forEach((svg) => {
            if (!svg.getAttribute('aria-label')) problems.push('svg'); });
          const ids = Array.from(document.querySelectorAll('[id]'), (element) => element.id);
          if (new Set(ids).size !== ids.length) problems.push('an id twice');
          document.querySelectorAll('a[href^="#"]').forEach((link) => {
            if (!document.getElementById(link.hash.slice(1))) problems.push(link.hash); });
          return problems;
        })()"""), [])


class HostilePage(unittest.TestCase):
    """The same with markup for every name."""

    def test_nothing_of_it_runs(self):
        page = Page(browser)
        self.addCleanup(page.close)
        page.open(os.path.join(folder, "hostile.html"))
        page.value("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        page.value("document.querySelectorAll('.acc a, .acc td, pre').forEach((e) => e.click())")
        browser.pump(0.3)
        self.assertIsNone(page.value("window.hit"))
        self.assertEqual(page.complaints(), [])
        self.assertEqual(len(page.requests()), 1)
        self.assertEqual(page.value("document.images.length + document.scripts.length"), 1)
        self.assertIn("<script>", page.value("document.querySelector('.acc tbody a').textContent"))


class BigPage(unittest.TestCase):
    """Ten thousand accounts."""

    def test_it_is_small_opens_fast_and_shows_all(self):
        path = os.path.join(folder, "big.html")
        size = os.path.getsize(path)
        self.assertLessEqual(size, 5_000_000)
        seconds = []
        for _ in range(3):
            page = Page(browser)
            seconds.append(page.open(path))
            texts = page.value("[document.getElementById('place').textContent, "
                               "document.querySelectorAll('.acc tbody tr').length]")
            complaints, requests = page.complaints(), page.requests()
            page.close()
        self.assertEqual(texts, ["1–50 of 10,000 accounts", 50])
        self.assertEqual(complaints, [])
        self.assertEqual(len(requests), 1)
        print(f"{size:,} bytes; load event after "
              + ", ".join(f"{second:.2f}" for second in seconds) + " s", file=sys.stderr)
        # A slow machine needs longer for anything of this size; the script, which shows fifty rows of
        # ten thousand, makes the page open in a good third of the time that it takes without it.
        limit = 2 if min(seconds) < 2 else 0.4 * self.seconds_without_script(path)
        self.assertLess(min(seconds), limit)

    def seconds_without_script(self, path):
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"<script>.*?</script>", "", file.read(), flags=re.DOTALL)
        plain = os.path.join(folder, "big-plain.html")
        with open(plain, "w", encoding="utf-8") as file:
            file.write(text)
        seconds = []
        for _ in range(3):
            page = Page(browser)
            seconds.append(page.open(plain))
            page.close()
        print("without the script after " + ", ".join(f"{second:.2f}" for second in seconds) + " s",
              file=sys.stderr)
        return min(seconds)

    def test_search_sort_and_pages_cope(self):
        page = Page(browser)
        self.addCleanup(page.close)
        page.open(os.path.join(folder, "big.html"))
        spent = page.value("""(() => {
          const start = performance.now();
          document.querySelectorAll('.acc th button')[0].click();
          const box = document.getElementById('q');
          box.value = 'user.9999@';
          box.dispatchEvent(new Event('input', { bubbles: true }));
          return performance.now() - start;
        })()""")
        self.assertEqual(page.value("document.querySelectorAll('.acc tbody tr').length"), 1)
        self.assertLess(spent, 2_000)
        page.value("(() => { const box = document.getElementById('q'); box.value = ''; "
                   "box.dispatchEvent(new Event('input', { bubbles: true })); "
                   "document.getElementById('next').click(); })()")
        self.assertEqual(page.value("document.getElementById('place').textContent"),
                         "51–100 of 10,000 accounts")

    def test_without_script_all_rows_stand_there(self):
        page = Page(browser, script=False)
        self.addCleanup(page.close)
        page.open(os.path.join(folder, "big.html"))
        self.assertEqual(page.value("document.querySelectorAll('.acc tbody tr').length"), BIG)


def screenshots(target):
    for name, options, steps in [
        ("report.png", {}, ""),
        ("report-dark.png", {"dark": True}, "location.hash = '#mfa'"),
        ("report-account.png", {}, "location.hash = document.querySelectorAll('.panel .body')[1].id"),
    ]:
        page = Page(browser, width=1280, height=1000, **options)
        page.open(os.path.join(folder, "sample.html"))
        if steps:
            page.value(steps)
        browser.pump(0.5)
        page.screenshot(os.path.join(target, name))
        page.close()


def setUpModule():
    global browser, folder
    holder = tempfile.TemporaryDirectory(prefix="postern-report-")
    unittest.addModuleCleanup(holder.cleanup)
    folder = holder.name
    subprocess.run(
        [PROGRAM, "scan", "samples/exports", "--now", "2026-09-01",
         "-o", "html:" + os.path.join(folder, "sample.html"),
         "-o", "jsonl:" + os.path.join(folder, "sample.jsonl")], cwd=ROOT, check=True)
    make_hostile()
    make_big()
    browser = Browser()
    unittest.addModuleCleanup(browser.close)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--screenshots"]:
        setUpModule()
        screenshots(sys.argv[2])
        unittest.doModuleCleanups()
    else:
        unittest.main(verbosity=2)
