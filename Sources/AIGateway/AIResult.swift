import HTTPCore

/// A whole answer of a model.
public struct AIResult: Sendable {
    /// The model's output.
    public let value: AIValue
    /// Under which the gateway keeps the call's log; nil when it keeps none.
    public let logID: String?
    public let requestID: String?
    public let status: Int

    /// What the model said; empty when it did not answer in words.
    public var outputText: String { value.json.outputText ?? "" }

    /// The output as a type of your own.
    public func decode<Value: Decodable>(_ type: Value.Type) throws(AIError) -> Value {
        try AIDecoder().decode(type, from: value)
    }
}

/// An answer as it comes, whatever its status and its content.
public struct AIRawResponse: Sendable {
    let response: OpenResponse

    public var status: Int { response.status }
    public var logID: String? { response.logID }
    public var requestID: String? { response.requestID }
    /// The fields of the header, in their order.
    public var headers: [(name: String, value: String)] { response.headers.pairs }

    /// The first field of that name, whatever its case.
    public func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }

    /// The body as it arrives. It can be read once.
    public var pieces: AIBodyPieces { AIBodyPieces(response: response) }

    /// The whole body, of at most so many bytes.
    public func collect(upTo limit: Int) async throws(AIError) -> [UInt8] {
        try await response.collect(limit: limit)
    }
}

/// The bytes of a body, piece by piece.
public struct AIBodyPieces: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = AIError

    let response: OpenResponse

    public func makeAsyncIterator() -> Iterator {
        Iterator(response: response)
    }

    public struct Iterator: AsyncIteratorProtocol {
        let response: OpenResponse

        public mutating func next() async throws(AIError) -> [UInt8]? {
            try await response.nextPiece()
        }
    }
}
