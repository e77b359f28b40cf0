// swift-tools-version: 6.2
import PackageDescription

// How the rooms lie is told in ARCHITECTURE.md. A wing is a folder under Sources/, a room is a
// target; imports go down the list only, and the compiler keeps them there.

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A room that knows no C.
func room(_ name: String, in wing: String = "", _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies,
        path: wing.isEmpty ? "Sources/\(name)" : "Sources/\(wing)/\(name)",
        swiftSettings: house + [.strictMemorySafety()])
}

/// A Debian library, seen through a module map and inline shims only.
func library(_ name: String, _ pkgConfig: String?, _ package: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/Platform/\(name)", pkgConfig: pkgConfig,
        providers: [.apt([package])])
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
        path: "Tests/\(name)Tests", swiftSettings: house)
}

let package = Package(
    name: "aigateway",
    products: [
        .executable(name: "aigateway", targets: ["aigateway"]),
        .library(name: "AIGateway", targets: ["AIGateway"]),
    ],
    targets: [
        // Platform: C and the operating system. Knows nothing of AI.
        library("CUV", "libuv", "libuv1-dev"),
        library("CMicroHTTPD", "libmicrohttpd", "libmicrohttpd-dev"),
        library("CCurl", "libcurl", "libcurl4-openssl-dev"),
        library("CSQLite", "sqlite3", "libsqlite3-dev"),
        library("CSodium", "libsodium", "libsodium-dev"),
        library("CYAML", "yaml-0.1", "libyaml-dev"),
        .target(
            name: "CSimdJSON", path: "Sources/Platform/CSimdJSON",
            cxxSettings: [.treatAllWarnings(as: .error)],
            linkerSettings: [.linkedLibrary("simdjson")]),
        .target(
            name: "CRE2", path: "Sources/Platform/CRE2",
            cxxSettings: [.treatAllWarnings(as: .error)],
            linkerSettings: [.linkedLibrary("re2")]),
        library("CMimalloc", nil, "libmimalloc-dev"),
        room("Allocator", in: "Platform", ["CMimalloc"]),
        room("OperatingSystem", in: "Platform", []),
        room("Telemetry", in: "Platform", ["OperatingSystem"]),
        room("Crypto", in: "Platform", ["CSodium"]),
        room("YAML", in: "Platform", ["CYAML"]),
        room("JSON", in: "Platform", ["CSimdJSON"]),
        room("Pattern", in: "Platform", ["CRE2"]),
        room("SQLite", in: "Platform", ["CSQLite"]),
        room("EventLoop", in: "Platform", ["CUV", "OperatingSystem"]),
        room("HTTPCore", in: "Platform", []),
        room("HTTPServer", in: "Platform", ["CMicroHTTPD", "EventLoop", "HTTPCore", "OperatingSystem"]),
        room("HTTPClient", in: "Platform", ["CCurl", "EventLoop", "HTTPCore"]),

        room("Domain", []),

        room("SQLiteStore", in: "Storage", ["Domain", "SQLite", "OperatingSystem"]),
        room("SQLiteLogs", in: "Storage", ["Domain", "SQLite", "OperatingSystem"]),

        // Gateway: the one inference path.
        room("Catalogue", in: "Gateway", ["Domain", "Crypto", "JSON", "YAML"]),
        room("Dialects", in: "Gateway", ["Domain", "JSON"]),
        room("ModelPages", in: "Gateway", ["Catalogue", "Domain", "Crypto", "JSON"]),
        room("Providers", in: "Gateway", ["Domain", "HTTPClient", "Telemetry"]),
        room(
            "Pipeline", in: "Gateway",
            [
                "Domain", "Catalogue", "Dialects", "Metering", "Providers", "EventLoop", "HTTPClient", "HTTPCore",
                "JSON",
                "Crypto", "OperatingSystem", "Telemetry",
            ]),
        room("Metering", in: "Gateway", ["Domain"]),
        room("DynamicRouting", in: "Gateway", ["Domain", "JSON", "OperatingSystem"]),
        room("Governance", in: "Gateway", ["Domain", "JSON"]),
        room(
            "NamedGateways", in: "Gateway",
            [
                "Catalogue", "Domain", "Dialects", "DynamicRouting", "Governance", "Guards", "Metering", "Pipeline",
                "Providers", "Spans", "EventLoop", "HTTPClient", "HTTPCore", "JSON", "OperatingSystem", "Telemetry",
            ]),
        room("Guards", in: "Gateway", ["Dialects", "JSON", "Pattern"]),
        room(
            "Spans", in: "Gateway",
            ["Domain", "EventLoop", "HTTPClient", "HTTPCore", "JSON", "Telemetry"]),
        room("ResponseCache", in: "Gateway", ["Domain", "Crypto", "JSON", "NamedGateways"]),
        room("Sandbox", in: "Gateway", ["EventLoop", "HTTPCore", "HTTPServer", "JSON"]),

        // Product: use cases beyond one inference call.
        room("Accounts", in: "Product", ["Domain", "Crypto", "Telemetry"]),
        room("Billing", in: "Product", ["Domain", "Crypto", "HTTPClient", "JSON", "Telemetry"]),

        room(
            "Gateways", in: "Product",
            ["Domain", "Accounts", "Crypto", "DynamicRouting", "JSON", "OperatingSystem", "Telemetry"]),

        // Doors: a public dialect each.
        room(
            "Routing", in: "Doors",
            ["Domain", "Dialects", "Crypto", "EventLoop", "HTTPServer", "HTTPCore", "JSON"]),
        room(
            "AccountDoor", in: "Doors",
            ["Routing", "Domain", "Accounts", "HTTPServer", "HTTPCore", "JSON", "OperatingSystem", "Telemetry"]),
        room("HealthDoor", in: "Doors", ["Routing", "Domain", "HTTPServer", "HTTPCore", "JSON"]),
        room(
            "BillingDoor", in: "Doors",
            [
                "Routing", "Billing", "Domain", "Crypto", "EventLoop", "HTTPClient", "HTTPServer", "HTTPCore", "JSON",
                "Telemetry",
            ]),
        room(
            "CloudflareDoor", in: "Doors",
            [
                "Routing", "Domain", "Accounts", "Catalogue", "Dialects", "DynamicRouting", "Gateways", "Metering",
                "ModelPages", "NamedGateways", "Pipeline", "Providers", "EventLoop", "HTTPServer", "HTTPCore", "JSON",
                "OperatingSystem", "Telemetry",
            ]),
        room(
            "OpenAIDoor", in: "Doors",
            [
                "Routing", "Domain", "Catalogue", "Dialects", "Metering", "ModelPages", "Pipeline", "EventLoop",
                "HTTPServer", "HTTPCore", "JSON", "Telemetry",
            ]),

        room("Settings", ["Domain", "YAML", "Telemetry"]),
        room(
            "Bootstrap",
            [
                "AccountDoor", "Accounts", "Billing", "BillingDoor", "Catalogue", "CloudflareDoor", "Crypto",
                "Domain", "DynamicRouting", "EventLoop", "Gateways", "Governance", "Guards", "HTTPClient",
                "HTTPCore", "HTTPServer", "HealthDoor", "JSON", "Metering", "ModelPages", "NamedGateways",
                "OpenAIDoor", "OperatingSystem", "Pattern", "Pipeline", "Providers", "ResponseCache", "Routing",
                "SQLiteLogs", "SQLiteStore", "Sandbox", "Settings", "Spans", "Telemetry",
            ]),
        room(
            "Commands",
            [
                "Bootstrap", "Settings", "Accounts", "Crypto", "Domain", "Dialects", "HTTPClient", "HTTPCore",
                "EventLoop",
                "JSON",
                "OperatingSystem", "Telemetry",
            ]),
        // For the programs of others: a gateway's models in Swift.
        room("AIGateway", ["Dialects", "EventLoop", "HTTPClient", "HTTPCore", "JSON", "OperatingSystem"]),
        .executableTarget(
            name: "aigateway", dependencies: ["Allocator", "Commands", "OperatingSystem"], path: "Sources/aigateway",
            swiftSettings: house),

        // What the logs of gateways cost: see Benchmarks/RESULTS.md.
        .executableTarget(
            name: "LogBenchmark", dependencies: ["Allocator", "Domain", "OperatingSystem", "SQLiteLogs"],
            path: "Benchmarks/logs", swiftSettings: house),

        .testTarget(
            name: "HTTPTests", dependencies: ["HTTPServer", "HTTPClient", "HTTPCore", "EventLoop"],
            path: "Tests/HTTPTests", swiftSettings: house),
        tests("AIGateway", ["EventLoop", "HTTPServer", "HTTPCore", "JSON", "SwiftClientExample"]),
        // The example of docs/guides/swift-client.md, which a test runs.
        .executableTarget(
            name: "SwiftClientExample", dependencies: ["AIGateway"], path: "Tests/SwiftClientExample",
            swiftSettings: house),
        tests("OperatingSystem", []),
        tests("JSON", []),
        tests("Pattern", []),
        tests("EventLoop", []),
        tests("Domain", []),
        tests("Dialects", ["Catalogue", "Domain", "JSON", "Sandbox"]),
        tests("Catalogue", ["Domain", "JSON"]),
        tests("ModelPages", ["Catalogue", "Domain", "JSON"]),
        tests(
            "Pipeline",
            [
                "Domain", "Catalogue", "Metering", "Providers", "EventLoop", "HTTPClient", "HTTPServer", "HTTPCore",
                "InferenceRig",
                "Crypto",
                "JSON", "Telemetry",
            ]),
        tests("Metering", ["Domain"]),
        // Vendors in this process, for tests of what calls them.
        .target(
            name: "InferenceRig", dependencies: ["Domain", "HTTPCore", "HTTPServer"], path: "Tests/InferenceRig",
            swiftSettings: house),
        tests(
            "NamedGateways",
            [
                "Catalogue", "Domain", "DynamicRouting", "Governance", "Guards", "InferenceRig", "Metering", "Pipeline",
                "Providers", "EventLoop", "HTTPClient", "HTTPCore", "HTTPServer", "JSON", "MemoryStores", "Pattern",
                "Telemetry",
            ]),
        tests("ResponseCache", ["Domain", "NamedGateways"]),
        tests("DynamicRouting", ["Domain", "JSON"]),
        tests("Guards", ["JSON", "Pattern"]),
        tests("Governance", ["Domain", "JSON"]),
        tests(
            "Spans",
            ["Domain", "EventLoop", "HTTPClient", "HTTPCore", "HTTPServer", "JSON", "Telemetry"]),
        // Stores that forget, for tests of what stands on stores.
        .target(
            name: "MemoryStores", dependencies: ["Domain"], path: "Tests/MemoryStores", swiftSettings: house),
        tests("Accounts", ["Domain", "Crypto", "MemoryStores", "Telemetry"]),
        tests(
            "AccountDoor",
            [
                "Accounts", "Crypto", "Domain", "EventLoop", "HTTPClient", "HTTPCore", "HTTPServer", "JSON",
                "MemoryStores", "Routing", "Telemetry",
            ]),
        tests(
            "Billing",
            [
                "Domain", "Crypto", "EventLoop", "HTTPClient", "HTTPCore", "HTTPServer", "JSON", "MemoryStores",
                "Telemetry",
            ]),
        tests(
            "BillingDoor",
            [
                "Billing", "Crypto", "Domain", "EventLoop", "HTTPClient", "HTTPCore", "HTTPServer", "JSON",
                "MemoryStores", "Routing", "Telemetry",
            ]),
        tests(
            "Gateways",
            ["Accounts", "Domain", "Crypto", "DynamicRouting", "JSON", "MemoryStores", "SQLiteLogs", "Telemetry"]),
        tests(
            "CloudflareDoor",
            [
                "Accounts", "Catalogue", "Crypto", "Domain", "DynamicRouting", "EventLoop", "Gateways", "HTTPClient",
                "HTTPCore", "HTTPServer", "JSON", "MemoryStores", "ModelPages", "NamedGateways", "Pipeline",
                "Providers", "Routing",
                "SQLiteLogs", "Telemetry",
            ]),
        tests("Routing", ["Domain", "HTTPServer", "HTTPClient", "HTTPCore", "EventLoop", "JSON"]),
        tests(
            "OpenAIDoor",
            [
                "Catalogue", "Crypto", "Domain", "EventLoop", "HTTPClient", "HTTPCore", "HTTPServer", "JSON",
                "Metering", "Pipeline", "Providers", "Routing", "Telemetry",
            ]),
        tests(
            "Bootstrap",
            [
                "Settings", "Domain", "Accounts", "Catalogue", "EventLoop", "Gateways", "HTTPClient", "HTTPCore",
                "JSON", "OperatingSystem", "Sandbox", "Telemetry",
            ]),
        tests("Commands", ["OperatingSystem", "Settings"]),
        tests("Crypto", []),
        tests("YAML", []),
        tests("Telemetry", ["OperatingSystem"]),
        tests("Settings", ["Domain", "YAML", "Telemetry"]),
        tests("SQLite", ["OperatingSystem"]),
        tests("SQLiteStore", ["Domain", "MemoryStores", "SQLite"]),
        tests("SQLiteLogs", ["Domain", "OperatingSystem", "SQLite"]),
        tests("Sandbox", ["HTTPServer", "HTTPClient", "HTTPCore", "JSON", "EventLoop"]),
    ],
    cxxLanguageStandard: .cxx17
)
