#include "CByteScan.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// One bit for each of 64 bytes, the first byte in the lowest bit.
struct byte_masks {
  uint64_t quotes;
  uint64_t delimiters;
  uint64_t breaks;  // CR and LF
};

/// What a scan knows between two groups of 64 bytes. `<< 1 | carry` moves a fact about a byte to the byte
/// after it, over their border too.
struct scan_state {
  uint32_t *positions;
  uint32_t *next_position;
  uint32_t *next_line_end;
  uint64_t inside_carry;  // all ones while inside quotes
  uint64_t special_carry;
  uint64_t closer_carry;
  uint64_t break_carry;
  uint64_t return_carry;
  uint64_t quoted_line_ends;
  uint32_t offset;
};

// MARK: Portable

/// The next 8 bytes, the first in the lowest byte on every machine.
static inline uint64_t load_word(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

/// One bit for each of the 8 bytes of `word` that equals the byte repeated in `pattern`.
static inline uint64_t equal_bytes(uint64_t word, uint64_t pattern) {
  const uint64_t low_bits = UINT64_C(0x7F7F7F7F7F7F7F7F);
  const uint64_t difference = word ^ pattern;
  // The top bit of each byte: set where the difference is not zero. No carry leaves a byte.
  const uint64_t unequal = ((difference & low_bits) + low_bits) | difference;
  const uint64_t equal = (~unequal & ~low_bits) >> 7;
  // Moves the lowest bits of the 8 bytes next to each other into the top byte.
  return (equal * UINT64_C(0x0102040810204080)) >> 56;
}

static inline void masks_portable(const uint8_t *group, uint8_t delimiter,
                                  struct byte_masks *masks) {
  const uint64_t ones = UINT64_C(0x0101010101010101);
  struct byte_masks found = {0, 0, 0};
  for (int word_index = 0; word_index < 8; word_index++) {
    const uint64_t word = load_word(group + 8 * word_index);
    const int shift = 8 * word_index;
    found.quotes |= equal_bytes(word, ones * '"') << shift;
    found.delimiters |= equal_bytes(word, ones * delimiter) << shift;
    found.breaks |= (equal_bytes(word, ones * '\r') | equal_bytes(word, ones * '\n')) << shift;
  }
  *masks = found;
}

/// One bit for each of 64 bytes that is `byte`.
static inline uint64_t byte_mask_portable(const uint8_t *group, uint8_t byte) {
  uint64_t found = 0;
  for (int word_index = 0; word_index < 8; word_index++) {
    found |= equal_bytes(load_word(group + 8 * word_index), UINT64_C(0x0101010101010101) * byte)
             << (8 * word_index);
  }
  return found;
}

static inline bool odd_quotes_portable(const uint8_t *bytes, size_t count) {
  uint64_t odd = 0;
  for (size_t offset = 0; offset < count; offset += 64) odd ^= byte_mask_portable(bytes + offset, '"');
  return __builtin_parityll(odd) != 0;
}

static inline uint64_t unequal_portable(const uint8_t *one, const uint8_t *other) {
  uint64_t equal = 0;
  for (int word_index = 0; word_index < 8; word_index++) {
    const uint64_t difference = load_word(one + 8 * word_index) ^ load_word(other + 8 * word_index);
    equal |= equal_bytes(difference, 0) << (8 * word_index);
  }
  return ~equal;
}

static inline uint64_t prefix_xor_shifts(uint64_t bits) {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return bits;
}

static inline uint32_t *emit_one_by_one(uint32_t *positions, uint32_t base, uint64_t bits) {
  // A plain loop: storing a fixed number at once and stepping back by the count measured slower.
  while (bits != 0) {
    *positions++ = base + (uint32_t)__builtin_ctzll(bits);
    bits &= bits - 1;
  }
  return positions;
}

/// Whether up to 16 bytes are equal, of which 16 are readable on both sides.
static inline bool equal_short(const uint8_t *one, const uint8_t *other, size_t count) {
#if defined(__x86_64__)
  const __m128i left = _mm_loadu_si128((const __m128i *)(const void *)one);
  const __m128i right = _mm_loadu_si128((const __m128i *)(const void *)other);
  const uint32_t valid = (UINT32_C(1) << count) - 1;
  return ((uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(left, right)) & valid) == valid;
#else
  return memcmp(one, other, count) == 0;
#endif
}

// MARK: Records that begin with a word

// Whether the first field of the record at `place` could be the name of a column. `last_beginning` has
// the first eight bytes of a record that begins with no letter: those that begin with the same are the
// same in this.
static bool begins_with_word(const uint8_t *bytes, size_t place, size_t end, uint8_t delimiter,
                             uint64_t *last_beginning) {
  uint8_t beginning_of_last[64];
  if (end - place < sizeof beginning_of_last) {
    memset(beginning_of_last, '\n', sizeof beginning_of_last);
    memcpy(beginning_of_last, bytes + place, end - place);
    bytes = beginning_of_last;
    place = 0;
  }
  uint64_t beginning;
  memcpy(&beginning, bytes + place, sizeof beginning);
  if (beginning == *last_beginning) return false;
  size_t position = place;
  // A byte order mark may stand before the header of a file that was appended.
  if (bytes[position] == 0xEF && bytes[position + 1] == 0xBB) position += 3;
  if (bytes[position] == '"') position += 1;
  const uint8_t first = bytes[position];
  if ((uint8_t)((first | 0x20) - 'a') >= 26 && first != '_' && first < 0x80) {
    *last_beginning = beginning;
    return false;
  }
  for (size_t count = 0; count < 48; count += 1) {
    const uint8_t byte = bytes[position + count];
    if (byte == '@') return false;
    if (byte == delimiter || byte == '"' || byte == '\n' || byte == '\r') return true;
  }
  return false;
}

#define SCAN_NAME scan_portable
#define GROUP_NAME group_portable
#define CHECK_NAME check_portable
#define QUOTES_NAME quotes_portable
#define RUNS_NAME runs_portable
#define SCAN_UNEQUAL(p, q) unequal_portable(p, q)
#define SCAN_RETURNS(p) byte_mask_portable(p, '\r')
#define ODD_QUOTES(p, count) odd_quotes_portable(p, count)
#define SCAN_TARGET
#define SCAN_MASKS(p, delimiter, masks) masks_portable(p, delimiter, &(masks))
#define SCAN_PREFIX_XOR(bits) prefix_xor_shifts(bits)
#define SCAN_EMIT(positions, base, bits) emit_one_by_one(positions, base, bits)
#include "ByteScanLoop.h"

#if defined(__x86_64__)

// MARK: SSE2

static inline void masks_sse2(const uint8_t *group, uint8_t delimiter, struct byte_masks *masks) {
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i separator = _mm_set1_epi8((char)delimiter);
  const __m128i carriage_return = _mm_set1_epi8('\r');
  const __m128i line_feed = _mm_set1_epi8('\n');
  struct byte_masks found = {0, 0, 0};
  for (int part = 0; part < 4; part++) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(group + 16 * part));
    const int shift = 16 * part;
    found.quotes |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quote)) << shift;
    found.delimiters |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, separator))
                        << shift;
    const __m128i broken =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, carriage_return), _mm_cmpeq_epi8(bytes, line_feed));
    found.breaks |= (uint64_t)(uint32_t)_mm_movemask_epi8(broken) << shift;
  }
  *masks = found;
}

