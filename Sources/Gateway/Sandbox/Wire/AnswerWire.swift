import HTTPCore

/// How one dialect writes the answer to a conversation.
protocol AnswerWire {
    /// All parts of the answer in the order they are streamed.
    var events: [StreamEvent] { get }
    /// What a stream is announced as.
    var streamHeaders: HeaderFields { get }
    /// The answer in one piece.
    func whole() -> [UInt8]
    /// What the dialect sends for a part. Some parts say nothing in it.
    mutating func frame(_ event: StreamEvent) -> [UInt8]
    /// What comes behind the last part of a stream that ends as it should.
    mutating func ending() -> [UInt8]
}

extension AnswerWire {
    var streamHeaders: HeaderFields { AnswerSending.eventStream }
}
