// swift-tools-version: 6.3
import PackageDescription

// The targets are the sentence of docs/ARCHITECTURE.md: files → bytes → records → logins →
// ledger → facts → findings → reports. A target imports only what stands above it in this list,
// so the compiler guards the walls.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// What recounts a million rows to compare with the programs would take most of the tests' time
// unoptimised.
let recounting = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "postern",
  products: [
    .executable(name: "postern", targets: ["postern-cli"]),
    .executable(name: "postern-synth", targets: ["postern-synth"]),
    // For benchmarks/, a package of its own; what it offers is for nobody else.
    .library(
      name: "PosternStages",
      targets: [
        "Decompression", "Delimited", "SalesforceExports", "Accounts", "Findings", "Results",
        "Reports", "Configuration", "Postern",
      ]),
    // For Tests/Fuzz, another package of its own.
    .library(name: "PosternFuzzTargets", targets: ["FuzzTargets"]),
  ],
  traits: [
    .trait(name: "ISAL", description: "Inflate with ISA-L, which libisal-dev provides."),
    .trait(name: "ZSTD", description: "Read zstd with libzstd, which libzstd-dev provides."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["libz-dev"])]),
    .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .target(name: "CByteScan"),
    .target(name: "COutOfMemory"),
    .target(name: "CWriteBehind"),
    .target(name: "Platform", dependencies: ["COutOfMemory"], swiftSettings: settings),
    .target(
      name: "Decompression",
      dependencies: [
        "CZlib", .target(name: "CISAL", condition: .when(traits: ["ISAL"])),
        .target(name: "CZstd", condition: .when(traits: ["ZSTD"])), "Platform",
      ], swiftSettings: settings),
    .target(name: "Delimited", dependencies: ["CByteScan"], swiftSettings: settings),
    .target(
      name: "SalesforceExports", dependencies: ["Delimited", "Platform"],
      swiftSettings: settings),
    .target(
      name: "Accounts", dependencies: ["Delimited", "Platform", "SalesforceExports"],
      swiftSettings: settings),
    .target(
      name: "Findings",
      dependencies: [
        "Accounts", "Platform", "SalesforceExports",
        .product(name: "Crypto", package: "swift-crypto"),
      ], swiftSettings: settings),
    .target(
      name: "Results",
      dependencies: [
        "Accounts", "Findings", "Platform", "SalesforceExports",
        .product(name: "Crypto", package: "swift-crypto"),
      ], swiftSettings: settings),
    .target(
      name: "Reports",
      dependencies: [
        "Accounts", "Findings", "Platform", "Results", "SalesforceExports",
        .product(name: "Crypto", package: "swift-crypto"),
      ], swiftSettings: settings),
    .target(
      name: "Configuration",
      dependencies: [
        "Findings", "Platform", "Reports", "SalesforceExports",
        .product(name: "Yams", package: "Yams"),
      ], swiftSettings: settings),
    .target(
      name: "Postern",
      dependencies: [
        "CWriteBehind", "CZlib", "Platform", "Decompression", "Delimited", "SalesforceExports",
        "Accounts", "Findings", "Results", "Reports", "Configuration",
        .product(name: "Crypto", package: "swift-crypto"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "postern-cli",
      dependencies: [
        "COutOfMemory", "Postern", "Accounts", "Configuration", "Findings", "Platform", "Reports",
        "Results", "SalesforceExports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "postern-synth",
      dependencies: [
        "CZlib", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    // What tests share: one temporary folder, program runner, seeded generator, archive builder.
    .target(
      name: "TestSupport", dependencies: ["CZlib"], path: "Tests/Support", swiftSettings: settings),
    .testTarget(
      name: "AccountsTests",
      dependencies: ["Accounts", "Delimited", "Platform", "SalesforceExports", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SalesforceExportsTests",
      dependencies: ["Delimited", "SalesforceExports", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "FindingsTests",
      dependencies: ["Accounts", "Delimited", "Findings", "SalesforceExports", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "PosternTests",
      dependencies: [
        "Configuration", "Postern", "Findings", "Platform", "SalesforceExports", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "SynthTests",
      dependencies: [
        "postern-synth", "CZlib", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Reports", "Accounts", "Findings", "Platform", "Results", "SalesforceExports",
        "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ], exclude: ["OCSF"],
      swiftSettings: settings),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "CZlib", "Configuration", "Decompression", "Delimited", "Findings", "Postern", "Reports",
        "Results", "SalesforceExports", .product(name: "Crypto", package: "swift-crypto"),
      ], path: "Tests/FuzzTargets", swiftSettings: settings),
    .testTarget(
      name: "FuzzTests", dependencies: ["FuzzTargets", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "CommandLineTests", dependencies: ["TestSupport"], swiftSettings: settings),
    .testTarget(name: "OracleTests", dependencies: ["TestSupport"], swiftSettings: recounting),
    .testTarget(
      name: "LedgerTests", dependencies: ["CZlib", "SalesforceExports", "TestSupport"],
      swiftSettings: settings),
    .testTarget(name: "ShapeTests", dependencies: ["TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "FaultTests",
      dependencies: ["CZlib", "TestSupport", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: settings),
    .testTarget(
      name: "DecompressionTests",
      dependencies: [
        "Decompression", "CZlib", .target(name: "CISAL", condition: .when(traits: ["ISAL"])),
        "TestSupport",
      ], swiftSettings: settings),
    .testTarget(
      name: "DelimitedTests", dependencies: ["Delimited", "CByteScan", "TestSupport"],
      swiftSettings: settings),
  ]
)