static inline uint64_t byte_mask_sse2(const uint8_t *group, uint8_t byte) {
  const __m128i wanted = _mm_set1_epi8((char)byte);
  uint64_t found = 0;
  for (int part = 0; part < 4; part++) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(group + 16 * part));
    found |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted)) << (16 * part);
  }
  return found;
}

static inline bool odd_quotes_sse2(const uint8_t *bytes, size_t count) {
  const __m128i quote = _mm_set1_epi8('"');
  __m128i odd = _mm_setzero_si128();
  for (size_t offset = 0; offset < count; offset += 16) {
    const __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(bytes + offset));
    odd = _mm_xor_si128(odd, _mm_cmpeq_epi8(next, quote));
  }
  return __builtin_parity((unsigned)_mm_movemask_epi8(odd)) != 0;
}

static inline uint64_t unequal_sse2(const uint8_t *one, const uint8_t *other) {
  uint64_t equal = 0;
  for (int part = 0; part < 4; part++) {
    const __m128i left = _mm_loadu_si128((const __m128i *)(const void *)(one + 16 * part));
    const __m128i right = _mm_loadu_si128((const __m128i *)(const void *)(other + 16 * part));
    equal |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(left, right)) << (16 * part);
  }
  return ~equal;
}

#define SCAN_NAME scan_sse2
#define GROUP_NAME group_sse2
#define CHECK_NAME check_sse2
#define QUOTES_NAME quotes_sse2
#define RUNS_NAME runs_sse2
#define SCAN_UNEQUAL(p, q) unequal_sse2(p, q)
#define SCAN_RETURNS(p) byte_mask_sse2(p, '\r')
#define ODD_QUOTES(p, count) odd_quotes_sse2(p, count)
#define SCAN_TARGET
#define SCAN_MASKS(p, delimiter, masks) masks_sse2(p, delimiter, &(masks))
#define SCAN_PREFIX_XOR(bits) prefix_xor_shifts(bits)
#define SCAN_EMIT(positions, base, bits) emit_one_by_one(positions, base, bits)
#include "ByteScanLoop.h"

