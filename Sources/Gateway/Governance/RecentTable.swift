/// Values by key, of which those that nobody asked for longest are forgotten when there are too many.
///
/// Two halves: what is used goes to the young one, and when that is full it becomes the old one. Never scanned.
struct RecentTable<Key: Hashable, Value> {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private let half: Int

    init(capacity: Int) {
        half = max(1, capacity / 2)
    }

    /// Never more than the capacity.
    var count: Int { young.count + old.count }

    /// Changes the value of a key, or a new one.
    mutating func update<Answer>(
        _ key: Key, orInsert new: @autoclosure () -> Value, _ change: (inout Value) -> Answer
    ) -> Answer {
        if young[key] == nil {
            let value = old.removeValue(forKey: key) ?? new()
            if young.count >= half {
                old = young
                young = [:]
            }
            young[key] = value
        }
        return change(&young[key, default: new()])
    }
}
