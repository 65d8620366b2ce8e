import COutOfMemory

/// Memory that was freed and that the process still holds.
package enum FreedMemory {
  /// Gives it back to the system.
  ///
  /// For the end of a step that needed much of its own: what it freed lies between what stays, where
  /// the allocator would keep it, and the next step asks for memory of other sizes.
  ///
  /// - Complexity: O(*n*) in the free pieces of the heap: some milliseconds.
  package static func giveBack() {
    out_of_memory_give_back()
  }
}
