// The scan loop, written once and compiled once for each kernel. The including file defines:
//
//   SCAN_NAME, GROUP_NAME             the names of the function and of its part for 64 bytes
//   SCAN_TARGET                       its target attribute, or nothing
//   SCAN_MASKS(p, delimiter, masks)   fills `masks` from the 64 bytes at p
//   SCAN_PREFIX_XOR(bits)             bit i of the result = parity of bits 0...i
//   SCAN_EMIT(positions, base, bits)  writes base + i for each bit i; returns the new end
//   CHECK_NAME                        the name of the function that checks quotes
//   QUOTES_NAME                       the name of the function that tells whether quotes are odd in number
//   SCAN_RETURNS(p)                   the places of CRs in the 64 bytes at p
//   ODD_QUOTES(p, count)              whether the quotes in a multiple of 64 bytes at p are odd in number
//   RUNS_NAME                         the name of the function that compares runs of fields
//   SCAN_UNEQUAL(p, q)                the places where the 64 bytes at p and q differ
//
// Below, `<< 1 | carry` moves a fact about a byte to the byte after it, over group borders too.

// One group of 64 bytes, of which those outside `valid` are none. Tells whether a quote stands where it
// may not; then nothing has changed.
SCAN_TARGET __attribute__((always_inline)) static inline bool GROUP_NAME(
    struct scan_state *state, const uint8_t *group, uint8_t delimiter, uint64_t valid) {
  struct byte_masks masks;
  SCAN_MASKS(group, delimiter, masks);
  const uint64_t quotes = masks.quotes & valid;
  const uint64_t delimiters = masks.delimiters & valid;
  const uint64_t breaks = masks.breaks & valid;

  // From an opening quote up to the byte before its closing quote.
  const uint64_t inside = SCAN_PREFIX_XOR(quotes) ^ state->inside_carry;
  const uint64_t openers = quotes & inside;
  const uint64_t closers = quotes & ~inside;
  const uint64_t special = quotes | delimiters | breaks;
  const uint64_t misplaced = openers & ~(special << 1 | state->special_carry);
  const uint64_t followed = (closers << 1 | state->closer_carry) & ~special & valid;
  if ((misplaced | followed) != 0) return true;

  // Breaks side by side may be CR LF, whose LF starts no line end of its own.
  uint64_t line_starts = breaks;
  if ((breaks & (breaks << 1 | state->break_carry)) != 0) {
    const uint64_t returns = SCAN_RETURNS(group) & valid;
    line_starts &= returns | ~(returns << 1 | state->return_carry);
  }
  const uint64_t lines = line_starts & ~inside;
  const uint64_t structural = (delimiters & ~inside) | lines;
  state->quoted_line_ends |= line_starts & inside;

  const uint32_t first_index = (uint32_t)(state->next_position - state->positions);
  // Most groups end one record or none: what is written for none is overwritten by the next.
  const uint64_t before_first = (lines & (0 - lines)) - 1;
  *state->next_line_end = first_index + (uint32_t)__builtin_popcountll(structural & before_first);
  state->next_line_end += lines != 0;
  for (uint64_t rest = lines & (lines - 1); rest != 0; rest &= rest - 1) {
    const uint64_t before = (rest & (0 - rest)) - 1;
    *state->next_line_end++ = first_index + (uint32_t)__builtin_popcountll(structural & before);
  }
  state->next_position = SCAN_EMIT(state->next_position, state->offset, structural);

  const uint64_t last = valid ^ valid >> 1;
  state->inside_carry = 0 - (uint64_t)((inside & last) != 0);
  state->special_carry = special >> 63;
  state->closer_carry = closers >> 63;
  state->break_carry = breaks >> 63;
  state->return_carry = group[63] == '\r';
  return false;
}

