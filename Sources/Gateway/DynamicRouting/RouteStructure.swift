import JSON

/// How the elements of a route hang together: what is wrong with them as a whole, and where each of them leads.
struct RouteStructure {
    private(set) var problems: [JSONProblem] = []
    /// By id, where ids are unique.
    let positions: [String: Int]
    private(set) var start: Int?
    private let drafts: [ElementDraft]
    private let root: JSONPointer

    init(_ drafts: [ElementDraft], at root: JSONPointer) {
        self.drafts = drafts
        self.root = root
        let named = drafts.enumerated().compactMap { position, draft in draft.id.map { ($0, position) } }
        positions = Dictionary(named) { first, _ in first }
        checkIDs()
        checkStart()
        checkTargets()
        let edges = drafts.map { draft in draft.outputs.compactMap { positions[$0.target] } }
        checkCycles(edges)
        checkReach(edges)
    }

    private mutating func checkIDs() {
        for (position, draft) in drafts.enumerated() {
            guard let id = draft.id, let first = positions[id], first != position else { continue }
            report(draft.pointer.member("id"), "is also the id of element \(first)")
        }
    }

    private mutating func checkStart() {
        let starts = drafts.indices.filter { drafts[$0].type == .start }
        if starts.isEmpty, drafts.allSatisfy({ $0.type != nil }) { report(root, "must hold an element of type start") }
        for extra in starts.dropFirst() {
            report(drafts[extra].pointer.member("type"), "is the second start; there must be exactly one")
        }
        if starts.count == 1 { start = starts[0] }
        if !drafts.contains(where: { $0.type == .model || $0.type == .end || $0.type == nil }) {
            report(root, "must hold a model or an end behind the start")
        }
    }

    private mutating func checkTargets() {
        for output in drafts.flatMap(\.outputs) where positions[output.target] == nil {
            report(output.pointer, "names no element: there is no \(JSONProblem.quoted(output.target))")
        }
    }

    /// Takes away what nothing leads to, again and again; what stays lies on circles or behind them.
    private mutating func checkCycles(_ edges: [[Int]]) {
        var incoming = Array(repeating: 0, count: drafts.count)
        for target in edges.joined() { incoming[target] += 1 }
        var free = drafts.indices.filter { incoming[$0] == 0 }
        while let position = free.popLast() {
            for target in edges[position] {
                incoming[target] -= 1
                if incoming[target] == 0 { free.append(target) }
            }
        }
        for position in drafts.indices where incoming[position] > 0 && leadsToItself(position, edges) {
            report(drafts[position].pointer, "lies on a circle: a request would come back to it")
        }
    }

    private func leadsToItself(_ position: Int, _ edges: [[Int]]) -> Bool {
        reached(from: edges[position], edges).contains(position)
    }

    /// Says nothing when a wrong id or output may be why something is not reached.
    private mutating func checkReach(_ edges: [[Int]]) {
        let isWhole = drafts.allSatisfy { $0.areOutputsWhole && $0.id != nil }
        let isResolved = zip(drafts, edges).allSatisfy { $0.outputs.count == $1.count }
        guard let start, isWhole, isResolved, positions.count == drafts.count else { return }
        let reached = reached(from: [start], edges)
        for position in drafts.indices where !reached.contains(position) {
            report(drafts[position].pointer, "is never reached from the start")
        }
    }

    private func reached(from first: [Int], _ edges: [[Int]]) -> Set<Int> {
        var reached = Set(first)
        var waiting = first
        while let position = waiting.popLast() {
            for target in edges[position] where reached.insert(target).inserted { waiting.append(target) }
        }
        return reached
    }

    private mutating func report(_ pointer: JSONPointer, _ text: String) {
        problems.append(JSONProblem(pointer, text))
    }
}
