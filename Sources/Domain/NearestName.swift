/// Finds what was probably meant by a name nobody knows.
public enum NearestName {
    /// Longer names are not compared; nothing known comes near them.
    private static let longest = 80

    /// The nearest of the known names, or nil when none is near.
    ///
    /// - Parameter tail: The part that tells names apart. A known name that holds it, such as `log.level` for
    ///   `level`, is near as well.
    public static func find(_ name: String, tail: String, among known: [String]) -> String? {
        guard name.utf8.count <= longest else { return nil }
        let limit = max(2, tail.utf8.count / 4)
        let name = normalised(name)
        let tail = normalised(tail)
        var best: (name: String, distance: Int)?
        for candidate in known {
            let distance = min(
                editDistance(name, normalised(candidate)), holds(normalised(candidate), tail) ? limit : .max)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Changes, insertions, deletions and swaps of neighbours that turn one word into the other.
    public static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var older: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let change = previous[column] + (left[row] == right[column] ? 0 : 1)
                var least = min(change, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    least = min(least, older[column - 1] + 1)
                }
                current.append(least)
            }
            older = previous
            previous = current
        }
        return previous[right.count]
    }

    private static func normalised(_ name: String) -> [UInt8] {
        name.lowercased().utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
    }

    private static func holds(_ name: [UInt8], _ part: [UInt8]) -> Bool {
        let shortest = 3
        return part.count >= shortest && name.firstRange(of: part) != nil
    }
}
