import Foundation
import TestSupport
import Testing

extension FaultTable {
  private static let withoutPrivilege = geteuid() == 0 ? ["setpriv"] + Need.withoutPrivilege : []

  /// One output of a form to a place that the fault is about.
  private static func output(
    _ form: String, _ path: String, _ says: String, _ note: String
  ) -> Fault {
    Fault(note, .unwritten(says: says)) { trial in
      trial.printsResults = false
      try trial.input("l.csv", Rows.soundBytes)
      let option =
        form == "rejects"
        ? ["--rejects", path, "-o", "csv:" + trial.output("x")] : ["-o", "\(form):\(path)"]
      trial.arguments += option
    }
  }

  /// Standard streams are closed, and all outputs are files, which hold what they always do.
  private static func closing(_ name: String, _ streams: String) -> Fault {
    Fault(
      name, Answer(exit: 0),
      check: { trial, _ in
        let input = trial.path("l.csv")
        let again = try Trial.run([
          Trial.program, "scan", input, "--now", "2026-09-01", "--verbose", "-o",
          "csv:" + trial.output("again.csv"), "-o", "html:" + trial.output("again.html"),
        ])
        #expect(again.code == 0)
        for form in ["csv", "html"] {
          let one = try Data(contentsOf: URL(filePath: trial.output("x." + form)))
          let other = try Data(contentsOf: URL(filePath: trial.output("again." + form)))
          #expect(one == other, "\(form)")
        }
      },
      make: { trial in
        let path = try trial.input("l.csv", Rows.soundBytes)
        trial.printsResults = false
        trial.prefix = ["sh", "-c", "exec \"$@\" \(streams)", "sh"]
        trial.arguments = [
          path, "--verbose", "-o", "csv:" + trial.output("x.csv"), "-o",
          "html:" + trial.output("x.html"),
        ]
      })
  }

  private static let forms = ["text", "jsonl", "csv", "csv-accounts", "html", "ocsf"]

  /// Runs the program where `out` is a file system of 24 kB.
  private static func onSmallDisk(_ trial: Trial) {
    trial.prefix = [
      "unshare", "-rm", "sh", "-c",
      "mount -t tmpfs -o size=24k none '\(trial.root)/out' && \"$@\"; code=$?; "
        + "ls -A '\(trial.root)/out' > '\(trial.root)/left'; exit $code", "sh",
    ]
  }

  private static func leavesNothing(_ trial: Trial, _ seen: Observation) throws {
    let left = try String(contentsOfFile: trial.root + "/left", encoding: .utf8)
    #expect(left == "", "\(left)")
  }

