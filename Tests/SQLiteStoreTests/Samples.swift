import Domain

@testable import SQLiteStore

enum Samples {
    static let account = Account(id: Account.root, name: "Root", createdAt: Timestamp(seconds: 1_700_000_000))

    static func key(_ name: String, account: AccountID = Account.root, created: Int64 = 1_700_000_001) -> APIKey {
        APIKey(
            id: KeyID("key_\(name)"), accountID: account, name: name, prefix: "aig_\(name)",
            hash: Array("hash of \(name)".utf8), createdAt: Timestamp(seconds: created))
    }

    static func call(_ id: String) -> CallRecord {
        CallRecord(
            requestID: RequestID(id), accountID: Account.root, keyID: KeyID("key_a"),
            model: ModelID("openai/gpt-4o-mini"), provider: ProviderID("openai"), upstreamModel: "gpt-4o-mini",
            startedAt: Timestamp(microseconds: 1_700_000_000_123_456), durationMicroseconds: 812_345,
            firstByteMicroseconds: 312_345, streamed: true, outcome: .complete, status: 200, errorReason: nil,
            usage: TokenUsage(
                promptTokens: 120, completionTokens: 340, totalTokens: 460, cachedPromptTokens: 64,
                reasoningTokens: 128, cacheWriteTokens: 8, promptAudioTokens: 7, promptImageTokens: 6,
                completionAudioTokens: 5, completionImageTokens: 4),
            usageSource: .reported)
    }
}

extension SQLiteStore {
    /// Records many calls at once, each from its own task.
    func recordAll(_ ids: [String]) async throws {
        try await withThrowingTaskGroup { group in
            for id in ids {
                group.addTask { try await self.record(Samples.call(id)) }
            }
            try await group.waitForAll()
        }
    }
}

extension StoreError {
    var unusable: String? {
        if case .unusable(let text) = self { text } else { nil }
    }

    var notWritten: String? {
        if case .notWritten(let text) = self { text } else { nil }
    }

    var duplicate: String? {
        if case .duplicate(let text) = self { text } else { nil }
    }
}
