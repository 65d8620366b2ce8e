import Foundation
import TestSupport
import Testing

/// What the program takes from other libraries, read from the dynamically linked build: nothing that
/// could reach a network, load code or start a program.
///
/// Foundation's own library holds code for sockets that nothing here calls; what is promised is that
/// the program imports no way to it.
struct ImportTests {
  /// Functions of the C library by which a process talks to others, loads code, or starts programs.
  private static let refused: Set<String> = [
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "send", "sendto",
    "sendmsg", "sendmmsg", "recv", "recvfrom", "recvmsg", "recvmmsg", "shutdown", "getsockopt",
    "setsockopt", "getsockname", "getpeername", "getaddrinfo", "getnameinfo", "gethostbyname",
    "gethostbyname2", "gethostbyaddr", "getservbyname", "res_init", "res_query", "res_search",
    "dlopen", "dlmopen", "dlsym", "system", "popen", "fork", "vfork", "execv", "execve", "execvp",
    "execvpe", "execl", "execlp", "execle", "fexecve", "posix_spawn", "posix_spawnp", "ptrace",
  ]

  /// Parts of mangled names of Foundation and Dispatch: sockets, requests, processes, bundles.
  private static let refusedTypes = [
    "URLSession", "URLRequest", "URLConnection", "SocketPort", "MessagePort", "NetService",
    "InputStream", "10Foundation7ProcessC", "10Foundation4HostC", "10Foundation6BundleC",
    "FoundationNetworking", "FoundationXML",
  ]

  /// Everything that the program may be linked with.
  ///
  /// A new library is put here by somebody who has looked at what it can do.
  private static let libraries: Set<String> = [
    "libBlocksRuntime.so", "libFoundation.so", "libFoundationEssentials.so",
    "libFoundationInternationalization.so", "lib_FoundationICU.so", "libc.so.6",
    "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libdispatch.so", "libgcc_s.so.1",
    "libisal.so.2", "libm.so.6", "libstdc++.so.6", "libswiftCore.so", "libswiftDispatch.so",
    "libswiftGlibc.so", "libswiftSwiftOnoneSupport.so", "libswiftSynchronization.so",
    "libswift_Builtin_float.so", "libswift_Concurrency.so", "libswift_RegexParser.so",
    "libswift_StringProcessing.so", "libz.so.1", "libzstd.so.1",
  ]

  /// A sanitizer brings its own run time, which reaches for what the program never does.
  private static let isPlain = ProcessInfo.processInfo.environment["POSTERN_SANITIZER"] == nil

  @Test(.enabled(if: isPlain))
  func theProgramImportsNothingThatReachesANetworkOrStartsAnother() throws {
    let symbols = try Self.imports(of: Program.path("postern"))
    try #require(symbols.contains("read") && symbols.contains("open"), "nm lists no imports")
    #expect(symbols.intersection(Self.refused).sorted() == [])
    let types = symbols.filter { symbol in Self.refusedTypes.contains { symbol.contains($0) } }
    #expect(types.sorted() == [])
  }

  @Test(.enabled(if: isPlain)) func theProgramIsLinkedWithKnownLibrariesAlone() throws {
    let listing = try Program.shell("readelf -d -W '\(Program.path("postern"))'")
    let needed = listing.text.matches(of: /\(NEEDED\).*\[(.*)\]/).map { String($0.1) }
    try #require(needed.contains("libc.so.6"), "\(listing.errors)")
    let unknown = Set(needed).subtracting(Self.libraries)
    #expect(unknown.sorted() == [])
  }

  /// The check sees what it looks for: Foundation's own library has code for sockets.
  @Test func theCheckFindsWhatFoundationImports() throws {
    let loaded = try Program.shell("ldd '\(Program.path("postern"))'").text
    let foundation = try #require(
      loaded.firstMatch(of: /=> (\/\S*\/libFoundation\.so)/).map { String($0.1) },
      "ldd names no Foundation")
    let symbols = try Self.imports(of: foundation)
    #expect(symbols.isSuperset(of: ["socket", "connect", "getaddrinfo"]))
  }

  private static func imports(of program: String) throws -> Set<String> {
    let listing = try Program.shell("nm -D --undefined-only '\(program)'")
    #expect(listing.code == 0, "\(listing.errors)")
    let names = listing.text.split(separator: "\n").compactMap { $0.split(separator: " ").last }
    // The version of a symbol stands behind an @.
    return Set(names.map { String($0.prefix { $0 != "@" }) })
  }
}
