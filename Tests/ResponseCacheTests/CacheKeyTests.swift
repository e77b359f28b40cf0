import Crypto
import Domain
import JSON
import Testing

@testable import ResponseCache

@Suite("What makes two requests the same")
struct CacheKeyTests {
    let cache = ResponseCache()

    private func digest(_ change: (inout CacheRequest) -> Void = { _ in }) -> Digest32 {
        var request = Samples.request(#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}"#)
        change(&request)
        return cache.key(for: request).digest
    }

    @Test func `every part makes a difference`() {
        let all = [
            digest(), digest { $0.account = AccountID("acc_two") }, digest { $0.gateway = GatewayID("other") },
            digest { $0.provider = "groq" }, digest { $0.method = "GET" }, digest { $0.path += "?a" },
            digest { $0.body = Array("{}".utf8) }, digest { $0.body = [] }, digest { $0.partition = "" },
            digest { $0.partition = "team" }, digest { $0.customKey = "" }, digest { $0.customKey = "mine" },
            digest { $0.ignoresStreaming = true },
            digest { ($0.provider, $0.method) = ("openaiP", "OST") },
            digest { $0.body = Array(#"{"model":"m"}"#.utf8) },
            digest { $0.body = Array(#"{"model":"m""#.utf8) },
        ]
        #expect(Set(all).count == all.count)
    }

    @Test func `a custom key stands in for all but account, gateway and partition`() {
        let mine = digest { $0.customKey = "mine" }
        let same = digest { request in
            request.customKey = "mine"
            (request.provider, request.method, request.path, request.body) = ("groq", "GET", "/", [])
            request.ignoresStreaming = true
        }
        #expect(mine == same)
        let others = [
            mine, digest { ($0.customKey, $0.account) = ("mine", AccountID("acc_two")) },
            digest { ($0.customKey, $0.gateway) = ("mine", GatewayID("other")) },
            digest { ($0.customKey, $0.partition) = ("mine", "team") }, digest { $0.customKey = "yours" },
        ]
        #expect(Set(others).count == others.count)
    }

    @Test func `streaming makes no difference where it is not to, at the outermost level alone`() {
        func body(_ text: String) -> Digest32 {
            digest { ($0.ignoresStreaming, $0.body) = (true, Array(text.utf8)) }
        }
        let plain = body(#"{"model":"m"}"#)
        #expect(body(#"{"stream":true,"model":"m"}"#) == plain)
        #expect(body(#"{"model":"m","str\u0065am":false,"stream_options":{"include_usage":true}}"#) == plain)
        #expect(body(#"{"model":"m","x":{"stream":true}}"#) != body(#"{"model":"m","x":{}}"#))
        #expect(
            digest() != digest { $0.body = Array(#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#.utf8) })
    }

    @Test func `accounts do not share answers, whatever they ask`() {
        for custom in [nil, "shared"] {
            var (mine, theirs) = (Samples.request(), Samples.request(account: "acc_two"))
            (mine.customKey, theirs.customKey) = (custom, custom)
            cache.store(cache.key(for: mine), Samples.answer("mine"), ttl: 60, now: Samples.now)
            #expect(cache.lookup(cache.key(for: theirs), now: Samples.now) == nil)
        }
    }

    /// Both texts, and whether they mean the same.
    @Test(arguments: [
        (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, true), (#"{"a":1}"#, " { \"a\" :\t1 }\r\n", true),
        (#"[1,2]"#, #"[2,1]"#, false), (#"{"a":[{"y":1,"x":2}]}"#, #"{"a":[{"x":2,"y":1}]}"#, true),
        (#""a""#, #""\u0061""#, true), (#""a/b""#, #""a\/b""#, true), (#""\n""#, #""\u000A""#, true),
        (#""😀""#, #""\ud83d\ude00""#, true), (#"{"\u0061":1,"b":2}"#, #"{"b":2,"a":1}"#, true),
        (#""\ud800""#, #""\ud801""#, false), (#""\ud800""#, "\"\u{FFFD}\"", false), (#""\ud800""#, #""\ud800""#, true),
        ("\"\u{E9}\"", "\"e\u{301}\"", false), (#"{"a":1.0}"#, #"{"a":1}"#, false), ("1e2", "100", false),
        (#"{"a":1,"a":2}"#, #"{"a":2,"a":1}"#, false), (#"{"a":1,"b":0,"a":2}"#, #"{"b":0,"a":1,"a":2}"#, true),
        (#"{"a":null}"#, "{}", false), (#""1""#, "1", false), ("[]", "{}", false),
        (#"{"B":1,"a":2}"#, #"{"a":2,"B":1}"#, true),
        (#"{"a b":1}"#, #"{"ab":1}"#, false), ("[[],[]]", "[[[]]]", false), ("[1,[2]]", "[[1],2]", false),
    ]) func `texts are the same when they mean the same`(_ one: String, _ other: String, _ isSame: Bool) throws {
        let texts = [one, other].map { CanonicalJSON.text(of: Array($0.utf8)) }
        #expect(texts[0] != nil && texts[1] != nil)
        #expect((texts[0] == texts[1]) == isSame)
    }

    @Test(arguments: ["", " ", "{", "{} {}", "nan", "'a'", "[1,]"])
    func `what is no JSON counts as it is`(_ text: String) {
        #expect(CanonicalJSON.text(of: Array(text.utf8)) == nil)
        #expect(digest { $0.body = Array(text.utf8) } != digest { $0.body = Array((text + " ").utf8) })
    }

    @Test func `a canonical text stays as it is, and means what it meant`() throws {
        var random = SeededGenerator(seed: 9)
        for _ in 0..<300 {
            let value = Self.value(&random, depth: 4)
            let canonical = try #require(CanonicalJSON.text(of: value.serialized()))
            #expect(CanonicalJSON.text(of: canonical) == canonical)
            #expect(try Self.sorted(JSONValue(parsing: canonical)) == Self.sorted(value))
            // Whatever order the members come in.
            #expect(CanonicalJSON.text(of: Self.shuffled(value, &random).serialized()) == canonical)
        }
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch random.below(depth > 0 ? 7 : 5) {
        case 0: return .null
        case 1: return .bool(random.below(2) == 0)
        case 2: return .int(random.below(100))
        case 3, 4: return .string(text(&random))
        case 5: return .array((0..<random.below(4)).map { _ in value(&random, depth: depth - 1) })
        default:
            // Each key once: the order of repeated ones has a meaning.
            let keys = (0..<random.below(5)).map { "\($0)" + text(&random) }
            return .object(JSONObject(members: keys.map { .init(key: $0, value: value(&random, depth: depth - 1)) }))
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        let parts = [
            "a", "Z", "é", "😀", "\"", "\\", "/", "\n", "\0", "\u{7F}", "\u{2028}", "{", "long enough to count",
        ]
        return (0..<random.below(4)).map { _ in parts[random.below(parts.count)] }.joined()
    }

    private static func shuffled(_ value: JSONValue, _ random: inout SeededGenerator) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map { shuffled($0, &random) })
        case .object(let object):
            let members = object.members.map { JSONObject.Member(key: $0.key, value: shuffled($0.value, &random)) }
            return .object(JSONObject(members: members.shuffled(using: &random)))
        default: return value
        }
    }

    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(sorted))
        case .object(let object):
            let members = object.members.map { JSONObject.Member(key: $0.key, value: sorted($0.value)) }
            return .object(JSONObject(members: members.sorted { $0.key < $1.key }))
        default: return value
        }
    }
}
