import FuzzTargets
import Glibc

/// The target that `POSTERN_FUZZ_TARGET` names.
private let target: FuzzTarget = {
  let name = unsafe getenv("POSTERN_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    fatalError("POSTERN_FUZZ_TARGET is not one of \(FuzzTarget.allCases.map(\.rawValue))")
  }
  return target
}()

/// One execution; libFuzzer calls it and stops where the process does.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  do throws(FuzzFailure) {
    try target.run(bytes)
  } catch {
    fatalError("\(target.rawValue): \(error)")
  }
  return 0
}
