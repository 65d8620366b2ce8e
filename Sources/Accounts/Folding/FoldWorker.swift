import SalesforceExports

/// What one worker folds into: its ledger, and what its folds of several files share.
package final class FoldWorker {
  /// The rows folded so far.
  package let ledger = AccountLedger()
  private var dictionaries: [String: ShapeDictionary] = [:]
  private var tagCount: UInt32 = 0

  /// Makes a worker that has folded nothing.
  package init() {}

  /// The dictionary of files whose columns lie like these.
  func dictionary(of columns: LoginColumns) -> ShapeDictionary {
    let layout = "\(columns.kind) \(columns.shape)"
    if let known = dictionaries[layout] { return known }
    // The URI counts even where the file has login types: it decides on rows whose type is blank.
    let made = ShapeDictionary(columns: columns.shape.filter { $0 >= 0 }) { [unowned self] in
      tagCount = min(tagCount + 1, ShapeDictionary.exhaustedTag)
      return tagCount
    }
    dictionaries[layout] = made
    return made
  }
}
