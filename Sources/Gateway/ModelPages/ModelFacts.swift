public import Domain
import JSON

/// What a model can do, in the words of Cloudflare's catalogue.
public enum ModelCapability: String, Hashable, Sendable, CaseIterable {
    case functionCalling = "function_calling"
    case reasoning, vision, zdr
    case lora, partner
    case batch = "async_queue"
    case realtime

    public var label: String {
        switch self {
        case .functionCalling: "Function calling"
        case .reasoning: "Reasoning"
        case .vision: "Vision"
        case .zdr: "Zero data retention"
        case .lora: "LoRA"
        case .partner: "Partner"
        case .batch: "Batch"
        case .realtime: "Real-time"
        }
    }

    /// Whether it is of the model itself, not of where it runs.
    public var isOfModel: Bool {
        switch self {
        case .functionCalling, .reasoning, .vision, .zdr: true
        case .lora, .partner, .batch, .realtime: false
        }
    }
}

extension Model {
    /// In the order of Cloudflare's lists. Nothing is known here of LoRA, partners and real-time.
    public var catalogueCapabilities: [ModelCapability] {
        ModelCapability.allCases.filter { capability in
            switch capability {
            case .functionCalling: has(.tools)
            case .reasoning: has(.reasoning)
            case .vision: takesImages && modality == .text
            case .zdr: page.keepsNoData ?? false
            case .batch: has(.async)
            case .lora, .partner, .realtime: false
            }
        }
    }

    private func has(_ capability: Capability) -> Bool { capabilities.contains(capability.rawValue) }

    /// Whether it is said to be new and unfinished.
    public var isExperimental: Bool {
        let words = (page.tags + [name]).flatMap { $0.lowercased().split(separator: " ") }
        return words.contains { ["beta", "preview", "experimental"].contains($0) }
    }

    /// Prices under the labels of Cloudflare's records, in dollars.
    var labelledPrices: [(label: String, dollars: JSONValue)] {
        guard let pricing else { return [] }
        return Self.prices.compactMap { price in
            pricing[keyPath: price.part].map { (price.label, Self.dollars($0)) }
        }
    }

    /// The same as parts of a price list.
    var pricedUnits: [JSONValue] {
        guard let pricing else { return [] }
        return Self.prices.compactMap { price in
            pricing[keyPath: price.part].map { amount in
                ["unit": .string(price.unit), "price": Self.dollars(amount), "currency": "USD"]
            }
        }
    }

    private static func dollars(_ nanodollars: Int64) -> JSONValue {
        JSONNumber(spelling: Nanodollars(nanodollars).exactDollarsText).map(JSONValue.number) ?? .null
    }

    private struct Price: Sendable {
        let label: String
        let unit: String
        let part: any KeyPath<ModelPricing, Int64?> & Sendable
    }

    private static let prices: [Price] = [
        Price(label: "Input tokens (per 1M)", unit: "per M input tokens", part: \.inputPerMillion),
        Price(label: "Output tokens (per 1M)", unit: "per M output tokens", part: \.outputPerMillion),
        Price(label: "Cached input tokens (per 1M)", unit: "per M cached input tokens", part: \.cacheReadPerMillion),
        Price(label: "Cache write tokens (per 1M)", unit: "per M cache write tokens", part: \.cacheWritePerMillion),
        Price(label: "Images (per image)", unit: "per image", part: \.perImage),
        Price(label: "Duration (per second)", unit: "per second", part: \.perSecond),
        Price(label: "Duration (per minute)", unit: "per minute", part: \.perMinute),
        Price(label: "Requests (per request)", unit: "per request", part: \.perRequest),
        Price(label: "Characters (per 1,000)", unit: "per 1k characters", part: \.perThousandCharacters),
    ]
}
