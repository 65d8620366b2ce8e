/// Advice for a name that no table has.
package enum NameSuggestion {
  /// The longest list of names that is printed whole.
  private static let listBound = 24
  /// Longer names are not compared: the effort grows with the product of the lengths.
  private static let lengthBound = 64

  /// The name that was probably meant, or else the names that there are if these are few.
  package static func help(for name: String, among names: [String]) -> String? {
    if let nearest = nearest(to: name, among: names) { return "did you mean `\(nearest)`?" }
    guard !names.isEmpty, names.count <= listBound else { return nil }
    return "known here: " + names.joined(separator: ", ")
  }

  /// The first of the names with the fewest edits from `name`, if a third of it at most changes.
  package static func nearest(to name: String, among names: [String]) -> String? {
    guard !name.isEmpty, name.utf8.count <= lengthBound else { return nil }
    // Ids have a prefix that people leave out.
    if let whole = names.first(where: { $0.hasSuffix("-\(name)") }) { return whole }
    let folded = Array(name.lowercased())
    let best =
      names
      .map { (name: $0, distance: distance(folded, Array($0.lowercased()))) }
      .min { $0.distance < $1.distance }
    guard let best, best.distance <= max(1, folded.count / 3), best.distance < folded.count
    else { return nil }
    return best.name
  }

  /// Fewest single-character edits between two texts; two neighbours exchanged are one edit.
  private static func distance(_ one: [Character], _ other: [Character]) -> Int {
    var before: [Int] = []
    var above = Array(0...other.count)
    for (index, character) in one.enumerated() {
      var row = [index + 1]
      for (column, candidate) in other.enumerated() {
        let substituted = above[column] + (character == candidate ? 0 : 1)
        var best = min(substituted, row[column] + 1, above[column + 1] + 1)
        if index > 0, column > 0, character == other[column - 1], one[index - 1] == candidate {
          best = min(best, before[column - 1] + 1)
        }
        row.append(best)
      }
      before = above
      above = row
    }
    return above[other.count]
  }
}
