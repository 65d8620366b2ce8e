// The scan loop, written once and compiled once for each kernel. The including file defines:
//
//   SCAN_NAME                         the name of the function
//   SCAN_TARGET                       its target attribute, or nothing
//   SCAN_MASKS(p, delimiter, masks)   fills `masks` from the 64 bytes at p
//   SCAN_PREFIX_XOR(bits)             bit i of the result = parity of bits 0...i
//   SCAN_EMIT(positions, base, bits)  writes base + i for each bit i; returns the new end
//   CHECK_NAME, QUOTES_NAME           the names of the functions that check and count quotes
//   SCAN_QUOTES(p)                    the places of quotes in the 64 bytes at p
//
// Below, `<< 1 | carry` moves a fact about a byte to the byte after it, over group borders too.

SCAN_TARGET static struct byte_scan_result SCAN_NAME(const uint8_t *bytes, size_t start, size_t end,
                                                     uint8_t delimiter, uint32_t *positions,
                                                     uint32_t *line_ends) {
  uint32_t *next_position = positions;
  uint32_t *next_line_end = line_ends;
  uint64_t inside_carry = 0;   // all ones while inside quotes
  uint64_t special_carry = 1;  // a record starts here: a quote may open
  uint64_t closer_carry = 0;
  uint64_t return_carry = 0;
  uint64_t quoted_line_ends = 0;
  bool stopped = false;
  size_t offset = start;

  while (offset < end) {
    const uint8_t *group = bytes + offset;
    uint8_t last_group[64];
    uint64_t valid = ~UINT64_C(0);
    size_t group_count = 64;
    if (end - offset < 64) {
      group_count = end - offset;
      valid = (UINT64_C(1) << group_count) - 1;
      memset(last_group, 0, sizeof last_group);
      memcpy(last_group, group, group_count);
      group = last_group;
    }

    struct byte_masks masks;
    SCAN_MASKS(group, delimiter, masks);
    const uint64_t quotes = masks.quotes & valid;
    const uint64_t delimiters = masks.delimiters & valid;
    const uint64_t returns = masks.returns & valid;
    const uint64_t feeds = masks.feeds & valid;

    // From an opening quote up to the byte before its closing quote.
    const uint64_t inside = SCAN_PREFIX_XOR(quotes) ^ inside_carry;
    const uint64_t openers = quotes & inside;
    const uint64_t closers = quotes & ~inside;
    const uint64_t special = quotes | delimiters | returns | feeds;
    const uint64_t misplaced = openers & ~(special << 1 | special_carry);
    const uint64_t followed = (closers << 1 | closer_carry) & ~special & valid;
    if ((misplaced | followed) != 0) {
      stopped = true;
      break;
    }

    const uint64_t line_starts = returns | (feeds & ~(returns << 1 | return_carry));
    const uint64_t lines = line_starts & ~inside;
    const uint64_t structural = (delimiters & ~inside) | lines;
    quoted_line_ends |= line_starts & inside;

    const uint32_t first_index = (uint32_t)(next_position - positions);
    for (uint64_t rest = lines; rest != 0; rest &= rest - 1) {
      const uint64_t before = (rest & (0 - rest)) - 1;
      *next_line_end++ = first_index + (uint32_t)__builtin_popcountll(structural & before);
    }
    next_position = SCAN_EMIT(next_position, (uint32_t)offset, structural);

    inside_carry = 0 - (inside >> 63);
    special_carry = special >> 63;
    closer_carry = closers >> 63;
    return_carry = returns >> 63;
    if (group_count < 64) {
      inside_carry = 0 - (inside >> (group_count - 1) & 1);
    }
    offset += group_count;
  }

  struct byte_scan_result result;
  result.position_count = (size_t)(next_position - positions);
  result.line_end_count = (size_t)(next_line_end - line_ends);
  result.has_quoted_line_ends = quoted_line_ends != 0;
  result.stopped_at_quote = stopped;
  return result;
}

SCAN_TARGET static struct byte_check_result CHECK_NAME(const uint8_t *bytes, size_t start,
                                                       size_t end, uint8_t delimiter,
                                                       bool looks_at_start) {
  uint64_t inside_carry = 0;
  uint64_t special_carry = 1;
  uint64_t closer_carry = 0;
  uint64_t return_carry = 0;
  uint64_t wrong = 0;
  size_t line_ends = 0;
  size_t worded = BYTE_CHECK_NONE;
  uint64_t last_beginning = 0;
  if (looks_at_start && start < end && begins_with_word(bytes, start, end, delimiter, &last_beginning)) {
    worded = start;
  }
  for (size_t offset = start; offset < end; offset += 64) {
    const uint8_t *group = bytes + offset;
    uint8_t last_group[64];
    if (end - offset < 64) {
      // What lies behind the end is taken as line feeds, which are sound after anything; they are
      // not counted.
      memset(last_group, '\n', sizeof last_group);
      memcpy(last_group, group, end - offset);
      line_ends -= 64 - (end - offset);
      group = last_group;
    }
    struct byte_masks masks;
    SCAN_MASKS(group, delimiter, masks);
    const uint64_t inside = SCAN_PREFIX_XOR(masks.quotes) ^ inside_carry;
    const uint64_t special = masks.quotes | masks.delimiters | masks.returns | masks.feeds;
    wrong |= (masks.quotes & inside & ~(special << 1 | special_carry));
    wrong |= (((masks.quotes & ~inside) << 1 | closer_carry) & ~special);
    const uint64_t paired = masks.feeds & (masks.returns << 1 | return_carry);
    line_ends += (size_t)__builtin_popcountll((masks.returns | masks.feeds) & ~paired);
    for (uint64_t rest = (masks.returns | masks.feeds) & ~inside; rest != 0; rest &= rest - 1) {
      const size_t next = offset + (size_t)__builtin_ctzll(rest) + 1;
      // A digit begins nearly every record: an Id, or a time.
      if (next >= end || (uint8_t)(bytes[next] - '0') < 10) continue;
      if (begins_with_word(bytes, next, end, delimiter, &last_beginning) && worded == BYTE_CHECK_NONE) {
        worded = next;
      }
    }
    inside_carry = 0 - (inside >> 63);
    special_carry = special >> 63;
    closer_carry = (masks.quotes & ~inside) >> 63;
    return_carry = masks.returns >> 63;
  }
  // A CR at the very end was paired with a feed that is not there.
  if (end > start && bytes[end - 1] == '\r' && (end - start) % 64 != 0) line_ends += 1;
  struct byte_check_result result;
  result.line_end_count = line_ends;
  result.is_sound = wrong == 0 && inside_carry == 0;
  result.first_worded_record = worded;
  return result;
}

SCAN_TARGET static size_t QUOTES_NAME(const uint8_t *bytes, size_t count) {
  size_t quotes = 0;
  for (size_t offset = 0; offset < count; offset += 64) {
    const uint8_t *group = bytes + offset;
    uint8_t last_group[64];
    if (count - offset < 64) {
      memset(last_group, 0, sizeof last_group);
      memcpy(last_group, group, count - offset);
      group = last_group;
    }
    quotes += (size_t)__builtin_popcountll(SCAN_QUOTES(group));
  }
  return quotes;
}

#undef CHECK_NAME
#undef QUOTES_NAME
#undef SCAN_QUOTES
#undef SCAN_NAME
#undef SCAN_TARGET
#undef SCAN_MASKS
#undef SCAN_PREFIX_XOR
#undef SCAN_EMIT
