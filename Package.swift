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

let package = Package(
  name: "postern",
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2")
  ],
  targets: [
    .target(name: "CByteScan"),
    .target(name: "Delimited", dependencies: ["CByteScan"], swiftSettings: settings),
    .target(name: "SalesforceExports", dependencies: ["Delimited"], swiftSettings: settings),
    .target(
      name: "Accounts", dependencies: ["Delimited", "SalesforceExports"], swiftSettings: settings),
    .target(
      name: "Findings",
      dependencies: [
        "Accounts", "SalesforceExports", .product(name: "Crypto", package: "swift-crypto"),
      ], swiftSettings: settings),
    .target(
      name: "Reports", dependencies: ["Accounts", "Findings", "SalesforceExports"],
      swiftSettings: settings),
    .testTarget(
      name: "DelimitedTests", dependencies: ["Delimited", "CByteScan"], swiftSettings: settings),
  ]
)
