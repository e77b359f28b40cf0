/// A moment of the wall clock in microseconds since 1970, as records keep it.
public struct Timestamp: Hashable, Comparable, Sendable {
    public let microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public init(seconds: Int64) {
        self.microseconds = seconds * 1_000_000
    }

    public var seconds: Int64 { microseconds / 1_000_000 }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}

/// Where the domain learns the time; tests hand in their own.
public protocol WallClock: Sendable {
    func now() -> Timestamp
}
