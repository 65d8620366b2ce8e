internal import CYaml

/// Keys of a YAML text that would take without end to compare.
///
/// Composing compares the keys of a mapping in full, and a list of aliases of lists of aliases is twice as
/// long at each step. So a key that is, or holds, an alias of more than a text is looked for before.
enum YAMLKeys {
  /// The place of the first such key; `nil` where there is none, and where the text is no YAML.
  ///
  /// - Complexity: O(*n*).
  static func firstEndless(in text: String) -> TextPlace? {
    // The parser keeps its own address.
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { unsafe parser.deallocate() }
    guard unsafe yaml_parser_initialize(parser) == 1 else { return nil }
    defer { unsafe yaml_parser_delete(parser) }
    return unsafe Array(text.utf8).withUnsafeBufferPointer { bytes in
      unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
      unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      var walk = Walk()
      while true {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { return nil }
        defer { unsafe yaml_event_delete(&event) }
        let isEndless: Bool
        switch unsafe event.type {
        case YAML_STREAM_END_EVENT, YAML_DOCUMENT_END_EVENT: return nil
        case YAML_ALIAS_EVENT:
          isEndless = walk.meetsAlias(unsafe name(event.data.alias.anchor))
        case YAML_SCALAR_EVENT:
          walk.meetsScalar(unsafe name(event.data.scalar.anchor))
          isEndless = false
        case YAML_SEQUENCE_START_EVENT:
          walk.begins(isMapping: false, unsafe name(event.data.sequence_start.anchor))
          isEndless = false
        case YAML_MAPPING_START_EVENT:
          walk.begins(isMapping: true, unsafe name(event.data.mapping_start.anchor))
          isEndless = false
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
          walk.ends()
          isEndless = false
        default: isEndless = false
        }
        if isEndless {
          let mark = unsafe event.start_mark
          return TextPlace(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
        }
      }
    }
  }

  private static func name(_ anchor: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    unsafe anchor.map { unsafe String(cString: $0) }
  }

  /// Where in the nodes the events are.
  private struct Walk {
    private struct Frame {
      let isMapping: Bool
      let isKey: Bool
      var expectsKey = true
    }

    private var frames: [Frame] = []
    /// Lists and mappings around, that are keys.
    private var keyDepth = 0
    /// Anchors of lists and mappings.
    private var compounds: Set<String> = []

    /// Notes a node; returns whether it is a key.
    private mutating func meetsNode() -> Bool {
      guard let last = frames.indices.last, frames[last].isMapping else { return false }
      defer { frames[last].expectsKey.toggle() }
      return frames[last].expectsKey
    }

    /// Whether an alias makes a key that is looked for.
    mutating func meetsAlias(_ anchor: String?) -> Bool {
      let isKey = meetsNode()
      return (isKey || keyDepth > 0) && anchor.map(compounds.contains) ?? true
    }

    mutating func meetsScalar(_ anchor: String?) {
      _ = meetsNode()
      if let anchor { compounds.remove(anchor) }
    }

    mutating func begins(isMapping: Bool, _ anchor: String?) {
      let isKey = meetsNode()
      if let anchor { compounds.insert(anchor) }
      frames.append(Frame(isMapping: isMapping, isKey: isKey))
      if isKey { keyDepth += 1 }
    }

    mutating func ends() {
      if frames.popLast()?.isKey == true { keyDepth -= 1 }
    }
  }
}
