import Domain
import SQLite

/// How a call lies in its row. The numbers of the enums are on disk: they never change.
enum CallColumns {
    static let insert: StaticString = """
        INSERT INTO calls (
            request_id, account_id, key_id, model, provider, upstream_model, started_at, duration,
            first_byte, streamed, outcome, status, error_reason, prompt_tokens, completion_tokens,
            total_tokens, cached_prompt_tokens, reasoning_tokens, usage_source, cache_write_tokens,
            prompt_audio_tokens, prompt_image_tokens, completion_audio_tokens, completion_image_tokens,
            committed_at, tag, payer, cost, vendor_cost, own_key, is_priced, input_price, output_price,
            cache_read_price, cache_write_price, price_version
        ) VALUES (
            ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
            ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36
        )
        """

    static func bind(
        _ call: borrowing CallRecord, committedAt moment: Timestamp, to row: PreparedStatement
    ) throws(SQLiteError) {
        try row.bind(call.requestID.rawValue, at: 1)
        try row.bind(call.accountID.rawValue, at: 2)
        try row.bind(call.keyID.rawValue, at: 3)
        try row.bind(call.model.rawValue, at: 4)
        try row.bind(call.provider.rawValue, at: 5)
        try row.bind(call.upstreamModel, at: 6)
        try row.bind(call.startedAt.microseconds, at: 7)
        try row.bind(call.durationMicroseconds, at: 8)
        try row.bind(call.firstByteMicroseconds, at: 9)
        try row.bind(Int64(call.streamed ? 1 : 0), at: 10)
        try row.bind(number(of: call.outcome), at: 11)
        try row.bind(Int64(call.status), at: 12)
        try row.bind(call.errorReason, at: 13)
        try row.bind(Int64(call.usage.promptTokens), at: 14)
        try row.bind(Int64(call.usage.completionTokens), at: 15)
        try row.bind(Int64(call.usage.totalTokens), at: 16)
        try row.bind(Int64(call.usage.cachedPromptTokens), at: 17)
        try row.bind(Int64(call.usage.reasoningTokens), at: 18)
        try row.bind(number(of: call.usageSource), at: 19)
        try row.bind(Int64(call.usage.cacheWriteTokens), at: 20)
        try row.bind(Int64(call.usage.promptAudioTokens), at: 21)
        try row.bind(Int64(call.usage.promptImageTokens), at: 22)
        try row.bind(Int64(call.usage.completionAudioTokens), at: 23)
        try row.bind(Int64(call.usage.completionImageTokens), at: 24)
        try row.bind(moment.microseconds, at: 25)
        try row.bind(call.tag, at: 26)
        try bind(call.charge, of: call.accountID, to: row)
    }

    /// What a new row of the statement has unbound is null.
    private static func bind(
        _ charge: borrowing Charge, of account: AccountID, to row: PreparedStatement
    ) throws(SQLiteError) {
        if charge.payer != account { try row.bind(charge.payer.rawValue, at: 27) }
        try row.bind(charge.cost.rawValue, at: 28)
        try row.bind(charge.vendorCost?.rawValue, at: 29)
        try row.bind(Int64(charge.isOnOwnKey ? 1 : 0), at: 30)
        try row.bind(Int64(charge.prices == nil ? 0 : 1), at: 31)
        if let prices = charge.prices {
            try row.bind(prices.input, at: 32)
            try row.bind(prices.output, at: 33)
            try row.bind(prices.cacheRead, at: 34)
            try row.bind(prices.cacheWrite, at: 35)
        }
        try row.bind(charge.priceVersion, at: 36)
    }

    /// Reads a row selected with `*`.
    static func read(_ row: borrowing Row) throws(SQLiteError) -> StoredCall {
        guard let outcome = outcome(row.integer(at: 11)) else { throw .corruptValue("calls.outcome") }
        guard let source = usageSource(row.integer(at: 19)) else { throw .corruptValue("calls.usage_source") }
        let record = CallRecord(
            requestID: RequestID(row.text(at: 1)), accountID: AccountID(row.text(at: 2)),
            keyID: KeyID(row.text(at: 3)), model: ModelID(row.text(at: 4)),
            provider: ProviderID(row.text(at: 5)), upstreamModel: row.text(at: 6),
            startedAt: Timestamp(microseconds: row.integer(at: 7)),
            durationMicroseconds: row.integer(at: 8),
            firstByteMicroseconds: row.optionalInteger(at: 9), streamed: row.integer(at: 10) != 0,
            outcome: outcome, status: Int(row.integer(at: 12)),
            errorReason: row.optionalText(at: 13), usage: usage(row), usageSource: source,
            tag: row.optionalText(at: 26), charge: charge(row))
        return StoredCall(rowID: row.integer(at: 0), record: record, committedAt: row.optionalMoment(at: 25))
    }

    private static func charge(_ row: borrowing Row) -> Charge {
        var prices: TokenPrices?
        if row.integer(at: 31) != 0 {
            prices = TokenPrices(
                input: row.optionalInteger(at: 32), output: row.optionalInteger(at: 33),
                cacheRead: row.optionalInteger(at: 34), cacheWrite: row.optionalInteger(at: 35))
        }
        return Charge(
            payer: AccountID(row.optionalText(at: 27) ?? row.text(at: 2)), cost: row.amount(at: 28),
            vendorCost: row.optionalAmount(at: 29), prices: prices, priceVersion: row.optionalText(at: 36),
            isOnOwnKey: row.integer(at: 30) != 0)
    }

    private static func usage(_ row: borrowing Row) -> TokenUsage {
        TokenUsage(
            promptTokens: Int(row.integer(at: 14)), completionTokens: Int(row.integer(at: 15)),
            totalTokens: Int(row.integer(at: 16)), cachedPromptTokens: Int(row.integer(at: 17)),
            reasoningTokens: Int(row.integer(at: 18)), cacheWriteTokens: Int(row.integer(at: 20)),
            promptAudioTokens: Int(row.integer(at: 21)), promptImageTokens: Int(row.integer(at: 22)),
            completionAudioTokens: Int(row.integer(at: 23)), completionImageTokens: Int(row.integer(at: 24)))
    }

    private static func number(of outcome: CallOutcome) -> Int64 {
        switch outcome {
        case .complete: 0
        case .partial: 1
        case .cancelled: 2
        case .failed: 3
        }
    }

    private static func outcome(_ number: Int64) -> CallOutcome? {
        CallOutcome.allCases.first { outcome in self.number(of: outcome) == number }
    }

    private static func number(of source: UsageSource) -> Int64 {
        switch source {
        case .reported: 0
        case .unknown: 1
        case .none: 2
        case .estimated: 3
        case .mismatched: 4
        }
    }

    private static func usageSource(_ number: Int64) -> UsageSource? {
        UsageSource.allCases.first { source in self.number(of: source) == number }
    }
}
