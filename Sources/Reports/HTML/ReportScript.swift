/// The script of the report.
///
/// The page says everything without it; it pages, sorts and searches the table of accounts, reads out
/// charts under the pointer, and opens what a link leads to. It makes elements and texts, never
/// markup from texts.
enum ReportScript {
  /// The text between the script tags; the page names its digest.
  static let text: StaticString = #"""
    "use strict";
    (() => {
      const root = document.documentElement;
      root.classList.add("js");
      const one = (selector, from = document) => from.querySelector(selector);
      const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
      const grouped = (number) => number.toLocaleString("en-US");
      const figure = (text) => {
        const digits = text.replace(/[^0-9.]/g, "");
        return digits === "" ? -1 : Number(digits);
      };

      // Shows the row of an account that stands on another page of the table.
      let findRow = () => null;

      // A link into a closed panel opens it.
      const reveal = () => {
        if (location.hash.length < 2) return;
        const name = location.hash.slice(1);
        const target = document.getElementById(name) || findRow(name);
        if (!target) return;
        const panel = target.closest("details");
        if (panel) panel.open = true;
        if (panel || target.matches("tr")) target.scrollIntoView();
      };

      // The table of accounts: all rows stand in the page, one page of them in the document.
      const accounts = () => {
        const table = one(".acc");
        if (!table) return;
        const source = one("tbody.all", table);
        const rows = Array.from(source.rows).map((row, rank) => ({ row, rank }));
        const body = document.createElement("tbody");
        source.replaceWith(body);
        const [search, kind, show, size] = ["q", "kind", "show", "size"].map((id) => one("#" + id));
        const [back, next, place] = ["back", "next", "place"].map((id) => one("#" + id));
        const cell = (entry, column) => entry.row.cells[column].textContent.trim();
        const collator = new Intl.Collator("en", { numeric: true });
        const findings = 9;
        // What the codes of rules stand for.
        const titles = new Map(all(".rule").map((rule) =>
          [rule.id.slice(1), one("h3 span", rule).textContent]));
        const title = (code) => titles.get(code.trim().split(" ")[0]) || "";
        const codes = (row) => all("u,i", row.cells[findings])
          .flatMap((element) => element.textContent.split(","));
        // 203.0.113.7+12 is two addresses of one network.
        const expand = (text) => text.split("|").map((term) => {
          if (!/^[\d.]+(\+\d+)+$/.test(term)) return term;
          const [first, ...others] = term.split("+");
          const network = first.slice(0, first.lastIndexOf(".") + 1);
          return [first, ...others.map((last) => network + last)].join(" ");
        }).join(" ");
        const textOf = ({ row }) => [row.textContent, expand(row.dataset.f || ""),
          ...codes(row).map(title)].join(" ").toLowerCase();
        // Codes say what they stand for; the first does so in words.
        const spell = (row) => {
          if (row.dataset.spelt) return;
          row.dataset.spelt = "1";
          all("u,i", row.cells[findings]).forEach((element) => {
            element.title = element.textContent.split(",").map(title).filter(Boolean).join("; ");
          });
          const first = one("u", row.cells[findings]) || one("i", row.cells[findings]);
          const words = first && title(first.textContent.split(",")[0]);
          if (!words) return;
          const line = document.createElement("em");
          line.textContent = words;
          one("b", row.cells[findings]) ? first.after(line) : first.before(line);
        };
        let found = rows;
        let page = 0;
        let order = { column: findings, ascending: false };

        const tests = {
          any: () => true,
          findings: (entry) => one("b", entry.row.cells[findings]) !== null,
          human: (entry) => [3, 4, 5].some((column) => figure(cell(entry, column)) > 0),
          absent: (entry) => figure(cell(entry, 4)) > 0,
          unknown: (entry) => figure(cell(entry, 5)) > 0,
          privileged: (entry) => cell(entry, 2) !== "",
          outlook: (entry) => cell(entry, 10) !== "",
        };

        const draw = () => {
          const count = size.value === "all" ? Math.max(found.length, 1) : Number(size.value);
          const last = Math.max(0, Math.ceil(found.length / count) - 1);
          page = Math.min(Math.max(page, 0), last);
          const shown = found.slice(page * count, page * count + count);
          shown.forEach((entry) => spell(entry.row));
          body.replaceChildren(...shown.map((entry) => entry.row));
          if (shown.length === 0) {
            const empty = body.insertRow().insertCell();
            empty.colSpan = 11;
            empty.textContent = "No account matches.";
          }
          back.disabled = page === 0;
          next.disabled = page === last;
          const first = page * count + 1;
          place.textContent = shown.length === 0 ? `0 of ${grouped(rows.length)} accounts`
            : `${grouped(first)}–${grouped(first + shown.length - 1)} of ${grouped(found.length)}`
              + (found.length < rows.length ? ` (${grouped(rows.length)} in all)` : " accounts");
        };

        const select = () => {
          const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
          const test = tests[show.value];
          found = rows.filter((entry) => {
            if (kind.value && cell(entry, 1) !== kind.value) return false;
            if (!test(entry)) return false;
            if (words.length === 0) return true;
            entry.text ??= textOf(entry);
            return words.every((word) => entry.text.includes(word));
          });
          page = 0;
          draw();
        };

        const sort = (column) => {
          const isNumber = column >= 3 && column <= 7;
          const ascending = order.column === column ? !order.ascending : !isNumber && column < 8;
          order = { column, ascending };
          const key = new Map(rows.map((entry) => [entry, column === findings ? -entry.rank
            : isNumber ? figure(cell(entry, column)) : cell(entry, column)]));
          const compare = column === findings || isNumber ? (a, b) => a - b : collator.compare;
          rows.sort((a, b) => {
            // Empty cells stand last, whichever way the column is sorted.
            const [left, right] = [key.get(a), key.get(b)];
            if ((left === "") !== (right === "")) return left === "" ? 1 : -1;
            return (ascending ? compare(left, right) : compare(right, left)) || a.rank - b.rank;
          });
          mark();
          select();
        };

        const heads = Array.from(table.tHead.rows[0].cells);
        const mark = () => heads.forEach((head, column) => {
          if (column === order.column) {
            head.setAttribute("aria-sort", order.ascending ? "ascending" : "descending");
          } else {
            head.removeAttribute("aria-sort");
          }
        });
        heads.forEach((head, column) => {
          const button = document.createElement("button");
          button.type = "button";
          button.append(...head.childNodes);
          button.addEventListener("click", () => sort(column));
          head.append(button);
        });
        search.addEventListener("input", select);
        [kind, show].forEach((control) => control.addEventListener("change", select));
        size.addEventListener("change", () => { page = 0; draw(); });
        back.addEventListener("click", () => { page -= 1; draw(); });
        next.addEventListener("click", () => { page += 1; draw(); });
        document.addEventListener("click", (event) => {
          const link = event.target.closest("[data-q],[data-show]");
          if (!link) return;
          search.value = link.dataset.q ?? "";
          show.value = link.dataset.show ?? "any";
          kind.value = link.dataset.kind ?? "";
          select();
        });
        findRow = (name) => {
          const key = (row) => one("i", row.cells[0]) || row.cells[0].firstChild;
          const entry = rows.find(({ row }) => row.id === name || "a-" + key(row).textContent === name);
          if (!entry) return null;
          if (!found.includes(entry)) {
            [search.value, show.value, kind.value] = ["", "any", ""];
            select();
          }
          page = size.value === "all" ? 0 : Math.floor(found.indexOf(entry) / Number(size.value));
          draw();
          return entry.row;
        };
        // Paper shows all rows that were found, not one page of them.
        addEventListener("beforeprint", () => {
          found.forEach((entry) => spell(entry.row));
          body.replaceChildren(...found.map((entry) => entry.row));
        });
        addEventListener("afterprint", draw);
        mark();
        draw();
      };

      // A day of a chart under the pointer or the arrow keys, in words.
      const charts = () => all(".chart").forEach((chart) => {
        const svg = one("svg", chart);
        const figures = one(`#${svg.dataset.table}`);
        const line = one(".cursor", svg);
        const out = one(".read", chart.closest("figure"));
        const [left, step] = [Number(svg.dataset.left), Number(svg.dataset.step)];
        const count = figures.tBodies[0].rows.length;
        const names = Array.from(figures.tHead.rows[0].cells, (head) => head.textContent);
        let day = -1;
        const say = (index) => {
          day = Math.min(Math.max(index, 0), count - 1);
          const texts = Array.from(figures.tBodies[0].rows[day].cells, (cell) => cell.textContent);
          out.textContent = `${texts[0]}: ` + texts.slice(1)
            .map((text, column) => `${text} ${names[column + 1].toLowerCase()}`).join(", ");
          const x = left + (day + 0.5) * step;
          line.setAttribute("x1", x);
          line.setAttribute("x2", x);
          line.style.visibility = "visible";
        };
        svg.addEventListener("pointermove", (event) => {
          const box = svg.getBoundingClientRect();
          const x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
          if (x >= left && x < left + count * step) say(Math.floor((x - left) / step));
        });
        chart.addEventListener("keydown", (event) => {
          const move = { ArrowLeft: day - 1, ArrowRight: day + 1, Home: 0, End: count - 1 };
          if (!(event.key in move)) return;
          event.preventDefault();
          say(move[event.key]);
        });
      });

      // An hour of a heat map under the pointer, in words.
      const heat = () => document.addEventListener("pointermove", (event) => {
        const svg = event.target.closest && event.target.closest("svg.heat");
        if (!svg) return;
        const box = svg.getBoundingClientRect();
        const view = svg.viewBox.baseVal;
        const hour = Math.floor((event.clientX - box.left) * view.width / box.width + view.x);
        const day = Math.floor((event.clientY - box.top) * view.height / box.height + view.y);
        const count = svg.dataset.v.split(" ")[day * 24 + hour];
        if (hour < 0 || hour > 23 || day < 0 || day > 6 || count === undefined) return;
        const name = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day];
        svg.nextElementSibling.textContent =
          `${name} ${String(hour).padStart(2, "0")}:00 UTC: ${grouped(Number(count || 0))} ${count === "1" ? "attempt" : "attempts"}`;
      });

      // Kinds of findings that are shown.
      const kinds = () => all("[data-hides]").forEach((box) => box.addEventListener("change", () => {
        all(`[data-s="${box.dataset.hides}"]`).forEach((row) => {
          row.classList.toggle("hide", !box.checked);
        });
      }));

      const panels = () => all("[data-panels]").forEach((button) => {
        button.addEventListener("click", () => {
          all(".panel").forEach((panel) => { panel.open = button.dataset.panels === "open"; });
        });
      });

      document.addEventListener("DOMContentLoaded", () => {
        accounts();
        charts();
        heat();
        kinds();
        panels();
        reveal();
        addEventListener("hashchange", reveal);
        root.dataset.ready = "";
      });
    })();
    """#
}
