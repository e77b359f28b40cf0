import Domain
import JSON

// Parameters that are more than a number or a word.

extension ChatCheck {
    private static let maximumStops = 4
    private static let maximumPairs = 16
    private static let maximumPairKey = 64
    private static let maximumPairValue = 512

    func limit(at place: Place) throws(GatewayError) -> OutputLimit {
        OutputLimit(place: place, value: try body.integer(at: place, 1...Int.max))
    }

    mutating func checkStreamOptions(at place: Place) throws(GatewayError) {
        streamOptions = place
        var wantsUsageChunk = false
        try body.forEachMember(of: place, named: Self.streamOptions) { option, place throws(GatewayError) in
            let value = try body.bool(at: place)
            if option == .includeUsage { wantsUsageChunk = value }
        }
        self.wantsUsageChunk = wantsUsageChunk
    }

    private enum StreamOption { case includeUsage, includeObfuscation }
    private static let streamOptions = NameTable<StreamOption>([
        "include_usage": .includeUsage, "include_obfuscation": .includeObfuscation,
    ])

    func checkStop(at place: Place) throws(GatewayError) {
        guard body[place].kind != .string else { return }
        guard body[place].kind == .array else {
            throw body.failure(.invalidType, at: place, "must be a string or an array of strings.")
        }
        var count = 0
        try body.forEach(in: place) { stop throws(GatewayError) in
            count += 1
            guard count <= Self.maximumStops else {
                throw body.failure(.invalidValue, at: place, "has more than \(Self.maximumStops) strings.")
            }
            try body.string(at: stop)
        }
    }

    func checkLogitBias(at place: Place) throws(GatewayError) {
        try body.expect(.object, at: place, "an object")
        try body.forEach(in: place) { bias throws(GatewayError) in try body.number(at: bias, -100...100) }
    }

    func checkModalities(at place: Place) throws(GatewayError) {
        try body.expect(.array, at: place, "an array of strings")
        try body.forEach(in: place) { modality throws(GatewayError) in try body.string(at: modality) }
    }

    func checkMetadata(at place: Place) throws(GatewayError) {
        try body.expect(.object, at: place, "an object")
        var count = 0
        try body.forEach(in: place) { pair throws(GatewayError) in
            count += 1
            guard count <= Self.maximumPairs else {
                throw body.failure(.invalidValue, at: place, "has more than \(Self.maximumPairs) pairs.")
            }
            try checkKey(of: pair)
            try body.string(at: pair, atMost: Self.maximumPairValue)
        }
    }

    private func checkKey(of pair: Place) throws(GatewayError) {
        let field = body.outline.field(pair)
        guard field.keyRange.count > Self.maximumPairKey else { return }
        guard field.key(in: body.bytes).unicodeScalars.count <= Self.maximumPairKey else {
            throw body.failure(.invalidValue, at: pair, "has a key longer than \(Self.maximumPairKey) characters.")
        }
    }
}