// MARK: AVX2

#define TARGET_AVX2 __attribute__((target("avx2,bmi,popcnt,pclmul")))

TARGET_AVX2 static inline uint64_t equal_avx2(__m256i low, __m256i high, __m256i pattern) {
  const uint32_t low_bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, pattern));
  const uint32_t high_bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, pattern));
  return low_bits | (uint64_t)high_bits << 32;
}

TARGET_AVX2 static inline uint64_t either_avx2(__m256i low, __m256i high, __m256i one, __m256i other) {
  const __m256i low_found = _mm256_or_si256(_mm256_cmpeq_epi8(low, one), _mm256_cmpeq_epi8(low, other));
  const __m256i high_found =
      _mm256_or_si256(_mm256_cmpeq_epi8(high, one), _mm256_cmpeq_epi8(high, other));
  return (uint32_t)_mm256_movemask_epi8(low_found) |
         (uint64_t)(uint32_t)_mm256_movemask_epi8(high_found) << 32;
}

TARGET_AVX2 static inline void masks_avx2(const uint8_t *group, uint8_t delimiter,
                                          struct byte_masks *masks) {
  const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)group);
  const __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(group + 32));
  masks->quotes = equal_avx2(low, high, _mm256_set1_epi8('"'));
  masks->delimiters = equal_avx2(low, high, _mm256_set1_epi8((char)delimiter));
  masks->breaks = either_avx2(low, high, _mm256_set1_epi8('\r'), _mm256_set1_epi8('\n'));
}

TARGET_AVX2 static inline uint64_t prefix_xor_multiply(uint64_t bits) {
  // A carry-less product with all ones is the prefix parity, in one instruction.
  const __m128i product =
      _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), _mm_set1_epi8((char)0xFF), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
}

TARGET_AVX2 static inline uint32_t *emit_avx2(uint32_t *positions, uint32_t base, uint64_t bits) {
  uint32_t *const end = positions + __builtin_popcountll(bits);
  // Eight at once, which most groups do not exceed: how many there are cannot be foreseen. What is stored
  // past the last one is overwritten, as the slack in `positions` allows.
  for (int index = 0; index < 8; index++) {
    positions[index] = base + (uint32_t)_tzcnt_u64(bits);
    bits &= bits - 1;
  }
  for (positions += 8; bits != 0; bits &= bits - 1) {
    *positions++ = base + (uint32_t)__builtin_ctzll(bits);
  }
  return end;
}

TARGET_AVX2 static inline uint64_t byte_mask_avx2(const uint8_t *group, uint8_t byte) {
  const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)group);
  const __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(group + 32));
  return equal_avx2(low, high, _mm256_set1_epi8((char)byte));
}

TARGET_AVX2 static inline bool odd_quotes_avx2(const uint8_t *bytes, size_t count) {
  const __m256i quote = _mm256_set1_epi8('"');
  __m256i odd = _mm256_setzero_si256();
  for (size_t offset = 0; offset < count; offset += 64) {
    const __m256i *group = (const __m256i *)(const void *)(bytes + offset);
    odd = _mm256_xor_si256(odd, _mm256_cmpeq_epi8(_mm256_loadu_si256(group), quote));
    odd = _mm256_xor_si256(odd, _mm256_cmpeq_epi8(_mm256_loadu_si256(group + 1), quote));
  }
  return __builtin_parity((unsigned)_mm256_movemask_epi8(odd)) != 0;
}

TARGET_AVX2 static inline uint64_t unequal_avx2(const uint8_t *one, const uint8_t *other) {
  const __m256i *left = (const __m256i *)(const void *)one;
  const __m256i *right = (const __m256i *)(const void *)other;
  const uint32_t low = (uint32_t)_mm256_movemask_epi8(
      _mm256_cmpeq_epi8(_mm256_loadu_si256(left), _mm256_loadu_si256(right)));
  const uint32_t high = (uint32_t)_mm256_movemask_epi8(
      _mm256_cmpeq_epi8(_mm256_loadu_si256(left + 1), _mm256_loadu_si256(right + 1)));
  return ~(low | (uint64_t)high << 32);
}

