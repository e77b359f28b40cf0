import Billing
import Catalogue
public import Domain
import HTTPClient
import HTTPServer
import OperatingSystem
import Pipeline
import Providers
import ResponseCache
import Routing
import Sandbox
public import Settings

// Each room is given its own slice of the settings, in its own words.

extension Duration {
    /// Zero stays zero; anything shorter than a millisecond becomes one.
    var wholeMilliseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds)) * 1000 + UInt64(max(0, attoseconds) / 1_000_000_000_000_000)
    }
}

extension Settings {
    /// Half the processors work on requests; parsing and sending need fewer.
    var loopCount: Int { server.loops ?? max(1, CurrentProcess.processorCount / 2) }
    private var threadCount: Int { server.threads ?? max(1, CurrentProcess.processorCount / 4) }

    /// `auto` means: when there is no vendor to ask.
    var wantsSandbox: Bool {
        switch sandbox.mode {
        case .on: true
        case .off: false
        case .auto: providers.isEmpty
        }
    }

    var vendorProviders: [Providers.Provider] {
        providers.map { provider in
            switch provider.kind {
            case .openAI:
                .openAICompatible(
                    ProviderID(provider.id), baseURL: provider.baseURL.text, key: provider.apiKey,
                    organization: provider.organization, project: provider.project)
            }
        }
    }

    var pipelineLimits: PipelineLimits {
        var limits = PipelineLimits()
        limits.maximumJSONDepth = server.maxJSONDepth
        limits.maximumAnswerBytes = upstream.maxResponseBytes
        limits.deadlines = RequestDeadlines(
            connectMilliseconds: upstream.connectTimeout.wholeMilliseconds,
            firstByteMilliseconds: upstream.firstByteTimeout.wholeMilliseconds,
            idleMilliseconds: upstream.idleTimeout.wholeMilliseconds,
            totalMilliseconds: upstream.totalTimeout.wholeMilliseconds)
        limits.assumedOutputTokens = self.limits.assumedOutputTokens
        return limits
    }

    public var topUpTerms: TopUpTerms {
        TopUpTerms(feeBasisPoints: Int64(billing.feeBasisPoints), direction: billing.feeDirection)
    }

    var autoReloadTerms: AutoReloadTerms {
        AutoReloadTerms(
            isOffered: billing.autoReload && stripe.secretKey != nil && stripe.webhookSecret != nil,
            minimumTopUpCents: Int64(billing.minimumTopUpCents), mostPerMonth: billing.autoReloadsPerMonth)
    }

    var trustedProxies: TrustedProxies {
        TrustedProxies(server.trustedProxies.compactMap { AddressRange($0) })
    }

    var lowBalance: Nanodollars { Nanodollars(cents: Int64(billing.lowBalanceCents)) ?? .zero }

    var clientConfiguration: ClientConfiguration {
        var configuration = ClientConfiguration()
        configuration.maximumConnectionsPerHost = upstream.maxConnectionsPerHost
        configuration.idleConnections = upstream.idleConnections
        configuration.certificateAuthorityFile = upstream.caFile
        return configuration
    }

    /// Where clients reach the gateway, for the code they are shown.
    ///
    /// - Parameter address: The address that was bound, for when the system chose the port.
    func baseURL(boundTo address: String) -> String {
        if let publicURL = server.publicURL { return publicURL.text }
        let here = server.listen.port == 0 ? address : server.listen.description
        return "\(tls.certificate == nil ? "http" : "https")://\(here)"
    }

    /// Under that name, paths that begin as our own mean what they mean at the gateway host.
    var hosts: [HostedPaths] {
        gateways.host.map { [HostedPaths(host: $0, beginning: "/v1/", movedUnder: "/gateway")] } ?? []
    }

    var answerMemory: AnswerMemory {
        var bounds = AnswerBounds()
        bounds.bytes = gateways.cacheBytes
        bounds.entries = gateways.cacheEntries
        bounds.keepsStreams = gateways.cacheStreams
        let partition: CachePartition =
            switch gateways.cachePartition {
            case .none: .none
            case .key: .key
            case .metadata(let name): .metadata(name)
            }
        return AnswerMemory(bounds, partition: partition)
    }

    func sandboxConfiguration(playing catalogue: Catalogue) -> SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.models = SandboxModel.playing(catalogue)
        configuration.latencyMilliseconds = Int(sandbox.latency.wholeMilliseconds)
        configuration.tokensPerSecond = sandbox.tokensPerSecond
        configuration.faultHeadersAllowed = sandbox.faults
        return configuration
    }

    func serverConfiguration() throws(StartError) -> ServerConfiguration {
        var configuration = ServerConfiguration(host: server.listen.host, port: server.listen.port)
        configuration.threads = threadCount
        configuration.maximumConnections = server.maxConnections
        configuration.maximumBodyBytes = server.maxBodyBytes
        configuration.maximumHeaderBytes = server.maxHeaderBytes
        configuration.maximumInFlight = server.maxInflight
        configuration.streamBufferBytes = server.streamBufferBytes
        configuration.headTimeoutMilliseconds = server.headTimeout.wholeMilliseconds
        configuration.bodyTimeoutMilliseconds = server.bodyTimeout.wholeMilliseconds
        configuration.idleTimeoutMilliseconds = server.idleTimeout.wholeMilliseconds
        configuration.tls = try tlsIdentity()
        return configuration
    }

    private static let largestCertificateFile = 1 << 20

    private func tlsIdentity() throws(StartError) -> TLSIdentity? {
        guard let certificate = tls.certificate, let key = tls.key else { return nil }
        do {
            return TLSIdentity(
                certificate: try Files.read(certificate, maxBytes: Self.largestCertificateFile),
                key: try Files.read(key, maxBytes: Self.largestCertificateFile))
        } catch {
            throw .tls(error.description)
        }
    }
}
