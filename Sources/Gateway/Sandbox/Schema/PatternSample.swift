/// Makes texts that match a regular expression of the kind schemas use: classes, groups, alternatives, repeats.
struct PatternSample {
    private indirect enum Node {
        case set([ClosedRange<UInt32>])
        case sequence([Node])
        case alternatives([Node])
        case repeated(Node, least: Int, most: Int?)
    }

    private let root: Node

    /// Steps spent on one text, which bounds its length too; patterns can ask for more than anyone wants.
    static let stepLimit = 8_000
    private static let nestingLimit = 32

    /// Nil when the pattern holds what this does not know: look-around, back references, property classes.
    init?(_ pattern: String) {
        var parser = Parser(rest: Array(pattern.unicodeScalars)[...])
        guard let root = parser.alternatives(), parser.rest.isEmpty else { return nil }
        self.root = root
    }

    /// A matching text of an allowed length; open repeats grow until it is long enough.
    func text(length: ClosedRange<Int>, random: inout StableRandom) -> String? {
        for extra in [1, 0, 2, 4, 8, 16, 32, 64, 128, 512, 2_000] {
            for _ in 0..<4 {
                var draft = Draft(extra: extra)
                draft.write(root, &random)
                if draft.steps > 0, length.contains(draft.scalars.count) { return draft.text }
            }
        }
        return nil
    }

    private struct Draft {
        /// How far open repeats go beyond what they must.
        let extra: Int
        var scalars: [Unicode.Scalar] = []
        var steps = PatternSample.stepLimit

        init(extra: Int) { self.extra = extra }

        var text: String {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            return String(view)
        }

        mutating func write(_ node: Node, _ random: inout StableRandom) {
            steps -= 1
            guard steps > 0 else { return }
            switch node {
            case .set(let ranges):
                guard let range = random.pick(ranges) else { return }
                let code = range.lowerBound + UInt32(random.below(range.count))
                if let scalar = Unicode.Scalar(code) { scalars.append(scalar) }
            case .sequence(let nodes): for node in nodes { write(node, &random) }
            case .alternatives(let nodes): if let node = random.pick(nodes) { write(node, &random) }
            case .repeated(let node, let least, let most):
                let room = min(extra, (most ?? .max) - least)
                let count = least + (extra > 2 ? room : random.below(room + 1))
                var done = 0
                while done < count, steps > 0 {
                    write(node, &random)
                    done += 1
                }
            }
        }
    }

    // MARK: Reading

    private struct Parser {
        var rest: ArraySlice<Unicode.Scalar>
        var nesting = 0

        mutating func alternatives() -> Node? {
            nesting += 1
            defer { nesting -= 1 }
            guard nesting < PatternSample.nestingLimit else { return nil }
            var branches: [Node] = []
            repeat {
                guard let branch = sequence() else { return nil }
                branches.append(branch)
            } while take("|")
            return branches.count == 1 ? branches[0] : .alternatives(branches)
        }

        private mutating func sequence() -> Node? {
            var nodes: [Node] = []
            while let next = rest.first, next != "|", next != ")" {
                // Anchors match no character.
                if take("^") || take("$") { continue }
                guard let atom = atom() else { return nil }
                guard let node = repeats(of: atom) else { return nil }
                nodes.append(node)
            }
            return .sequence(nodes)
        }

        private mutating func atom() -> Node? {
            guard let next = rest.popFirst() else { return nil }
            switch next {
            case "(": return group()
            case "[": return characterClass()
            case "\\": return escape().map(Node.set)
            case ".": return .set(PatternSample.wordRanges)
            case "*", "+", "?": return nil
            default: return .set([next.value...next.value])
            }
        }

        private mutating func group() -> Node? {
            if take("?") {
                if take("<") {
                    guard rest.first != "=", rest.first != "!", let end = rest.firstIndex(of: ">") else { return nil }
                    rest = rest[(end + 1)...]
                } else if !take(":") {
                    return nil
                }
            }
            guard let inner = alternatives(), take(")") else { return nil }
            return inner
        }

        private mutating func repeats(of node: Node) -> Node? {
            var result = node
            if take("*") {
                result = .repeated(node, least: 0, most: nil)
            } else if take("+") {
                result = .repeated(node, least: 1, most: nil)
            } else if take("?") {
                result = .repeated(node, least: 0, most: 1)
            } else if rest.first == "{", let counted = counts() {
                guard counted.most.map({ $0 >= counted.least }) ?? true else { return nil }
                result = .repeated(node, least: counted.least, most: counted.most)
            } else {
                return node
            }
            // Lazy and greedy match the same texts.
            _ = take("?")
            return result
        }

        private mutating func counts() -> (least: Int, most: Int?)? {
            guard let end = rest.firstIndex(of: "}") else { return nil }
            var inner = String.UnicodeScalarView()
            inner.append(contentsOf: rest[(rest.startIndex + 1)..<end])
            let parts = String(inner).split(separator: ",", omittingEmptySubsequences: false)
            guard let least = parts.first.flatMap({ Int($0) }), least >= 0, parts.count <= 2 else { return nil }
            rest = rest[(end + 1)...]
            return (least, parts.count == 1 ? least : Int(parts[1]))
        }

        private mutating func characterClass() -> Node? {
            let isNegated = take("^")
            var ranges: [ClosedRange<UInt32>] = []
            while let next = rest.popFirst() {
                if next == "]", !ranges.isEmpty { return finish(ranges, isNegated) }
                guard next == "\\" else {
                    ranges.append(range(from: next.value))
                    continue
                }
                guard let escaped = escape() else { return nil }
                if escaped.count == 1, escaped[0].count == 1 {
                    ranges.append(range(from: escaped[0].lowerBound))
                } else {
                    ranges += escaped
                }
            }
            return nil
        }

        /// A single character, or the range it opens.
        private mutating func range(from start: UInt32) -> ClosedRange<UInt32> {
            guard rest.first == "-", let end = rest.dropFirst().first, end != "]", end != "\\", end.value >= start
            else {
                return start...start
            }
            rest = rest.dropFirst(2)
            return start...end.value
        }

        private func finish(_ ranges: [ClosedRange<UInt32>], _ isNegated: Bool) -> Node? {
            guard isNegated else { return .set(ranges) }
            let allowed = (UInt32(0x20)...0x7e).filter { code in !ranges.contains { $0.contains(code) } }
            let plain = allowed.filter { code in PatternSample.wordRanges.contains { $0.contains(code) } }
            let chosen = plain.isEmpty ? allowed : plain
            return chosen.isEmpty ? nil : .set(chosen.map { $0...$0 })
        }

        private mutating func escape() -> [ClosedRange<UInt32>]? {
            guard let next = rest.popFirst() else { return nil }
            switch next {
            case "d": return [0x30...0x39]
            case "w": return PatternSample.wordRanges
            case "s": return [0x20...0x20]
            case "D", "S": return [0x61...0x7a]
            case "W": return [0x20...0x20]
            case "n": return [0x0a...0x0a]
            case "t": return [0x09...0x09]
            case "r": return [0x0d...0x0d]
            case "b", "B", "p", "P", "k", "u", "x", "c", "1"..."9": return nil
            default: return [next.value...next.value]
            }
        }

        private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
            guard rest.first == wanted else { return false }
            rest = rest.dropFirst()
            return true
        }
    }

    private static let wordRanges: [ClosedRange<UInt32>] = [0x61...0x7a, 0x41...0x5a, 0x30...0x39]
}