  static let outputs: [Fault] =
    forms.map { output($0, "/dev/full", "No space left", "a full device takes \($0)") }
    + forms.map { form in
      Fault(
        "a full disk takes \(form): no part of it is left", .unwritten(says: "No space left"),
        need: .mount, check: leavesNothing,
        make: { trial in
          trial.printsResults = false
          onSmallDisk(trial)
          // As much of each form as fills the disk.
          let rows = (1...400).map { number in
            let login = Rows.Login(
              user: Rows.user(number), application: String(repeating: "a", count: 200))
            return Rows.row(number, login)
          }
          let snapshot =
            "Id,Username,Name,IsActive\n"
            + (1...400).map { "\(Rows.user($0)),u\($0)@example.com,U,false\n" }.joined()
          try trial.input("l.csv", Array((Rows.header + rows.joined()).utf8))
          try trial.input("u.csv", Array(snapshot.utf8))
          trial.arguments += ["-o", "\(form):" + trial.output("result")]
          if form == "text" {
            // A report is short: the disk is full before it.
            trial.prefix[4] = trial.prefix[4].replacing(
              "&& \"$@\"",
              with: "&& head -c 30000 /dev/zero > '\(trial.root)/out/full' 2>&1; \"$@\"")
            trial.prefix[4] = trial.prefix[4].replacing(
              "; code=$?; ", with: "; code=$?; rm '\(trial.root)/out/full'; ")
          }
        })
    } + [
      output("rejects", "/nonexistent/r", "No such file", "a folder for rejects that is not there"),
      output("csv", "/nonexistent/x", "No such file", "a folder for results that is not there"),
      Fault("a full device takes rejected rows", .unwritten(says: "No space left")) { trial in
        trial.printsResults = false
        try trial.input("l.csv", Array((Rows.sound + "x\n").utf8))
        trial.arguments += ["--rejects", "/dev/full", "-o", "csv:" + trial.output("x.csv")]
      },
      Fault("standard output is full", .unwritten(says: "No space left")) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        trial.prefix = ["sh", "-c", "exec \"$@\" > /dev/full", "sh"]
      },
      Fault("standard output is closed", .unwritten(says: "Bad file descriptor")) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        trial.prefix = ["sh", "-c", "exec \"$@\" >&-", "sh"]
      },
      Fault("standard error is full, which changes nothing", .complete()) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        trial.prefix = ["sh", "-c", "exec \"$@\" 2> /dev/full", "sh"]
      },
      Fault("an output that is a folder", .unwritten(says: "Is a directory")) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        trial.arguments += ["-o", "csv:" + trial.root + "/out"]
        trial.printsResults = false
      },
      Fault("an output with a slash at its end", .unwritten(says: "Is a directory")) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        trial.arguments += ["-o", "csv:" + trial.output("x") + "/"]
        trial.printsResults = false
      },
      Fault("an output that is a link to itself", .unwritten(says: "Too many levels")) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        try FileManager.default.createSymbolicLink(
          atPath: trial.output("loop"), withDestinationPath: "loop")
        trial.arguments += ["-o", "csv:" + trial.output("loop")]
        trial.printsResults = false
      },
      Fault(
        "an output of one letter in the working folder", .complete(),
        check: { trial, _ in #expect(trial.outputs == ["x"]) },
        make: { trial in
          let path = try trial.input("l.csv", Rows.soundBytes)
          trial.prefix = ["sh", "-c", "cd '\(trial.root)/out' && exec \"$@\"", "sh"]
          trial.arguments = [path, "-o", "csv:x"]
        }),
      Fault("an output whose name has 255 bytes", .complete()) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        trial.arguments += ["-o", "csv:" + trial.output(String(repeating: "x", count: 255))]
      },
      Fault("an output whose name is too long", .unwritten(says: "File name too long")) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        trial.arguments += ["-o", "csv:" + trial.output(String(repeating: "x", count: 256))]
        trial.printsResults = false
      },
      Fault(
        "an output that is one of the inputs", .refused(says: "would be overwritten"),
        check: { trial, _ in
          let left = try Data(contentsOf: URL(filePath: trial.path("l.csv")))
          #expect(left == Data(Rows.soundBytes))
        },
        make: { trial in
          let path = try trial.input("l.csv", Rows.soundBytes)
          trial.arguments += ["-o", "csv:" + path]
        }),
      Fault("two outputs to one file", .refused(says: "two outputs would be written")) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        trial.arguments += [
          "-o", "csv:" + trial.output("x"), "-o", "html:" + trial.root + "/in/../out/x",
        ]
      },
      Fault(
        "two outputs to standard output, one by its path",
        .refused(says: "two outputs would be written")
      ) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        trial.arguments += ["-o", "csv:/dev/stdout"]
      },
      Fault("an output that is the configuration", .refused(says: "would be overwritten")) {
        trial in
        try trial.input("l.csv", Rows.soundBytes)
        let path = trial.output("c.yaml")
        try "thresholds: {}\n".write(toFile: path, atomically: true, encoding: .utf8)
        trial.arguments += ["--config", path, "-o", "csv:" + path]
      },
      Fault("an output that is the list of indicators", .refused(says: "would be overwritten")) {
        trial in
        try trial.input("l.csv", Rows.soundBytes)
        let list = trial.output("list.txt")
        try "192.0.2.10\n".write(toFile: list, atomically: true, encoding: .utf8)
        let path = trial.output("c.yaml")
        try "indicators: [{file: list.txt}]\n"
          .write(toFile: path, atomically: true, encoding: .utf8)
        trial.arguments += ["--config", path, "-o", "csv:" + list]
      },
      Fault("an output that is the baseline", .refused(says: "would be overwritten")) { trial in
        let path = try trial.input("l.csv", Rows.soundBytes)
        let old = trial.output("old.jsonl")
        _ = try Trial.run([
          Trial.program, "scan", path, "--now", "2026-08-31", "-o", "jsonl:" + old,
        ])
        trial.arguments += ["--baseline", old, "-o", "csv:" + old]
      },
      Fault(
        "a ledger that would take the place of another file", .refused(says: "none of the inputs")
      ) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        let path = trial.output("notes")
        try "mine\n".write(toFile: path, atomically: true, encoding: .utf8)
        trial.arguments += ["--ledger", path]
      },
      Fault(
        "a ledger that would take the place of an empty file", .refused(says: "none of the inputs")
      ) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        let path = trial.output("state.ledger")
        try "".write(toFile: path, atomically: true, encoding: .utf8)
        trial.arguments += ["--ledger", path]
      },
      closing("standard error is closed", "2>&-"),
      closing("standard input and error are closed", "<&- 2>&-"),
      closing("standard output and error are closed", ">&- 2>&-"),
      closing("all three standard streams are closed", "<&- >&- 2>&-"),
      Fault("results and rejected rows both to standard output", .refused(says: "standard output"))
      {
        trial in
        try trial.input("l.csv", Rows.soundBytes)
        trial.arguments += ["--rejects", "-"]
      },
      Fault(
        "a folder that this user may not write to", .unwritten(says: "Permission denied"),
        need: .permissions
      ) { trial in
        try trial.input("l.csv", Rows.soundBytes)
        unsafe chmod(trial.root + "/out", 0o500)
        trial.prefix = withoutPrivilege
        trial.arguments += ["-o", "csv:" + trial.output("x")]
        trial.printsResults = false
      },
      Fault(
        "one output that fails, among others, which are written",
        .unwritten(says: "No space left"),
        check: { trial, _ in #expect(trial.outputs == ["a.csv", "b.html"]) },
        make: { trial in
          try trial.input("l.csv", Rows.soundBytes)
          trial.arguments += [
            "-o", "csv:" + trial.output("a.csv"), "-o", "jsonl:/dev/full", "-o",
            "html:" + trial.output("b.html"),
          ]
          trial.printsResults = false
        }),
      Fault(
        "a limit on the size of files", .unwritten(says: "File too large"), need: .addresses,
        check: { trial, _ in #expect(trial.outputs == []) },
        make: { trial in
          try trial.input("l.csv", Rows.soundBytes)
          trial.prefix = ["prlimit", "--fsize=1000"]
          trial.arguments += ["-o", "html:" + trial.output("x")]
          trial.printsResults = false
        }),
    ]

  /// The program in a control group of 20 MiB, as far as the files tell that say so: it reads others
  /// in their place.
  private static func controlGroup(_ name: String, _ line: String, _ limit: String) -> Fault {
    Fault(name, Answer(exit: 71, says: "the limit of the control group is 20 MiB"), need: .mount) {
      trial in
      try trial.input("l.csv", Rows.soundBytes)
      trial.prefix = [
        "unshare", "-rm", "sh", "-c",
        "mount -t tmpfs none /sys/fs/cgroup && mkdir -p \"$(dirname /sys/fs/cgroup/\(limit))\" && "
          + "echo 20971520 > /sys/fs/cgroup/\(limit) && echo \(line) > '\(trial.root)/cgroup' && "
          + "mount --bind '\(trial.root)/cgroup' /proc/$$/cgroup && exec \"$@\"", "sh",
      ]
    }
  }

  static let resources: [Fault] = [
    Fault(
      "too little memory by --memory-limit", Answer(exit: 71, says: "--memory-limit is 20 MiB"),
      need: .addresses
    ) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      trial.arguments += ["--memory-limit", "20MiB", "-o", "csv:" + trial.output("x")]
    },
    Fault("a size that is none", .refused(says: "expected a size")) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      trial.arguments += ["--memory-limit", "much"]
    },
    Fault(
      "too few addresses (`ulimit -v`)", Answer(exit: 71, says: "ulimit -v"), need: .addresses
    ) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      trial.prefix = ["prlimit", "--as=100000000"]
    },
    controlGroup(
      "too little memory by the control group, version 2", "0::/job/scan", "job/scan/memory.max"),
    controlGroup(
      "too little memory by a group around the control group, version 2", "0::/job/scan",
      "job/memory.max"),
    controlGroup(
      "too little memory by the control group, version 1", "4:cpu,memory:/job",
      "memory/job/memory.limit_in_bytes"),
    Fault("few open files (`ulimit -n 32`)", .complete(), need: .limits) { trial in
      for number in 1...60 { try trial.input("\(number).csv", Array(Rows.header.utf8)) }
      try trial.input("l.csv", Rows.soundBytes)
      trial.prefix = ["prlimit", "--nofile=32"]
    },
    Fault("no threads beside the first (`ulimit -u 1`)", .complete(), need: .limits) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      trial.prefix = ["prlimit", "--nproc=1"]
      trial.arguments += ["--threads", "8"]
    },
    Fault("a thousand threads for eight rows", .complete()) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      trial.arguments += ["--threads", "1000"]
    },
  ]
}
