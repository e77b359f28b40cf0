import Domain
import DynamicRouting
import Gateways
import Governance
import Guards
import JSON
import NamedGateways
import Pattern
import Providers
import Spans
import Synchronization
import Telemetry

/// Gateways as calls need them, made of what the store says of them. What did not change is not made again.
final class CompiledGateways: GatewayBook {
    private let live: LiveGateways
    private let desk: GatewayDesk
    private let library: DLPLibrary
    private let log: Logger
    private let made = Mutex<[Name: Made]>([:])

    private struct Name: Hashable {
        let account: AccountID
        let gateway: GatewayID
    }

    private struct Made {
        let source: GatewayEntry
        let gateway: LiveGateway
    }

    init(_ live: LiveGateways, desk: GatewayDesk, library: DLPLibrary, log: Logger) {
        self.live = live
        self.desk = desk
        self.library = library
        self.log = log
    }

    func gateway(_ id: GatewayID, of account: AccountID) -> LiveGateway? {
        guard let entry = live.current.gateway(account: account, id: id) else { return nil }
        let name = Name(account: account, gateway: id)
        return made.withLock { made in
            if let known = made[name], known.source === entry { return known.gateway }
            let gateway = compile(entry)
            made[name] = Made(source: entry, gateway: gateway)
            return gateway
        }
    }

    func provider(_ slug: String, of account: AccountID) -> LiveProvider? {
        guard let found = live.current.customProvider(account: account, slug: slug), found.isEnabled else { return nil }
        return LiveProvider(
            slug: slug, baseURL: found.baseURL, headers: found.headers.map { ($0.name, $0.value.reveal()) })
    }

    func makeDefault(for account: AccountID) async throws(GatewayError) -> LiveGateway {
        let (live, desk) = (live, desk)
        let work = Task(executorPreference: globalConcurrentExecutor) { () -> Result<Void, GatewayError> in
            do throws(GatewayError) {
                _ = try desk.ensureDefault(of: account)
            } catch {
                return .failure(error)
            }
            _ = try? live.refresh()
            return .success(())
        }
        try await work.value.get()
        guard let gateway = gateway(GatewaySettings.defaultID, of: account) else {
            throw GatewayError(.recordFailed, "The default gateway could not be made. Try again.", retryAfterSeconds: 1)
        }
        return gateway
    }

    /// Forgets gateways that are no more.
    func tidy() {
        let snapshot = live.current
        made.withLock { made in
            made = made.filter { snapshot.gateway(account: $0.key.account, id: $0.key.gateway) === $0.value.source }
        }
    }

    // MARK: Making one

    private func compile(_ entry: GatewayEntry) -> LiveGateway {
        let keys = entry.keys.map { key in
            LiveGateway.StoredKey(
                provider: ProviderID(NativeVendors.vendor(key.provider)?.author ?? key.provider), alias: key.alias,
                isDefault: key.isDefault, secret: key.secret)
        }
        // A part that guards must not be missing because it cannot be read. Of collectors, calls do without.
        var isUnreadable = false
        func guarding<Part>(_ name: String, _ read: (JSONValue) throws -> Part) -> Part? {
            let found = part(name, entry, read)
            if found == nil, entry.part(name) != nil { isUnreadable = true }
            return found
        }
        let policies = guarding("dlp") { try DLPPolicySet(json: $0) }
        let guardrails = guarding("guardrails") { try Guardrails(json: $0) }
        let limits = guarding("spend_limits") {
            try SpendLimits($0.objectValue ?? [:], makeID: GatewayPart.ruleID)
        }
        return LiveGateway(
            entry.settings, keys: keys, inspector: policies.map { DLPInspector($0, library: library) },
            guardrails: guardrails, spendLimits: limits ?? SpendLimits(),
            collectors: part("otel", entry) { try OTLPDestination.list(json: $0) } ?? [],
            isUnreadable: isUnreadable, routes: entry.routes.compactMap { route($0, entry) })
    }

    private func part<Part>(_ name: String, _ entry: GatewayEntry, _ read: (JSONValue) throws -> Part) -> Part? {
        guard let value = entry.part(name) else { return nil }
        do {
            return try read(value)
        } catch {
            // It was checked when it was written; a newer version of the gateway may have written it.
            log.error(
                "part of a gateway cannot be read",
                ["gateway": .string(entry.settings.id.rawValue), "part": .string(name)])
            return nil
        }
    }

    private func route(_ document: StoredDocument, _ entry: GatewayEntry) -> LiveRoute? {
        do {
            let body = try JSONScanner().value(Array(document.body.utf8)).objectValue ?? [:]
            return try DynamicRoute(document: body).live(patterns: LinearPatterns())
        } catch {
            log.error(
                "route of a gateway cannot be read",
                ["gateway": .string(entry.settings.id.rawValue), "route": .string(document.name)])
            return nil
        }
    }
}

/// Patterns of routes, matched in time linear in the text.
struct LinearPatterns: PatternCompiler {
    func compile(_ pattern: String) -> PatternMatcher? {
        guard let compiled = try? Pattern(pattern) else { return nil }
        return { compiled.matches(Array($0.utf8)) }
    }
}
