// Finds delimiters and line ends outside quotes, 64 bytes at a time.
//
// The scan knows three things: the quote is `"`, a line end is LF, CR LF or a lone CR, and the
// delimiter is one byte. Whether a byte is inside quotes is the parity of the quotes before it.
// That parity equals the state machine of the record reader as long as every opening quote stands
// at the start of a field and every closing quote at its end; the scan checks this and stops where
// it does not hold, so that a caller can take the record in question another way.

#ifndef POSTERN_BYTE_SCAN_H
#define POSTERN_BYTE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

/// The instruction set that a scan uses. All give the same answer.
enum byte_scan_kernel {
  /// Plain 64-bit arithmetic; on every machine.
  BYTE_SCAN_PORTABLE = 0,
  /// SSE2, part of every x86-64.
  BYTE_SCAN_SSE2 = 1,
  /// AVX2, BMI, POPCNT and carry-less multiply.
  BYTE_SCAN_AVX2 = 2,
  /// AVX-512 BW and VBMI2 (byte compress), with carry-less multiply.
  BYTE_SCAN_AVX512 = 3,
};

/// What one scan found.
struct byte_scan_result {
  /// How many positions were written.
  size_t position_count;
  /// How many line end indexes were written.
  size_t line_end_count;
  /// At least one line end was seen inside quotes.
  bool has_quoted_line_ends;
  /// A quote in the 64 bytes after the scanned ones neither opens, closes nor doubles properly.
  bool stopped_at_quote;
  /// The scanned bytes end inside quotes.
  bool ends_inside_quotes;
  /// Where the first record after the one at the start begins whose first field could be the name of a
  /// column: it begins with a letter and holds no `@`. `BYTE_SCAN_NONE` for none.
  size_t first_worded_record;
};

/// No record.
#define BYTE_SCAN_NONE SIZE_MAX

/// How many further elements a scan may overwrite behind the last position that it reports.
#define BYTE_SCAN_POSITION_SLACK 64

/// Tells whether this processor and this build have a kernel.
bool byte_scan_supports(enum byte_scan_kernel kernel);

/// The fastest kernel that this processor has.
enum byte_scan_kernel byte_scan_best_kernel(void);

/// Scans `bytes[start..<end]`, which must begin at the start of a record.
///
/// Writes into `positions` the index (from `bytes`) of every delimiter and every line end outside
/// quotes, in order; of CR LF it writes the place of the CR. Writes into `line_ends`, for every
/// line end among them, its index in `positions`. `positions` needs room for
/// `end - start + BYTE_SCAN_POSITION_SLACK` elements, `line_ends` for `end - start + 1`. Reads no byte
/// outside the range. `end` must be below 2^32, and the kernel one that the machine supports.
struct byte_scan_result byte_scan(enum byte_scan_kernel kernel, const uint8_t *bytes, size_t start,
                                  size_t end, uint8_t delimiter, uint32_t *positions,
                                  uint32_t *line_ends);

/// Counts the line ends (LF, CR LF, lone CR) in `bytes[0..<count]`, inside quotes or not.
size_t byte_scan_count_line_ends(const uint8_t *bytes, size_t count);

/// What a check of quoting found.
struct byte_check_result {
  /// How many line ends (LF, CR LF, lone CR) the bytes have, inside quotes or not.
  size_t line_end_count;
  /// Every quote opens, closes or doubles properly, and the bytes end outside quotes.
  bool is_sound;
  /// Where the first record begins whose first field could be the name of a column: it begins with a
  /// letter and holds no `@`. `BYTE_SCAN_NONE` for none.
  size_t first_worded_record;
};

/// Whether the first field of the record at `start` could be the name of a column.
bool byte_scan_begins_with_word(const uint8_t *bytes, size_t start, size_t end, uint8_t delimiter);

/// Checks that quotes in `bytes[start..<end]`, which begin at the start of a record and end behind
/// a line end, stand where the parity of quotes and the rules of quoting agree.
///
/// Where they do, a cut at any line end of even parity is the end of a record. Finds nothing else
/// and writes nothing, so it takes about half the time of a scan.
/// The record at `start` itself is looked at for words only where `looks_at_start` says so.
struct byte_check_result byte_check(enum byte_scan_kernel kernel, const uint8_t *bytes,
                                    size_t start, size_t end, uint8_t delimiter,
                                    bool looks_at_start);

/// Whether the quotes in `bytes[0..<count]` are odd in number.
bool byte_scan_odd_quotes(enum byte_scan_kernel kernel, const uint8_t *bytes, size_t count);

/// Which of the sixteen 16-bit words at an address equal a value, the first in the lowest bit.
static inline uint32_t byte_scan_equal_words(const void *words, uint16_t value) {
#if defined(__x86_64__)
  const __m128i wanted = _mm_set1_epi16((short)value);
  const __m128i first = _mm_cmpeq_epi16(_mm_loadu_si128((const __m128i *)words), wanted);
  const __m128i second = _mm_cmpeq_epi16(_mm_loadu_si128((const __m128i *)words + 1), wanted);
  return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(first, second));
#else
  uint32_t equal = 0;
  for (uint32_t index = 0; index < 16; index++) {
    uint16_t word;
    memcpy(&word, (const uint8_t *)words + 2 * index, sizeof word);
    equal |= (uint32_t)(word == value) << index;
  }
  return equal;
#endif
}

/// Which of the eight 32-bit words at an address equal a value, the first in the lowest bit.
static inline uint32_t byte_scan_equal_longs(const void *words, uint32_t value) {
#if defined(__x86_64__)
  const __m128i wanted = _mm_set1_epi32((int)value);
  const __m128i first = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)words), wanted);
  const __m128i second = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)words + 1), wanted);
  const __m128i both = _mm_packs_epi32(first, second);
  return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(both, _mm_setzero_si128()));
#else
  uint32_t equal = 0;
  for (uint32_t index = 0; index < 8; index++) {
    uint32_t word;
    memcpy(&word, (const uint8_t *)words + 4 * index, sizeof word);
    equal |= (uint32_t)(word == value) << index;
  }
  return equal;
#endif
}

/// A run of neighbouring fields of a record, by the numbers of its first and last field.
struct byte_scan_run {
  uint32_t first;
  uint32_t last;
};

/// Whether runs of fields of a record are the same bytes as those that lie one after the other at
/// `stored`, run by run and with these lengths.
///
/// The record begins at `bytes + start`, and its fields end at `field_ends`, counted from `bytes`. Of
/// a run of up to 16 bytes, or what is left of a longer one behind groups of 64, 16 are read on both
/// sides, else whole groups.
bool byte_scan_equal_runs(enum byte_scan_kernel kernel, const uint8_t *bytes, size_t start,
                          const uint32_t *field_ends, const struct byte_scan_run *runs,
                          size_t run_count, const uint32_t *lengths, const uint8_t *stored);

/// Asks for the cache line at an address, which need not be readable.
static inline void byte_scan_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

#endif
