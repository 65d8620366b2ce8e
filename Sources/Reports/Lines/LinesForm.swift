import Crypto
import Platform
package import Results

/// `-o jsonl`: all records, a line each, and the digest of all of them in the last.
package struct LinesForm: ReportForm {
  /// The digest so far; an object, since the form is a value.
  private final class Digest: Sendable {
    let hash = Locked(SHA256())
  }

  private let subject: ReportSubject
  private let digest = Digest()

  package init(_ subject: ReportSubject) { self.subject = subject }

  package var detail: RecordDetail { .all }

  package func open(into text: inout ByteText) {
    var run = subject.run
    LineWriter.line(&run, into: &text)
  }

  package func render(_ group: inout ResultsGroup, _ part: inout Void, into text: inout ByteText) {
    LineWriter.lines(&group, into: &text)
  }

  package func note(_ text: borrowing ByteText) {
    digest.hash.withLock { hash in
      unsafe text.withBytes { bytes in unsafe hash.update(bufferPointer: bytes) }
    }
  }

  package func close(_ parts: [Void], _ end: EndRecord, into text: inout ByteText) {
    var end = end
    end.recordsDigest = ""
    var blank = ByteText(capacity: 1 << 12)
    LineWriter.line(&end, into: &blank)
    note(blank)
    end.recordsDigest = Hexadecimal.text(digest.hash.withLock { $0.finalize() })
    LineWriter.line(&end, into: &text)
  }
}
