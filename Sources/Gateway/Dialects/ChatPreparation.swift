import Domain
import JSON

/// The edits between what a client sent and what a vendor gets. All other bytes stay.
struct ChatPreparation {
    private let request: ChatRequest
    private let check: ChatCheck
    private let model: Model
    /// The output limit of a request that sets none, when there is one.
    private let assumedOutput: Int?
    private var patch = JSONPatch()
    private var removed = ChatParameterSet()
    private var added: [JSONPatch.NewMember] = []
    private var warnings: [String] = []

    init(_ request: ChatRequest, _ check: ChatCheck, _ model: Model, assumedOutput: Int?) {
        self.request = request
        self.check = check
        self.model = model
        self.assumedOutput = assumedOutput.map { min($0, model.maximumOutput ?? .max) }
    }

    private var body: ChatBody { check.body }

    consuming func prepared() throws(GatewayError) -> PreparedChat {
        patch.replace(body[request.modelPlace].range, with: JSONValue.string(model.upstreamName).serialized())
        dropUnsupported()
        setOutputLimit()
        setEffort()
        if check.isStream && !check.wantsUsageChunk { askForUsage() }
        removeReasoning()
        if !removed.isEmpty || !added.isEmpty { changeMembers() }
        let sent: [UInt8]
        do {
            sent = try patch.applied(to: body.bytes)
        } catch {
            throw GatewayError(.internalError, "The request could not be prepared for its provider.")
        }
        return PreparedChat(
            body: sent, warning: warnings.isEmpty ? nil : warnings.joined(separator: "; "),
            wishes: ChatWishes(
                isStream: check.isStream, wantsUsageChunk: check.wantsUsageChunk,
                promptEstimate: TextEstimate.tokens(bytes: check.textBytes, messages: check.messageCount),
                promptBound: promptBound, outputBound: outputBound, choices: check.choices))
    }

    /// No text makes more tokens than it has bytes, and the body's own syntax is longer than what stands around
    /// messages and tools. Pictures in the body are counted as pictures.
    private var promptBound: Int {
        let (images, bytes) = (check.images.count, check.images.bytes)
        let bound = body.bytes.count - bytes + images * TextEstimate.mostPerImage
        return min(bound, model.contextWindow ?? .max)
    }

    /// Of all answers together.
    private var outputBound: Int? {
        guard let limit = (check.newLimit ?? check.oldLimit)?.value ?? assumedOutput else { return nil }
        let (tokens, isTooLarge) = min(limit, model.maximumOutput ?? .max).multipliedReportingOverflow(
            by: check.choices)
        return isTooLarge ? .max : tokens
    }

    private mutating func changeMembers() {
        let bytes = body.bytes
        let removed = removed
        patch.change(
            body.outline.index(of: body.outline.root),
            removing: { field in
                ChatCheck.parameters.value(of: field, in: bytes).map(removed.contains) ?? false
            }, adding: added)
    }

    /// What the model refuses would make its vendor refuse the whole request.
    private mutating func dropUnsupported() {
        let dropped = check.sent.intersection(model.chatBounds.refused)
        guard !dropped.isEmpty else { return }
        removed = removed.union(dropped)
        for parameter in dropped.members { warnings.append("dropped \(parameter.name)") }
    }

    // MARK: The limit of the output

    /// Either name is taken; when both say something, the newer one wins.
    private mutating func setOutputLimit() {
        let wantsNewName = model.outputLimitName == .maxCompletionTokens
        if let limit = check.newLimit {
            clamp(limit, .maxCompletionTokens)
            if check.present.contains(.maxTokens) { removed.insert(.maxTokens) }
        } else if let limit = check.oldLimit {
            clamp(limit, .maxTokens)
            if check.present.contains(.maxCompletionTokens) { removed.insert(.maxCompletionTokens) }
            guard wantsNewName else { return }
            patch.replace(body.outline.field(limit.place).keyRange, with: ChatParameter.maxCompletionTokens.name.bytes)
        } else {
            if wantsNewName, check.present.contains(.maxTokens) { removed.insert(.maxTokens) }
            addAssumedLimit(as: wantsNewName ? .maxCompletionTokens : .maxTokens)
        }
    }

    private mutating func addAssumedLimit(as parameter: ChatParameter) {
        guard let assumedOutput else { return }
        let limits: ChatParameterSet = [.maxTokens, .maxCompletionTokens]
        removed = removed.union(limits.intersection(check.present))
        added.append(JSONPatch.NewMember("\(parameter.name)", Array("\(assumedOutput)".utf8)))
    }

    private mutating func clamp(_ limit: ChatCheck.OutputLimit, _ parameter: ChatParameter) {
        guard let maximum = model.maximumOutput, limit.value > maximum, !removed.contains(parameter) else { return }
        patch.replace(body[limit.place].range, with: Array("\(maximum)".utf8))
        warnings.append("\(parameter.name) lowered to \(maximum)")
    }

    // MARK: Thinking

    private mutating func setEffort() {
        guard let effort = check.effort, !removed.contains(.reasoningEffort) else { return }
        let nearest = model.chatBounds.nearest(effort.value)
        guard nearest != effort.value else { return }
        patch.replace(body[effort.place].range, with: Array("\"\(nearest.rawValue)\"".utf8))
        warnings.append("reasoning_effort \(effort.value.rawValue) sent as \(nearest.rawValue)")
    }

    private mutating func removeReasoning() {
        let bytes = body.bytes
        for message in check.withReasoning {
            patch.change(
                body.outline.index(of: message),
                removing: { $0.isNamed("reasoning_content" as StaticString, in: bytes) })
        }
    }

    // MARK: Usage

    /// Every call is counted, so usage is asked for on every stream.
    private mutating func askForUsage() {
        if let options = check.streamOptions {
            return patch.set(
                "include_usage", to: Array("true".utf8), in: body.outline.index(of: options), of: body.bytes)
        }
        let options = Array(#"{"include_usage":true}"#.utf8)
        if check.present.contains(.streamOptions),
            let null = body.outline.member("stream_options", of: body.outline.root, in: body.bytes)
        {
            patch.replace(body[null].range, with: options)
        } else {
            added.append(JSONPatch.NewMember("stream_options", options))
        }
    }
}
