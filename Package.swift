// swift-tools-version:6.2
import PackageDescription

/// One loop of settings over all Swift targets, so that none is checked less than another.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let grdbSQLite = product(name: "GRDBSQLite", package: "GRDB.swift")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let logging = product(name: "Logging", package: "swift-log")
    static let metrics = product(name: "Metrics", package: "swift-metrics")
    static let mustache = product(name: "Mustache", package: "swift-mustache")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let swiftCSV = product(name: "SwiftCSV", package: "SwiftCSV")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = product(name: "Yams", package: "Yams")
}

let package = Package(
    name: "Rapport",
    products: [
        .executable(name: "rapport", targets: ["rapport"]),
        .executable(name: "rapport-bench", targets: ["RapportBench"]),
    ],
    dependencies: [
        // Why each of them is here: docs/dependencies.md.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    ],
    targets: [
        // System libraries, from Debian's packages.
        .systemLibrary(name: "CAIO", providers: [.apt(["libaio-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CPhoneNumber", linkerSettings: [.linkedLibrary("phonenumber")]),

        // Values, policy, contracts.
        .target(name: "RapportCore"),
        .target(name: "RapportYAML", dependencies: [.yams]),
        .target(name: "RapportPolicy", dependencies: ["RapportCore", "RapportYAML", .yams, .crypto]),
        .target(name: "RapportChannels", dependencies: ["RapportCore", .crypto]),
        .target(name: "RapportLog", dependencies: ["RapportCore"]),
        .target(name: "RapportSockets", dependencies: ["CAIO", .nioCore]),

        // Channels.
        .target(name: "RapportAddressing", dependencies: ["RapportCore", "CPhoneNumber", "CIDN2"]),
        .target(name: "RapportHTTPClient", dependencies: ["RapportChannels", "CCurl"]),
        .target(
            name: "RapportEmail",
            dependencies: [
                "RapportCore", "RapportChannels", "RapportSockets", "CGMime", .crypto, .logging, .nioCore, .nioPosix,
                .nioSSL,
            ]),
        .target(name: "RapportSMS", dependencies: ["RapportCore", "RapportChannels"]),
        .target(name: "RapportWebhook", dependencies: ["RapportCore", "RapportChannels"]),
        .target(name: "RapportIVR", dependencies: ["RapportCore", "RapportYAML", "RapportChannels"]),
        .target(name: "RapportSandbox", dependencies: ["RapportCore", "RapportChannels"]),

        // Engines.
        .target(
            name: "RapportSQLite",
            dependencies: ["RapportCore", "RapportLog", "CSQLite", "CZlib", .grdb, .grdbSQLite, .crypto],
            resources: [
                .embedInCode("Migrations/m001_initial.sql"), .embedInCode("Migrations/m002_counts.sql"),
                .embedInCode("Migrations/m003_unfinished.sql"), .embedInCode("Migrations/m004_recent_repetitions.sql"),
                .embedInCode("Migrations/m005_timeline_progress.sql"), .embedInCode("Migrations/m006_erased.sql"),
                .embedInCode("Migrations/m007_repetition_filters.sql"),
                .embedInCode("Migrations/m008_merged.sql"), .embedInCode("Migrations/m009_repetition_pages.sql"),
                .embedInCode("Migrations/m010_conversation_keys.sql"),
                .embedInCode("Migrations/m011_reserved_keys.sql"), .embedInCode("Migrations/m012_mergers.sql"),
                .embedInCode("Migrations/m013_campaign_definitions.sql"),
                .embedInCode("Migrations/m014_message_digests.sql"),
                .embedInCode("Migrations/m015_folded_mergers.sql"),
                .embedInCode("Migrations/m016_state_ranges.sql"),
            ]),

        // The hub, its doors, its assembly.
        .target(
            name: "RapportHub",
            dependencies: [
                "RapportCore", "RapportPolicy", "RapportChannels", "RapportLog", "RapportYAML", .crypto, .lifecycle,
                .logging, .mustache, .swiftCSV,
            ]),
        .target(
            name: "RapportServer",
            dependencies: [
                "RapportCore", "RapportYAML", "RapportPolicy", "RapportChannels", "RapportLog", "RapportSockets",
                "RapportHub", .crypto, .httpTypes, .hummingbird, .hummingbirdCore, .lifecycle, .logging, .metrics,
                .mustache, .nioCore, .nioHTTP1,
            ]),
        .target(
            name: "RapportApp",
            dependencies: [
                "RapportCore", "RapportYAML", "RapportPolicy", "RapportChannels", "RapportLog", "RapportAddressing",
                "RapportHTTPClient", "RapportEmail", "RapportSMS", "RapportWebhook", "RapportIVR", "RapportSandbox",
                "RapportSQLite", "RapportHub", "RapportServer", "CMalloc", .lifecycle, .logging, .metrics, .unixSignals,
            ]),
        .target(
            name: "RapportCLI",
            dependencies: [
                "RapportCore", "RapportYAML", "RapportPolicy", "RapportChannels", "RapportLog", "RapportHub",
                "RapportApp", .argumentParser, .crypto, .logging,
            ]),
        .executableTarget(
            name: "rapport", dependencies: ["RapportCLI", .argumentParser],
            // With the Swift runtime inside, 8 MB less to keep in memory: lld leaves out more of what nobody calls, the more
            // so if no symbol is there for others to find; and 140,000 addresses to fill in at the start are a bit each.
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xlinker", "-z", "-Xlinker",
                        "pack-relative-relocs",
                    ], .when(platforms: [.linux], configuration: .release))
            ]),

        // Every parser that meets bytes from outside, for the fuzzer and for the tests that do the same in small.
        .target(
            name: "RapportHostileParsers",
            dependencies: [
                "RapportAddressing", "RapportCore", "RapportChannels", "RapportEmail", "RapportHub", "RapportIVR",
                "RapportPolicy", "RapportServer", "RapportSMS", "RapportWebhook", "RapportYAML", .nioCore, .nioEmbedded,
                .nioHTTP1, .swiftCSV,
            ], path: "Fuzzing/Parsers"),

        // What tests share.
        .target(
            name: "RapportTestSupport", dependencies: ["RapportCore", "RapportChannels", "RapportLog", .logging],
            path: "Tests/RapportTestSupport"),
        .target(name: "RapportTestServers", path: "Tests/RapportTestServers"),
        .target(
            name: "RapportStoreConformance", dependencies: ["RapportCore", "RapportLog"],
            path: "Tests/RapportStoreConformance"),

        // Measures the built hub against raw limits of the same machine.
        .executableTarget(
            name: "RapportBench",
            dependencies: [
                "RapportCore", "RapportPolicy", "RapportChannels", "RapportLog", "RapportSQLite", "RapportTestServers",
                "CSQLite", .argumentParser, .crypto, .hummingbird, .logging, .nioCore,
            ],
            path: "Benchmarks/RapportBench"),

        // Tests.
        .testTarget(name: "RapportCoreTests", dependencies: ["RapportCore"]),
        .testTarget(name: "RapportYAMLTests", dependencies: ["RapportYAML"]),
        .testTarget(
            name: "RapportPolicyTests", dependencies: ["RapportCore", "RapportPolicy", "RapportYAML"],
            exclude: ["Conformance"]),
        .testTarget(
            name: "RapportAddressingTests", dependencies: ["RapportCore", "RapportAddressing", "RapportTestSupport"]),
        .testTarget(
            name: "RapportHTTPClientTests",
            dependencies: ["RapportChannels", "RapportHTTPClient", "CCurl", .nioCore, .nioPosix, .nioSSL]),
        .testTarget(
            name: "RapportSocketsTests", dependencies: ["RapportSockets", .nioCore, .nioPosix]),
        .testTarget(
            name: "RapportEmailTests",
            dependencies: [
                "RapportCore", "RapportChannels", "RapportEmail", "RapportTestSupport", "RapportTestServers", "CGMime",
                .logging, .nioCore, .nioPosix, .nioSSL,
            ]),
        .testTarget(
            name: "RapportSMSTests",
            dependencies: ["RapportCore", "RapportChannels", "RapportSMS", "RapportTestSupport"]),
        .testTarget(
            name: "RapportWebhookTests",
            dependencies: ["RapportCore", "RapportChannels", "RapportWebhook", "RapportTestSupport"]),
        .testTarget(
            name: "RapportIVRTests",
            dependencies: ["RapportCore", "RapportYAML", "RapportChannels", "RapportIVR", "RapportTestSupport"]),
        .testTarget(
            name: "RapportSQLiteTests",
            dependencies: ["RapportCore", "RapportLog", "RapportSQLite", "RapportStoreConformance", .grdb]),
        .testTarget(
            name: "RapportHubTests",
            dependencies: [
                "RapportCore", "RapportPolicy", "RapportChannels", "RapportLog", "RapportHub", "RapportAddressing",
                "RapportSQLite", "RapportTestSupport", "RapportYAML", .logging,
            ]),
        .testTarget(
            name: "RapportServerTests",
            dependencies: [
                "RapportCore", "RapportPolicy", "RapportChannels", "RapportLog", "RapportHub", "RapportServer",
                "RapportSQLite", "RapportTestSupport", .httpTypes, .hummingbird, .hummingbirdTesting, .lifecycle,
                .logging,
                .metrics, .nioCore, .nioEmbedded, .nioPosix,
            ]),
        .testTarget(
            name: "RapportAppTests",
            dependencies: [
                "RapportApp", "RapportYAML", "RapportCore", "RapportHub", "RapportChannels", "RapportServer",
                "RapportTestSupport",
            ]),
        .testTarget(
            name: "RapportCLITests",
            dependencies: [
                "RapportCore", "RapportPolicy", "RapportChannels", "RapportLog", "RapportHub", "RapportApp",
                "RapportCLI",
                .argumentParser, .logging,
            ]),
        .testTarget(name: "RapportTestServersTests", dependencies: ["RapportTestServers"]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["rapport", "RapportTestServers"]),
        .testTarget(
            name: "FaultTests",
            dependencies: [
                "rapport", "RapportCore", "RapportPolicy", "RapportChannels", "RapportLog", "RapportHub",
                "RapportAddressing", "RapportHostileParsers", "RapportSQLite", "RapportTestServers",
                "RapportTestSupport", .logging,
            ]),
    ],
    cxxLanguageStandard: .cxx17
)

/// `scripts/fuzz` builds our own parsers with what libFuzzer counts by; nobody else gets to see its executable.
let isFuzzing = Context.environment["RAPPORT_FUZZ"] != nil
if isFuzzing {
    package.targets.append(
        .executableTarget(
            name: "rapport-fuzz", dependencies: ["RapportHostileParsers"], path: "Fuzzing/Driver",
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]))
}

for target in package.targets where target.type != .system && target.name != "CPhoneNumber" {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
    if isFuzzing { target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer", "-O"])) }
}