#define SCAN_NAME scan_avx2
#define GROUP_NAME group_avx2
#define CHECK_NAME check_avx2
#define QUOTES_NAME quotes_avx2
#define RUNS_NAME runs_avx2
#define SCAN_UNEQUAL(p, q) unequal_avx2(p, q)
#define SCAN_RETURNS(p) byte_mask_avx2(p, '\r')
#define ODD_QUOTES(p, count) odd_quotes_avx2(p, count)
#define SCAN_TARGET TARGET_AVX2
#define SCAN_MASKS(p, delimiter, masks) masks_avx2(p, delimiter, &(masks))
#define SCAN_PREFIX_XOR(bits) prefix_xor_multiply(bits)
#define SCAN_EMIT(positions, base, bits) emit_avx2(positions, base, bits)
#include "ByteScanLoop.h"

// MARK: AVX-512

#define TARGET_AVX512 \
  __attribute__((target("avx2,bmi,popcnt,pclmul,avx512f,avx512bw,avx512vbmi,avx512vbmi2")))

TARGET_AVX512 static inline void masks_avx512(const uint8_t *group, uint8_t delimiter,
                                              struct byte_masks *masks) {
  const __m512i bytes = _mm512_loadu_si512(group);
  masks->quotes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'));
  masks->delimiters = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)delimiter));
  masks->breaks = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r')) |
                  _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'));
}

TARGET_AVX512 static inline uint32_t *emit_avx512(uint32_t *positions, uint32_t base,
                                                  uint64_t bits) {
  static const uint8_t numbers[64] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
  };
  const __m512i packed = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(numbers));
  const __m512i bases = _mm512_set1_epi32((int)base);
  const int count = __builtin_popcountll(bits);
  // Stores 16 at a time, past the last one: that is what the slack in `positions` is for.
  const __m512i first = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed));
  _mm512_storeu_si512(positions, _mm512_add_epi32(first, bases));
  if (count > 16) {
    const __m512i second = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1));
    const __m512i third = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2));
    const __m512i fourth = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3));
    _mm512_storeu_si512(positions + 16, _mm512_add_epi32(second, bases));
    _mm512_storeu_si512(positions + 32, _mm512_add_epi32(third, bases));
    _mm512_storeu_si512(positions + 48, _mm512_add_epi32(fourth, bases));
  }
  return positions + count;
}

TARGET_AVX512 static inline uint64_t byte_mask_avx512(const uint8_t *group, uint8_t byte) {
  return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(group), _mm512_set1_epi8((char)byte));
}

TARGET_AVX512 static inline bool odd_quotes_avx512(const uint8_t *bytes, size_t count) {
  uint64_t odd = 0;
  for (size_t offset = 0; offset < count; offset += 64) odd ^= byte_mask_avx512(bytes + offset, '"');
  return __builtin_parityll(odd) != 0;
}

TARGET_AVX512 static inline uint64_t unequal_avx512(const uint8_t *one, const uint8_t *other) {
  return _mm512_cmpneq_epi8_mask(_mm512_loadu_si512(one), _mm512_loadu_si512(other));
}

#define SCAN_NAME scan_avx512
#define GROUP_NAME group_avx512
#define CHECK_NAME check_avx512
#define QUOTES_NAME quotes_avx512
#define RUNS_NAME runs_avx512
#define SCAN_UNEQUAL(p, q) unequal_avx512(p, q)
#define SCAN_RETURNS(p) byte_mask_avx512(p, '\r')
#define ODD_QUOTES(p, count) odd_quotes_avx512(p, count)
#define SCAN_TARGET TARGET_AVX512
#define SCAN_MASKS(p, delimiter, masks) masks_avx512(p, delimiter, &(masks))
#define SCAN_PREFIX_XOR(bits) prefix_xor_multiply(bits)
#define SCAN_EMIT(positions, base, bits) emit_avx512(positions, base, bits)
#include "ByteScanLoop.h"

#endif

bool byte_scan_begins_with_word(const uint8_t *bytes, size_t start, size_t end, uint8_t delimiter) {
  uint64_t last_beginning = 0;
  return start < end && begins_with_word(bytes, start, end, delimiter, &last_beginning);
}

// MARK: Choice

