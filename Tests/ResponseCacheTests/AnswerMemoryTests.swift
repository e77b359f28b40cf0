import Domain
import NamedGateways
import Testing

@testable import ResponseCache

@Suite("Answers in memory")
struct AnswerMemoryTests {
    private static func question(
        _ body: String = #"{"a":1}"#, account: String = "acc_1", gateway: String = "g", custom: String? = nil,
        key: String = "key_1", metadata: CallMetadata = CallMetadata(), path: String = "chat"
    ) -> CacheQuestion {
        CacheQuestion(
            account: AccountID(account), gateway: GatewayID(gateway), provider: "openai", method: "POST", path: path,
            body: Array(body.utf8), custom: custom, metadata: metadata, principal: KeyID(key))
    }

    private static func answer(_ text: String = "hello") -> KeptAnswer {
        KeptAnswer(
            status: 200, contentType: "application/json", headers: [], body: Array(text.utf8), isStream: false,
            isOnOwnKey: false)
    }

    private static let start = Timestamp(seconds: 1_000)

    @Test func `what was kept is found until its time is over, to the microsecond`() throws {
        let memory = AnswerMemory()
        let key = try #require(memory.key(for: Self.question()))
        #expect(memory.answer(key, at: Self.start) == nil)
        memory.keep(Self.answer(), under: key, seconds: 60, at: Self.start)
        #expect(memory.answer(key, at: Timestamp(microseconds: 1_060_000_000 - 1))?.body == Array("hello".utf8))
        #expect(memory.answer(key, at: Timestamp(seconds: 1_060)) == nil)
        #expect(memory.statistics == (0, 0))
    }

