public import Domain
public import Telemetry

/// Everything an operator can set, with the values used when nothing is said.
///
/// The values here are the defaults. Names, bounds and descriptions stand in `SettingTable.swift`.
public struct Settings: Sendable, Equatable {
    public var server = Server()
    public var tls = TLS()
    public var data = Data()
    public var log = Log()
    public var catalogue = ModelFiles()
    public var sandbox = Sandbox()
    public var upstream = Upstream()
    public var limits = CallLimits()
    public var billing = Billing()
    public var stripe = Stripe()
    public var vault = Vault()
    public var gateways = Gateways()
    /// In the order of their ids.
    public var providers: [Provider] = []

    public init() {}

    public func provider(_ id: String) -> Provider? { providers.first { $0.id == id } }
}

extension Settings {
    public struct Server: Sendable, Equatable {
        public var listen = ListenAddress(host: "127.0.0.1", port: 8080)
        public var publicURL: HTTPAddress?
        /// Addresses and networks.
        public var trustedProxies: [String] = []
        /// Nil: as many as the machine has use for.
        public var threads: Int?
        /// Nil: as many as the machine has use for.
        public var loops: Int?
        public var maxConnections = 10_000
        public var maxBodyBytes = 32 << 20
        public var maxHeaderBytes = 16 << 10
        public var headTimeout = Duration.seconds(10)
        public var bodyTimeout = Duration.seconds(60)
        public var idleTimeout = Duration.seconds(75)
        public var shutdownGrace = Duration.seconds(30)
        public var streamBufferBytes = 256 << 10
        public var maxJSONDepth = 512
        public var maxInflight = 10_000
    }

    /// Either both files are set or neither.
    public struct TLS: Sendable, Equatable {
        public var certificate: String?
        public var key: String?
    }

    public struct Data: Sendable, Equatable {
        public enum Durability: String, Sendable, CaseIterable {
            case process, power
        }

        public var directory = "./data"
        public var durability = Durability.process
        public var commitQueue = 10_000
    }

    public struct Log: Sendable, Equatable {
        public enum Format: String, Sendable, CaseIterable {
            case auto, human, json
        }

        public var level = LogLevel.info
        public var format = Format.auto
    }

    public struct ModelFiles: Sendable, Equatable {
        /// Nil: the built-in models only.
        public var directory: String?
    }

    public struct Sandbox: Sendable, Equatable {
        public enum Mode: String, Sendable, CaseIterable {
            case auto, on, off
        }

        public var mode = Mode.auto
        public var latency = Duration.zero
        /// Zero: as fast as possible.
        public var tokensPerSecond = 0
        public var faults = true
    }

    public struct Upstream: Sendable, Equatable {
        public var connectTimeout = Duration.seconds(5)
        public var firstByteTimeout = Duration.seconds(120)
        public var idleTimeout = Duration.seconds(60)
        public var totalTimeout = Duration.seconds(600)
        public var maxConnectionsPerHost = 1_024
        public var idleConnections = 256
        public var maxResponseBytes = 64 << 20
        public var caFile: String?
    }

    public struct CallLimits: Sendable, Equatable {
        /// Nil: as many as the model can make.
        public var assumedOutputTokens: Int?
        /// Keys, accounts and tags whose rates and spending are kept in memory at once.
        public var trackedScopes = 100_000
        /// Of one account that pays.
        public var tagsPerDay = 1_000
    }

    public struct Billing: Sendable, Equatable {
        public var feeBasisPoints = 500
        public var feeDirection = TopUpTerms.Direction.deducted
        public var minimumTopUpCents = 500
        /// Zero: nobody is told.
        public var lowBalanceCents = 0
        public var autoReload = false
        /// Automatic top-ups of one account.
        public var autoReloadsPerMonth = 10
    }

    public struct Stripe: Sendable, Equatable {
        public var secretKey: Secret?
        /// Nil: the webhook is not served.
        public var webhookSecret: Secret?
        /// Accepted as well while the secret is being changed.
        public var previousWebhookSecret: Secret?
        public var apiBase = HTTPAddress("https://api.stripe.com")
        public var successURL: HTTPAddress?
        public var cancelURL: HTTPAddress?
    }

    public struct Vault: Sendable, Equatable {
        /// Nil: the one in the data directory, made at the first start.
        public var masterKey: Secret?
        /// Still opens what was sealed under it, until everything is sealed anew.
        public var previousMasterKey: Secret?
    }

    public struct Gateways: Sendable, Equatable {
        /// Who shares kept answers with whom.
        public enum CachePartition: Sendable, Equatable {
            case none, key
            case metadata(String)
        }

        public var perAccount = 20
        public var privateProviders = false
        /// Where the gateway host's paths begin with `/v1`, as Cloudflare's do.
        public var host: String?
        public var logEntries = 1_000_000
        public var logBodyRetention = Duration.seconds(30 * 86_400)
        public var cacheBytes = 64 << 20
        public var cacheEntries = 10_000
        public var cacheStreams = false
        public var cachePartition = CachePartition.none
    }

    /// One vendor's account.
    public struct Provider: Sendable, Equatable {
        public enum Kind: String, Sendable, CaseIterable {
            case openAI = "openai"
        }

        public let id: String
        public var kind: Kind
        public var baseURL: HTTPAddress
        /// Nil for an upstream that asks for none.
        public var apiKey: Secret?
        public var organization: String?
        public var project: String?

        public init(
            id: String, kind: Kind, baseURL: HTTPAddress, apiKey: Secret?, organization: String? = nil,
            project: String? = nil
        ) {
            self.id = id
            self.kind = kind
            self.baseURL = baseURL
            self.apiKey = apiKey
            self.organization = organization
            self.project = project
        }
    }
}