bool byte_scan_supports(enum byte_scan_kernel kernel) {
  switch (kernel) {
  case BYTE_SCAN_PORTABLE:
    return true;
#if defined(__x86_64__)
  case BYTE_SCAN_SSE2:
    return true;
  case BYTE_SCAN_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
  case BYTE_SCAN_AVX512:
    return byte_scan_supports(BYTE_SCAN_AVX2) && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2");
#endif
  default:
    return false;
  }
}

enum byte_scan_kernel byte_scan_best_kernel(void) {
  if (byte_scan_supports(BYTE_SCAN_AVX512)) return BYTE_SCAN_AVX512;
  if (byte_scan_supports(BYTE_SCAN_AVX2)) return BYTE_SCAN_AVX2;
  if (byte_scan_supports(BYTE_SCAN_SSE2)) return BYTE_SCAN_SSE2;
  return BYTE_SCAN_PORTABLE;
}

struct byte_scan_result byte_scan(enum byte_scan_kernel kernel, const uint8_t *bytes, size_t start,
                                  size_t end, uint8_t delimiter, uint32_t *positions,
                                  uint32_t *line_ends) {
  switch (kernel) {
#if defined(__x86_64__)
  case BYTE_SCAN_AVX512:
    return scan_avx512(bytes, start, end, delimiter, positions, line_ends);
  case BYTE_SCAN_AVX2:
    return scan_avx2(bytes, start, end, delimiter, positions, line_ends);
  case BYTE_SCAN_SSE2:
    return scan_sse2(bytes, start, end, delimiter, positions, line_ends);
#endif
  default:
    return scan_portable(bytes, start, end, delimiter, positions, line_ends);
  }
}

size_t byte_scan_count_line_ends(const uint8_t *bytes, size_t count) {
  size_t line_ends = 0;
  uint64_t return_carry = 0;
  for (size_t offset = 0; offset < count; offset += 64) {
    const uint8_t *group = bytes + offset;
    uint8_t last_group[64];
    if (count - offset < 64) {
      memset(last_group, 0, sizeof last_group);
      memcpy(last_group, group, count - offset);
      group = last_group;
    }
#if defined(__x86_64__)
    const uint64_t returns = byte_mask_sse2(group, '\r');
    const uint64_t feeds = byte_mask_sse2(group, '\n');
#else
    const uint64_t returns = byte_mask_portable(group, '\r');
    const uint64_t feeds = byte_mask_portable(group, '\n');
#endif
    line_ends += (size_t)__builtin_popcountll(returns | (feeds & ~(returns << 1 | return_carry)));
    return_carry = returns >> 63;
  }
  return line_ends;
}

struct byte_check_result byte_check(enum byte_scan_kernel kernel, const uint8_t *bytes,
                                    size_t start, size_t end, uint8_t delimiter,
                                    bool looks_at_start) {
  switch (kernel) {
#if defined(__x86_64__)
  case BYTE_SCAN_AVX512:
    return check_avx512(bytes, start, end, delimiter, looks_at_start);
  case BYTE_SCAN_AVX2:
    return check_avx2(bytes, start, end, delimiter, looks_at_start);
  case BYTE_SCAN_SSE2:
    return check_sse2(bytes, start, end, delimiter, looks_at_start);
#endif
  default:
    return check_portable(bytes, start, end, delimiter, looks_at_start);
  }
}

bool byte_scan_odd_quotes(enum byte_scan_kernel kernel, const uint8_t *bytes, size_t count) {
  switch (kernel) {
#if defined(__x86_64__)
  case BYTE_SCAN_AVX512:
    return quotes_avx512(bytes, count);
  case BYTE_SCAN_AVX2:
    return quotes_avx2(bytes, count);
  case BYTE_SCAN_SSE2:
    return quotes_sse2(bytes, count);
#endif
  default:
    return quotes_portable(bytes, count);
  }
}

bool byte_scan_equal_runs(enum byte_scan_kernel kernel, const uint8_t *bytes, size_t start,
                          const uint32_t *field_ends, const struct byte_scan_run *runs,
                          size_t run_count, const uint32_t *lengths, const uint8_t *stored) {
  switch (kernel) {
#if defined(__x86_64__)
  case BYTE_SCAN_AVX512:
    return runs_avx512(bytes, start, field_ends, runs, run_count, lengths, stored);
  case BYTE_SCAN_AVX2:
    return runs_avx2(bytes, start, field_ends, runs, run_count, lengths, stored);
  case BYTE_SCAN_SSE2:
    return runs_sse2(bytes, start, field_ends, runs, run_count, lengths, stored);
#endif
  default:
    return runs_portable(bytes, start, field_ends, runs, run_count, lengths, stored);
  }
}
