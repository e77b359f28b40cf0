/// What does not agree, in words. Lists the first and counts the rest.
struct Differences {
    static let listedAtMost = 100

    private var listed: [String] = []
    private var unlisted = 0

    mutating func add(_ text: @autoclosure () -> String) {
        if listed.count < Self.listedAtMost { listed.append(text()) } else { unlisted += 1 }
    }

    var texts: [String] { unlisted == 0 ? listed : listed + ["and \(unlisted) more"] }
}
