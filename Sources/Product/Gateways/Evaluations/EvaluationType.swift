public import Domain
public import JSON

/// A question that logs are asked: what they cost, how long they took, how people liked them.
public enum EvaluationType: String, Hashable, Sendable, CaseIterable {
    case cost
    case speed
    case humanFeedback = "human_feedback"

    /// The same on every installation.
    public var id: String {
        switch self {
        case .cost: "9d5f9a54-6c0e-4f0e-8a1e-5d2b7f0c1a01"
        case .speed: "9d5f9a54-6c0e-4f0e-8a1e-5d2b7f0c1a02"
        case .humanFeedback: "9d5f9a54-6c0e-4f0e-8a1e-5d2b7f0c1a03"
        }
    }

    public init?(id: String) {
        guard let type = Self.allCases.first(where: { $0.id == id.lowercased() }) else { return nil }
        self = type
    }

    public var name: String {
        switch self {
        case .cost: "Cost"
        case .speed: "Speed"
        case .humanFeedback: "Human feedback"
        }
    }

    public var summary: String {
        switch self {
        case .cost: "Average cost of a request in US dollars, of those whose price is known."
        case .speed: "Average duration of a request in milliseconds."
        case .humanFeedback: "Share of positive feedback in percent, of requests that people have judged."
        }
    }

    /// They came with the first release that had them.
    public static let madeAt = Timestamp(seconds: 1_767_225_600)

    public var shown: JSONObject {
        [
            "id": .string(id), "name": .string(name), "type": .string(rawValue), "description": .string(summary),
            "enable": true, "mandatory": false, "created_at": .time(Self.madeAt), "modified_at": .time(Self.madeAt),
        ]
    }

    /// What the logs answer; nil when none of them can be counted.
    func verdict(on sums: LogSums) -> (result: String, logs: Int64)? {
        switch self {
        case .cost:
            guard sums.knownCosts > 0 else { return nil }
            return (Nanodollars(sums.cost.rawValue / sums.knownCosts).exactDollarsText, sums.knownCosts)
        case .speed:
            guard sums.count > 0 else { return nil }
            return (Self.rounded(sums.durationMilliseconds, by: sums.count), sums.count)
        case .humanFeedback:
            let judged = sums.positiveFeedback + sums.negativeFeedback
            guard judged > 0 else { return nil }
            return (Self.rounded(sums.positiveFeedback * 100, by: judged), judged)
        }
    }

    /// With two decimals at most.
    private static func rounded(_ sum: Int64, by count: Int64) -> String {
        let (whole, rest) = sum.quotientAndRemainder(dividingBy: count)
        let hundredths = (rest * 100 + count / 2) / count
        guard hundredths < 100 else { return String(whole + 1) }
        var text = hundredths < 10 ? "0\(hundredths)" : "\(hundredths)"
        while text.hasSuffix("0") { text.removeLast() }
        return text.isEmpty ? "\(whole)" : "\(whole).\(text)"
    }
}
