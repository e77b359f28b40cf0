public import Domain

/// How much a gateway was used, hour by hour. Called off the loops.
public struct LogAnalytics: Sendable {
    /// A week: each hour is one question to the logs.
    public static let mostHours = 7 * 24
    private static let usualHours: Int64 = 24

    private let logs: any GatewayLogStore
    private let now: @Sendable () -> Timestamp

    public init(_ logs: any GatewayLogStore, now: @escaping @Sendable () -> Timestamp) {
        self.logs = logs
        self.now = now
    }

    /// One hour, from its first moment to the first of the next.
    public struct Hour: Sendable {
        public let start: Timestamp
        public let summary: LogSummary
    }

    /// Hours that touch the time from `start` to `end`, the oldest first, those without calls too.
    ///
    /// - Parameters:
    ///   - start: A day before the end when nothing is said.
    ///   - end: Now when nothing is said.
    public func hours(
        _ query: LogQuery, from start: Timestamp?, to end: Timestamp?
    ) throws(GatewayError) -> (hours: [Hour], all: LogSummary) {
        let end = end ?? now()
        let start = start ?? Timestamp(seconds: max(0, end.seconds - (Self.usualHours - 1) * 3_600))
        guard start.microseconds >= 0, start <= end else {
            throw GatewayError(.invalidValue, "`start_date` must not be after `end_date`.", param: "start_date")
        }
        let numbers = start.seconds / 3_600...end.seconds / 3_600
        guard numbers.count <= Self.mostHours else {
            throw GatewayError(
                .invalidValue, "`start_date` and `end_date` may be \(Self.mostHours) hours apart at most.",
                param: "start_date")
        }
        let all = try summary(query, numbers)
        var hours: [Hour] = []
        for number in numbers {
            let isUsed = all.timeRange.map { ($0.lowerBound.seconds / 3_600...$0.upperBound.seconds / 3_600) ~= number }
            let summary = isUsed ?? false ? try summary(query, number...number) : LogSummary()
            hours.append(Hour(start: Timestamp(seconds: number * 3_600), summary: summary))
        }
        return (hours, all)
    }

    private func summary(_ query: LogQuery, _ hours: ClosedRange<Int64>) throws(GatewayError) -> LogSummary {
        var query = query
        query.filters += [
            LogFilter(.createdAt, .atLeast, [.time(Timestamp(seconds: hours.lowerBound * 3_600))]),
            LogFilter(.createdAt, .less, [.time(Timestamp(seconds: (hours.upperBound + 1) * 3_600))]),
        ]
        do throws(StoreError) {
            return try logs.summary(query)
        } catch {
            throw GatewayError(
                .recordFailed, "The gateway's store does not answer at the moment. Try again later.",
                retryAfterSeconds: 1)
        }
    }
}
