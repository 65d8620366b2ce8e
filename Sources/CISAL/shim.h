#pragma once
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stddef.h>
#include <stdlib.h>

// The state holds arrays that Swift does not import, so that it is made and stepped here.

static inline struct inflate_state *postern_isal_create(void) {
  return (struct inflate_state *)malloc(sizeof(struct inflate_state));
}

static inline void postern_isal_destroy(struct inflate_state *state) { free(state); }

// Readies the state for a raw deflate stream.
static inline void postern_isal_reset(struct inflate_state *state) {
  isal_inflate_init(state);
  state->crc_flag = ISAL_DEFLATE;
}

// Inflates what it can; says how much was read and written, and whether the stream is over.
static inline int postern_isal_inflate(
    struct inflate_state *state, const void *input, uint32_t input_count, void *output,
    uint32_t output_count, uint32_t *consumed, uint32_t *produced, int *finished) {
  state->next_in = (uint8_t *)input;
  state->avail_in = input_count;
  state->next_out = (uint8_t *)output;
  state->avail_out = output_count;
  int result = isal_inflate(state);
  // On damaged data ISA-L may say that it used more than it was given: avail_in is then below zero.
  *consumed = state->avail_in > input_count ? input_count : input_count - state->avail_in;
  *produced = output_count - state->avail_out;
  *finished = state->block_state == ISAL_BLOCK_FINISH;
  return result;
}

// How many whole bytes were taken from the input but not used.
static inline int postern_isal_surplus_count(const struct inflate_state *state) {
  return state->read_in_length > 0 ? state->read_in_length / 8 : 0;
}

// The bytes that were not used, the first one lowest.
static inline uint64_t postern_isal_surplus(const struct inflate_state *state) {
  return state->read_in >> (state->read_in_length % 8);
}

// Compresses a block into one zlib stream; says how many bytes that takes, and 0 when there is no
// memory or no room.
static inline uint32_t postern_isal_compress(
    const void *input, uint32_t input_count, void *output, uint32_t output_count) {
  struct isal_zstream *stream = (struct isal_zstream *)malloc(sizeof(struct isal_zstream));
  uint8_t *level_memory = (uint8_t *)malloc(ISAL_DEF_LVL3_DEFAULT);
  uint32_t count = 0;
  if (stream != NULL && level_memory != NULL) {
    isal_deflate_init(stream);
    // Levels 1 and 2 of ISA-L (2.30) hash the address of the stream in the place of the third byte, so that
    // equal bytes give another stream in one of some hundred processes.
    stream->level = 3;
    stream->level_buf = level_memory;
    stream->level_buf_size = ISAL_DEF_LVL3_DEFAULT;
    stream->gzip_flag = IGZIP_ZLIB;
    stream->end_of_stream = 1;
    stream->next_in = (uint8_t *)input;
    stream->avail_in = input_count;
    stream->next_out = (uint8_t *)output;
    stream->avail_out = output_count;
    if (isal_deflate(stream) == COMP_OK && stream->internal_state.state == ZSTATE_END) {
      count = output_count - stream->avail_out;
    }
  }
  free(level_memory);
  free(stream);
  return count;
}
