/// Names the counter of certain values, so that different values never have the same one.
enum PartitionKey {
    /// Longer values share a counter: they are no names, and would fill the memory.
    static let longestValue = 256
    /// The counter of all values for which there was no room.
    static let overflow = "+"

    /// - Parameter values: Nil for what a request does not have; such requests are counted together.
    static func make(_ values: [String?]) -> String {
        values.map { value in
            guard let value else { return "-" }
            let count = value.utf8.count
            return count <= longestValue ? "\(count):\(value)" : "*"
        }.joined(separator: ",")
    }
}
