// zlib_inflate FILE: inflates a gzip file with zlib and does nothing else. Buffers of 1 MiB, checksums
// checked, as any reader of gzip has to; prints the number of bytes.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

int main(int count, char **arguments) {
  if (count != 2) return 64;
  int file = open(arguments[1], O_RDONLY);
  if (file < 0) return 66;
  const size_t capacity = 1 << 20;
  unsigned char *input = malloc(capacity), *output = malloc(capacity);
  z_stream stream = {0};
  if (!input || !output || inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return 71;
  size_t total = 0;
  int state = Z_OK;
  ssize_t got;
  while ((got = read(file, input, capacity)) > 0) {
    stream.next_in = input;
    stream.avail_in = got;
    do {
      stream.next_out = output;
      stream.avail_out = capacity;
      state = inflate(&stream, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) return 65;
      total += capacity - stream.avail_out;
      if (state == Z_STREAM_END) inflateReset(&stream);
    } while (stream.avail_in > 0 || stream.avail_out == 0);
  }
  if (got < 0 || (state != Z_STREAM_END && stream.total_in > 0)) return 65;
  printf("%zu\n", total);
  return 0;
}
