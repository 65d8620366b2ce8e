import Decompression
import Testing

@Suite struct CompressionTests {
  @Test func tellsFilesByTheirFirstBytes() {
    #expect(Compression.detect(firstBytes: [0x1F, 0x8B, 8, 0]) == .gzip)
    #expect(Compression.detect(firstBytes: Array("PK\u{3}\u{4}".utf8)) == .zip)
    #expect(Compression.detect(firstBytes: Array("PK\u{5}\u{6}".utf8)) == .zip)
    #expect(Compression.detect(firstBytes: Array("PK\u{3}".utf8)) == .plain)
    #expect(Compression.detect(firstBytes: [UInt8]()) == .plain)
  }
}
