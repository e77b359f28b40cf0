import Domain
import Guards
import JSON
import OperatingSystem
import Pipeline

/// Looks for what must not pass, on the way to a provider and back.
extension StepRun {
    /// Longer bodies are looked at away from the loop.
    private static var longBody: Int { 64 << 10 }

    mutating func screenRequest(_ body: [UInt8]) async throws(GatewayError) {
        try await inspect(body, .request)
        guard let guardrails = gateway.guardrails, guardrails.checks(.request) else { return }
        let texts = (try? JSONScanner().value(body)).map(GuardedText.request) ?? []
        try await judge(texts, guardrails, .request)
    }

    mutating func screenAnswer(_ body: [UInt8]) async throws(GatewayError) {
        try await inspect(body, .response)
        guard let guardrails = gateway.guardrails, guardrails.checks(.response) else { return }
        try await judge(GuardedText.response(body), guardrails, .response)
    }

    // MARK: Words

    private mutating func inspect(_ body: [UInt8], _ side: GuardSide) async throws(GatewayError) {
        guard let inspector = gateway.inspector, inspector.policies.checks(side) else { return }
        let found =
            body.count <= Self.longBody
            ? inspector.check(body, side: side)
            : await Task(executorPreference: globalConcurrentExecutor) { inspector.check(body, side: side) }.value
        dlp.append(found)
        guard let action = found.action, let header = DLPFindings.header(dlp) else { return }
        facts.dlp = header
        log.note(dlpAction: action.rawValue, findings: header)
        guard action == .block else { return }
        throw side == .request
            ? GatewayError(.promptWithheld, "DLP: the request holds data that this gateway's policies keep back.")
            : GatewayError(.answerWithheld, "DLP: the answer holds data that this gateway's policies keep back.")
    }

    // MARK: Meaning

    private mutating func judge(
        _ texts: [String], _ guardrails: Guardrails, _ side: GuardSide
    ) async throws(GatewayError) {
        let verdict = await verdict(GuardedText.joined(texts), guardrails, side)
        switch verdict {
        case .pass: return
        case .flag(let categories): log.note(flagged: categories.map(\.rawValue))
        case .block(let categories, _):
            let names = categories.map { "\($0.rawValue) (\($0.title))" }.joined(separator: ", ")
            throw side == .request
                ? GatewayError(.promptBlocked, "Prompt blocked due to security configurations: \(names).")
                : GatewayError(.answerBlocked, "Response blocked due to security configurations: \(names).")
        case .unavailable:
            throw GatewayError(
                .scannerUnavailable,
                "The content could not be checked, and this gateway lets nothing unchecked pass. Try again later.",
                retryAfterSeconds: 5)
        }
    }

    /// What guardrails say of an answer that has gone out already.
    func hazards(in answer: [UInt8]) async -> [String] {
        guard let guardrails = gateway.guardrails, guardrails.checks(.response) else { return [] }
        switch await verdict(GuardedText.joined(GuardedText.response(answer)), guardrails, .response) {
        case .flag(let categories), .block(let categories, _): return categories.map(\.rawValue)
        case .pass, .unavailable: return []
        }
    }

    private func verdict(_ text: String, _ guardrails: Guardrails, _ side: GuardSide) async -> GuardrailVerdict {
        guard !text.isEmpty else { return .pass }
        do throws(ClassifierError) {
            return guardrails.verdict(try await engine.tools.classifier.categories(of: text, side: side), side: side)
        } catch {
            return guardrails.verdictWithoutScan(side: side)
        }
    }
}
