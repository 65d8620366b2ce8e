// swift-tools-version: 6.3
import PackageDescription

// The fuzzer is a package of its own: libFuzzer brings the program's `main`, so the target links with
// `-sanitize=fuzzer` alone. Build and run it with `dev/fuzz`.

let package = Package(
  name: "postern-fuzz",
  dependencies: [
    .package(
      name: "postern", path: "../../",
      traits: Context.environment["POSTERN_TRAITS"] == "ISAL" ? ["ISAL"] : [])
  ],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [.product(name: "PosternFuzzTargets", package: "postern")],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ]
)
