import Reports
import Results

/// What one worker renders: a lane an output.
// Unchecked: a worker has it to itself, and whoever joined the workers has it after them.
final class FormLanes: @unchecked Sendable {
  private let lanes: [any FormLane]

  init(_ lanes: [any FormLane]) { self.lanes = lanes }

  /// What some form shows of a group of which it knows the members of all groups.
  func detail(of group: ResultsGroup) -> GroupDetail {
    if lanes.count == 1 { return lanes[0].detail(of: group) }
    var wanted = GroupDetail([], findingsWithRows: [])
    for lane in lanes {
      wanted = wanted.union(lane.detail(of: group))
      // Nobody can want more.
      if wanted.members == .all, wanted.findingsWithRows == nil { break }
    }
    return wanted
  }

  /// Renders a group behind those before it, in all forms.
  func render(_ group: inout ResultsGroup) {
    for lane in lanes { lane.render(&group) }
  }

  /// Takes what was rendered since the last call, a text an output.
  func take() -> [RenderedText] { lanes.map { $0.take() } }

  /// Hands what was gathered to the forms; nothing is rendered behind it.
  func finish() {
    for lane in lanes { lane.finish() }
  }
}