SCAN_TARGET static struct byte_scan_result SCAN_NAME(const uint8_t *bytes, size_t start, size_t end,
                                                     uint8_t delimiter, uint32_t *positions,
                                                     uint32_t *line_ends) {
  struct scan_state state = {
      .positions = positions, .next_position = positions, .next_line_end = line_ends,
      .special_carry = 1,  // a record starts here: a quote may open
  };
  const uint32_t *looked_at = line_ends;
  size_t worded = BYTE_SCAN_NONE;
  uint64_t last_beginning = 0;
  bool stopped = false;
  size_t offset = start;

  while (offset < end && !stopped) {
    // Some groups at a time: the beginnings of the records that they end are looked at while they are in
    // the core's nearest cache, and how many they are does not matter to the groups.
    const size_t whole_groups = (end - offset) / 64;
    const size_t part_end = offset + 64 * (whole_groups < 64 ? whole_groups : 64);
    while (offset < part_end) {
      state.offset = (uint32_t)offset;
      if (GROUP_NAME(&state, bytes + offset, delimiter, ~UINT64_C(0))) {
        stopped = true;
        break;
      }
      offset += 64;
    }
    if (whole_groups == 0) {
      uint8_t last_group[64] = {0};
      memcpy(last_group, bytes + offset, end - offset);
      state.offset = (uint32_t)offset;
      stopped =
          GROUP_NAME(&state, last_group, delimiter, (UINT64_C(1) << (end - offset)) - 1);
      offset = end;
    }
    for (; looked_at < state.next_line_end; looked_at++) {
      size_t next = positions[*looked_at] + 1;
      if (next < end && bytes[next] == '\n' && bytes[next - 1] == '\r') next += 1;
      // A digit begins nearly every record without quotes: an Id, or a time.
      if (next >= end || (uint8_t)(bytes[next] - '0') < 10) continue;
      if (begins_with_word(bytes, next, end, delimiter, &last_beginning) && worded == BYTE_SCAN_NONE) {
        worded = next;
      }
    }
  }

  struct byte_scan_result result;
  result.position_count = (size_t)(state.next_position - positions);
  result.line_end_count = (size_t)(state.next_line_end - line_ends);
  result.has_quoted_line_ends = state.quoted_line_ends != 0;
  result.stopped_at_quote = stopped;
  result.ends_inside_quotes = state.inside_carry != 0;
  result.first_worded_record = worded;
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
  size_t worded = BYTE_SCAN_NONE;
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
    const uint64_t returns = SCAN_RETURNS(group);
    const uint64_t inside = SCAN_PREFIX_XOR(masks.quotes) ^ inside_carry;
    const uint64_t special = masks.quotes | masks.delimiters | masks.breaks;
    wrong |= (masks.quotes & inside & ~(special << 1 | special_carry));
    wrong |= (((masks.quotes & ~inside) << 1 | closer_carry) & ~special);
    const uint64_t paired = masks.breaks & ~returns & (returns << 1 | return_carry);
    line_ends += (size_t)__builtin_popcountll(masks.breaks & ~paired);
    for (uint64_t rest = masks.breaks & ~inside; rest != 0; rest &= rest - 1) {
      const size_t next = offset + (size_t)__builtin_ctzll(rest) + 1;
      // A digit begins nearly every record: an Id, or a time.
      if (next >= end || (uint8_t)(bytes[next] - '0') < 10) continue;
      if (begins_with_word(bytes, next, end, delimiter, &last_beginning) && worded == BYTE_SCAN_NONE) {
        worded = next;
      }
    }
    inside_carry = 0 - (inside >> 63);
    special_carry = special >> 63;
    closer_carry = (masks.quotes & ~inside) >> 63;
    return_carry = returns >> 63;
  }
  // A CR at the very end was paired with a feed that is not there.
  if (end > start && bytes[end - 1] == '\r' && (end - start) % 64 != 0) line_ends += 1;
  struct byte_check_result result;
  result.line_end_count = line_ends;
  result.is_sound = wrong == 0 && inside_carry == 0;
  result.first_worded_record = worded;
  return result;
}

SCAN_TARGET static bool QUOTES_NAME(const uint8_t *bytes, size_t count) {
  const size_t whole = count & ~(size_t)63;
  uint8_t last_group[64] = {0};
  memcpy(last_group, bytes + whole, count - whole);
  return ODD_QUOTES(bytes, whole) != ODD_QUOTES(last_group, sizeof last_group);
}

SCAN_TARGET static bool RUNS_NAME(const uint8_t *bytes, size_t start, const uint32_t *field_ends,
                                  const struct byte_scan_run *runs, size_t run_count,
                                  const uint32_t *lengths, const uint8_t *stored) {
  for (size_t run = 0; run < run_count; run++) {
    const size_t first = runs[run].first;
    const size_t from = first == 0 ? start : (size_t)field_ends[first - 1] + 1;
    const size_t count = field_ends[runs[run].last] - from;
    if (lengths[run] != count) return false;
    const uint8_t *field = bytes + from;
    // Sixty-four bytes at a time, however many count: where a run ends nobody can foresee.
    for (size_t offset = 0; offset < count; offset += 64) {
      const size_t rest = count - offset;
      // Blank fields that were added to a record begin up to 48 bytes behind it, where 16 may be read.
      if (rest <= 16) {
        if (!equal_short(field + offset, stored + offset, rest)) return false;
        break;
      }
      const uint64_t valid = rest < 64 ? (UINT64_C(1) << rest) - 1 : ~UINT64_C(0);
      if ((SCAN_UNEQUAL(field + offset, stored + offset) & valid) != 0) return false;
    }
    stored += count;
  }
  return true;
}

#undef RUNS_NAME
#undef SCAN_UNEQUAL
#undef CHECK_NAME
#undef QUOTES_NAME
#undef SCAN_RETURNS
#undef ODD_QUOTES
#undef SCAN_NAME
#undef GROUP_NAME
#undef SCAN_TARGET
#undef SCAN_MASKS
#undef SCAN_PREFIX_XOR
#undef SCAN_EMIT
