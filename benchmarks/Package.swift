// swift-tools-version: 6.3
import PackageDescription

// Benchmarks live in a package of their own, so that neither `swift build` nor `swift test` of the
// root fetches or builds what only they need.

// What the stages offer one another is `package`, and a benchmark of a stage stands as near to it as
// its neighbours do. SwiftPM names a package after its folder, whatever the clone is called.
let rootFolder = Context.packageDirectory.split(separator: "/").dropLast().last ?? "postern"
let rootPackageName = String(
  rootFolder.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })

let package = Package(
  name: "postern-benchmarks",
  dependencies: [
    .package(
      name: "postern", path: "../",
      traits: Context.environment["POSTERN_TRAITS"] == "ISAL" ? ["ISAL"] : []),
    .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Stages",
      dependencies: [
        .product(name: "PosternStages", package: "postern"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/Stages",
      // Without it SwiftPM names no package, and the name below stands.
      packageAccess: false,
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("MemberImportVisibility"),
        .unsafeFlags(["-package-name", rootPackageName]),
      ],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ]
)
