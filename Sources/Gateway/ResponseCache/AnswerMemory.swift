public import Domain
public import NamedGateways
import Synchronization

/// Answers kept in memory, of all gateways, within a bound of bytes and of entries. What was not asked for longest goes
/// first.
///
/// Two halves: what is used goes to the young one; when that is full, it becomes the old one and the old one is
/// forgotten. So nothing is ever searched for what to drop.
public final class AnswerMemory: AnswerCache {
    private let bounds: AnswerBounds
    private let questions: QuestionDigest
    private let state = Mutex(State())

    private struct Entry {
        let answer: KeptAnswer
        let end: Timestamp
        let size: Int
    }

    private struct Half {
        var entries: [AnswerKey: Entry] = [:]
        var bytes = 0

        mutating func take(_ key: AnswerKey) -> Entry? {
            guard let entry = entries.removeValue(forKey: key) else { return nil }
            bytes -= entry.size
            return entry
        }

        mutating func put(_ entry: Entry, under key: AnswerKey) {
            _ = take(key)
            entries[key] = entry
            bytes += entry.size
        }
    }

    private struct State {
        var young = Half()
        var old = Half()
        var forgotten = ForgottenGateways()
    }

    public init(_ bounds: AnswerBounds = AnswerBounds(), partition: CachePartition = .none) {
        self.bounds = bounds
        questions = QuestionDigest(partition: partition)
    }

    public var keepsStreams: Bool { bounds.keepsStreams }

    /// Of all answers that are kept now.
    public var statistics: (entries: Int, bytes: Int) {
        state.withLock { ($0.young.entries.count + $0.old.entries.count, $0.young.bytes + $0.old.bytes) }
    }

    public func key(for question: CacheQuestion) -> AnswerKey? {
        let age = state.withLock { state in state.forgotten.age(question.account, question.gateway) }
        return questions.key(for: question, age: age)
    }

    public func answer(_ key: AnswerKey, at now: Timestamp) -> KeptAnswer? {
        state.withLock { state in
            if let entry = state.young.entries[key] {
                if entry.end > now { return entry.answer }
                _ = state.young.take(key)
                return nil
            }
            guard let entry = state.old.take(key), entry.end > now else { return nil }
            put(entry, under: key, &state)
            return entry.answer
        }
    }

    public func keep(_ answer: KeptAnswer, under key: AnswerKey, seconds: Int, at now: Timestamp) {
        let size = answer.body.count + AnswerBounds.bytesPerEntry
        guard size <= min(bounds.largestAnswer, bounds.bytes / 2), seconds > 0 else { return }
        let end = Timestamp(microseconds: now.microseconds + Int64(seconds) * 1_000_000)
        state.withLock { state in
            _ = state.old.take(key)
            put(Entry(answer: answer, end: end, size: size), under: key, &state)
        }
    }

    private func put(_ entry: Entry, under key: AnswerKey, _ state: inout State) {
        _ = state.young.take(key)
        if state.young.bytes + entry.size > bounds.bytes / 2 || state.young.entries.count >= max(1, bounds.entries / 2)
        {
            state.old = state.young
            state.young = Half()
        }
        state.young.put(entry, under: key)
    }

    /// Everything of one gateway, answers under way included: no key made from here on finds what is kept under an older
    /// one.
    public func forget(account: AccountID, gateway: GatewayID) {
        state.withLock { state in
            state.forgotten.add(account, gateway)
            for key in state.young.entries.keys where key.account == account && key.gateway == gateway {
                _ = state.young.take(key)
            }
            for key in state.old.entries.keys where key.account == account && key.gateway == gateway {
                _ = state.old.take(key)
            }
        }
    }
}

/// How much is kept.
public struct AnswerBounds: Hashable, Sendable {
    /// What an entry takes beside its body.
    static let bytesPerEntry = 512

    public var bytes = 64 << 20
    public var entries = 10_000
    /// Longer ones are not kept.
    public var largestAnswer = 25_000_000
    public var keepsStreams = false

    public init() {}
}
