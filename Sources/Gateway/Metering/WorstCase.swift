public import Domain

extension TokenPrices {
    /// The most that so many tokens can cost, however the vendor's cache is used: every part of a prompt at the
    /// dearest price there is for it. Rounded up. Stops at the largest amount there is.
    public func worstCase(promptTokens: Int, outputTokens: Int) -> Nanodollars {
        let prompt = max(0, input ?? 0, cacheRead ?? input ?? 0, cacheWrite ?? input ?? 0)
        let (ofPrompt, first) = UInt64(max(0, promptTokens)).multipliedReportingOverflow(by: UInt64(prompt))
        let (ofOutput, second) = UInt64(max(0, outputTokens))
            .multipliedReportingOverflow(by: UInt64(max(0, output ?? 0)))
        let (sum, third) = ofPrompt.addingReportingOverflow(ofOutput)
        guard !first, !second, !third else { return .max }
        return Nanodollars(Int64(sum / 1_000_000 + (sum % 1_000_000 > 0 ? 1 : 0)))
    }
}