    @Test(arguments: [
        (#"{"a":1,"b":[1,2]}"#, #"{ "b": [1, 2], "a": 1 }"#, true),
        (#"{"a":{"x":1,"y":2}}"#, #"{"a":{"y":2,"x":1}}"#, true),
        (#"{"a":"é"}"#, #"{"a":"\u00e9"}"#, true),
        (#"{"a":1}"#, #"{"a":1.0}"#, false), (#"{"a":[1,2]}"#, #"{"a":[2,1]}"#, false),
        (#"{"a":1}"#, #"{"a":1,"stream":true}"#, false), (#"{"a":null}"#, "{}", false), ("x", "y", false),
        (#"{"a":"\ud800"}"#, #"{"a":"\ud801"}"#, false), (#"{"a":"\ud800"}"#, "{\"a\":\"\u{FFFD}\"}", false),
        (#"{"a":"\ud83d\ude00","b":1}"#, #"{"b":1,"a":"😀"}"#, true),
    ])
    func `the same question in another spelling is the same question`(first: String, second: String, isSame: Bool) {
        let memory = AnswerMemory()
        #expect((memory.key(for: Self.question(first)) == memory.key(for: Self.question(second))) == isSame)
    }

    @Test func `accounts and gateways never share, and keys do unless they are told apart`() {
        let memory = AnswerMemory()
        let key = memory.key(for: Self.question())
        #expect(key != memory.key(for: Self.question(account: "acc_2")))
        #expect(key != memory.key(for: Self.question(gateway: "h")))
        #expect(key != memory.key(for: Self.question(path: "embeddings")))
        #expect(key == memory.key(for: Self.question(key: "key_2")))
        let custom = memory.key(for: Self.question(custom: "mine"))
        #expect(custom == memory.key(for: Self.question("{}", custom: "mine", path: "other")))
        #expect(custom != memory.key(for: Self.question(account: "acc_2", custom: "mine")))
        let apart = AnswerMemory(partition: .key)
        #expect(apart.key(for: Self.question()) != apart.key(for: Self.question(key: "key_2")))
        let byTeam = AnswerMemory(partition: .metadata("team"))
        let red = CallMetadata([.init(key: "team", value: .text("red"))])
        #expect(byTeam.key(for: Self.question(metadata: red)) != byTeam.key(for: Self.question()))
    }

    @Test func `10,000 questions stay within the bounds of bytes and of entries`() throws {
        for (bytes, entries) in [(1 << 20, 100_000), (1 << 30, 500)] {
            var bounds = AnswerBounds()
            (bounds.bytes, bounds.entries) = (bytes, entries)
            let memory = AnswerMemory(bounds)
            for number in 0..<10_000 {
                let key = try #require(memory.key(for: Self.question(#"{"n":\#(number)}"#)))
                memory.keep(
                    Self.answer(String(repeating: "x", count: number % 2_000)), under: key, seconds: 60, at: Self.start)
                let (count, size) = memory.statistics
                #expect(count <= entries && size <= bytes)
            }
            let last = try #require(memory.key(for: Self.question(#"{"n":9999}"#)))
            #expect(memory.answer(last, at: Self.start) != nil)
        }
    }

    @Test func `what is asked for stays, what is not goes`() throws {
        var bounds = AnswerBounds()
        bounds.entries = 8
        let memory = AnswerMemory(bounds)
        let dear = try #require(memory.key(for: Self.question("dear")))
        memory.keep(Self.answer(), under: dear, seconds: 60, at: Self.start)
        for number in 0..<50 {
            let key = try #require(memory.key(for: Self.question("\(number)")))
            memory.keep(Self.answer(), under: key, seconds: 60, at: Self.start)
            #expect(memory.answer(dear, at: Self.start) != nil)
        }
        let first = try #require(memory.key(for: Self.question("0")))
        #expect(memory.answer(first, at: Self.start) == nil)
    }

    @Test func `an answer that is too large is not kept, and pushes nothing out`() throws {
        var bounds = AnswerBounds()
        bounds.largestAnswer = 1_000
        let memory = AnswerMemory(bounds)
        let key = try #require(memory.key(for: Self.question()))
        memory.keep(Self.answer(String(repeating: "x", count: 1_001)), under: key, seconds: 60, at: Self.start)
        #expect(memory.statistics == (0, 0))
    }

    @Test func `a gateway's answers can be forgotten alone`() throws {
        let memory = AnswerMemory()
        let keys = try ["g", "h"].map { try #require(memory.key(for: Self.question(gateway: $0))) }
        for key in keys { memory.keep(Self.answer(), under: key, seconds: 60, at: Self.start) }
        memory.forget(account: AccountID("acc_1"), gateway: GatewayID("g"))
        #expect(keys.map { memory.answer($0, at: Self.start) == nil } == [true, false])
        #expect(memory.statistics.entries == 1)
    }

    @Test func `an answer that was under way while its gateway was forgotten is not found`() throws {
        let memory = AnswerMemory()
        let (key, other) = (
            try #require(memory.key(for: Self.question())), memory.key(for: Self.question(gateway: "h"))
        )
        memory.forget(account: AccountID("acc_1"), gateway: GatewayID("g"))
        memory.keep(Self.answer("old"), under: key, seconds: 60, at: Self.start)
        let now = try #require(memory.key(for: Self.question()))
        #expect(memory.answer(now, at: Self.start) == nil)
        memory.keep(Self.answer("new"), under: now, seconds: 60, at: Self.start)
        #expect(memory.answer(now, at: Self.start)?.body == Array("new".utf8))
        #expect(other == memory.key(for: Self.question(gateway: "h")))
    }

    @Test func `gateways forgotten are counted up to a bound, and then all are forgotten`() {
        var forgotten = ForgottenGateways()
        let account = AccountID("acc_1")
        let kept = forgotten.age(account, GatewayID("kept"))
        for number in 0..<ForgottenGateways.most { forgotten.add(account, GatewayID("\(number)")) }
        #expect(forgotten.age(account, GatewayID("kept")) == kept)
        #expect(forgotten.age(account, GatewayID("7")) != kept)
        forgotten.add(account, GatewayID("one more"))
        #expect(forgotten.age(account, GatewayID("kept")) != kept)
    }

    @Test func `many at once do not upset the books`() async throws {
        let memory = AnswerMemory()
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for number in 0..<500 {
                        guard let key = memory.key(for: Self.question("\((number * worker) % 97)")) else { continue }
                        if memory.answer(key, at: Self.start) == nil {
                            memory.keep(Self.answer(), under: key, seconds: 60, at: Self.start)
                        }
                    }
                }
            }
        }
        #expect(memory.statistics.entries <= 97)
        memory.forget(account: AccountID("acc_1"), gateway: GatewayID("g"))
        #expect(memory.statistics == (0, 0))
    }
}
