import Bootstrap
import Domain
import Settings

/// Works on the store of a data directory, and says in words what went wrong.
enum CabinetUse {
    private static let longestName = 200

    static func open(_ settings: Settings.Data, _ work: (KeyCabinet) throws -> Void) throws {
        let cabinet: KeyCabinet
        do {
            cabinet = try KeyCabinet.open(settings)
        } catch {
            throw CommandFailure(error.description)
        }
        defer { cabinet.close() }
        do {
            try work(cabinet)
        } catch let error as StoreError {
            throw CommandFailure(StartError.store(error).description)
        }
    }

    static func name(_ arguments: ParsedArguments) throws(UsageError) -> String {
        let name = arguments.options["--name"] ?? ""
        guard name.utf8.count <= longestName, !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw UsageError("a name has at most \(longestName) bytes and no control characters")
        }
        return name
    }

    /// Dollars with at most nine decimals, such as `19.99`.
    static func dollars(_ text: String) throws(UsageError) -> Nanodollars {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        let isSpelledWell =
            !parts[0].isEmpty && parts[0].utf8.count <= 9 && (parts.count == 1 || !fraction.isEmpty)
            && fraction.utf8.count <= 9 && (parts[0] + fraction).utf8.allSatisfy { (48...57).contains($0) }
        let padded = fraction + String(repeating: "0", count: max(0, 9 - fraction.utf8.count))
        guard isSpelledWell, let whole = Int64(parts[0]), let rest = Int64(padded) else {
            throw UsageError("`\(text)` is no amount of dollars, such as 25 or 19.99")
        }
        return Nanodollars(whole * Nanodollars.perDollar + rest)
    }
}
