import Domain

/// Sums over logs that at least one of several datasets finds.
struct LogSums: Hashable, Sendable {
    private(set) var count: Int64 = 0
    private(set) var knownCosts: Int64 = 0
    private(set) var cost = Nanodollars.zero
    private(set) var durationMilliseconds: Int64 = 0
    private(set) var positiveFeedback: Int64 = 0
    private(set) var negativeFeedback: Int64 = 0

    /// Each set of datasets is one question to the store, so there are 2^n − 1 of them.
    static let mostDatasets = 5

    /// Logs that several datasets find count once: what is in two is taken away, what is in three added again, and so
    /// on.
    ///
    /// - Parameters:
    ///   - datasets: The conditions of each.
    ///   - latest: Logs of later moments are not looked at, so that all questions are about the same ones.
    static func ofUnion(
        _ datasets: [[LogFilter]], account: AccountID, gateway: GatewayID, upTo latest: Timestamp,
        in logs: any GatewayLogStore
    ) throws(StoreError) -> LogSums {
        var sums = LogSums()
        let bound = LogFilter(.createdAt, .atMost, [.time(latest)])
        for chosen in 1..<(1 << datasets.count) {
            let filters = datasets.indices.filter { chosen & 1 << $0 != 0 }.flatMap { datasets[$0] }
            let query = LogQuery(account: account, gateway: gateway, filters: filters.withoutRepeats + [bound])
            sums.add(try logs.summary(query), times: chosen.nonzeroBitCount.isMultiple(of: 2) ? -1 : 1)
        }
        return sums.notBelowZero
    }

    private mutating func add(_ summary: LogSummary, times sign: Int64) {
        count &+= sign &* summary.count
        knownCosts &+= sign &* summary.knownCosts
        cost += Nanodollars(sign &* summary.cost.rawValue)
        durationMilliseconds &+= sign &* summary.durationMilliseconds
        positiveFeedback &+= sign &* summary.positiveFeedback
        negativeFeedback &+= sign &* summary.negativeFeedback
    }

    /// Logs may be deleted between two questions.
    private var notBelowZero: LogSums {
        var sums = self
        sums.count = max(0, count)
        sums.knownCosts = max(0, knownCosts)
        sums.cost = max(.zero, cost)
        sums.durationMilliseconds = max(0, durationMilliseconds)
        sums.positiveFeedback = max(0, positiveFeedback)
        sums.negativeFeedback = max(0, negativeFeedback)
        return sums
    }
}

extension [LogFilter] {
    fileprivate var withoutRepeats: [LogFilter] {
        var seen: Set<LogFilter> = []
        return filter { seen.insert($0).inserted }
    }
}
