import Domain
import JSON
import Testing

@testable import Dialects

/// One answer, told by a vendor at once and in frames of any manner.
private struct RandomAnswer {
    struct Choice {
        var content: String?
        var reasoning: String?
        var calls: [(id: String, name: String, arguments: String)] = []
        var finish = "stop"
    }

    private(set) var choices: [Choice] = []
    private(set) var usage: String?
    private var random: SeededRandom
    private let thinkingKey: String

    init(_ seed: UInt64) {
        random = SeededRandom(seed)
        thinkingKey = random.pick(["reasoning", "thinking", "reasoning_content"])
        if random.below(3) > 0 {
            usage =
                #"{"prompt_tokens":\#(random.below(99)),"completion_tokens":7,"total_tokens":\#(random.below(200))}"#
        }
        for _ in 0...random.below(3) {
            var choice = Choice()
            if random.below(2) == 0 { choice.reasoning = words() }
            if random.below(4) > 0 { choice.content = words() }
            for number in 0..<random.below(3) {
                choice.calls.append(("call_\(choices.count)_\(number)", "f\(number)", #"{"a":"\#(words())"}"#))
            }
            choice.finish = random.pick(["stop", "length", "tool_calls"])
            choices.append(choice)
        }
    }

    private mutating func words() -> String {
        (0...random.below(6)).map { _ in random.pick(["a", " ", "é", "🚀", "\n", "\"", "\\u", "日本", "data: [DONE]\n\n"])
        }.joined()
    }

    /// The text as JSON, its characters spelled in one of the ways there are.
    private mutating func spelled(_ text: String) -> String {
        var spelled = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" {
                spelled += "\\\(scalar)"
            } else if scalar.value < 0x20 || random.below(3) == 0 {
                for unit in String(scalar).utf16 {
                    let hex = String(unit, radix: 16)
                    spelled += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                }
            } else {
                spelled.unicodeScalars.append(scalar)
            }
        }
        return spelled + "\""
    }

    mutating func whole() -> String {
        var told: [String] = []
        for (index, choice) in choices.enumerated() {
            var members = [#""role":"assistant""#]
            if let content = choice.content { members.append(#""content":\#(spelled(content))"#) }
            if let reasoning = choice.reasoning { members.append(#""\#(thinkingKey)":\#(spelled(reasoning))"#) }
            var calls: [String] = []
            for call in choice.calls {
                let arguments = spelled(call.arguments)
                calls.append(
                    #"{"id":"\#(call.id)","type":"function","function":{"name":"\#(call.name)","arguments":\#(arguments)}}"#
                )
            }
            if !calls.isEmpty { members.append(#""tool_calls":[\#(calls.joined(separator: ","))]"#) }
            let message = members.joined(separator: ",")
            told.append(#"{"index":\#(index),"message":{\#(message)},"finish_reason":"\#(choice.finish)"}"#)
        }
        let usage = usage.map { #","usage":\#($0)"# } ?? ""
        return #"{"id":"c","model":"m","choices":[\#(told.joined(separator: ","))]\#(usage)}"#
    }

    /// In frames: roles anywhere, texts cut anywhere, calls whole or in fragments, usage at any place.
    mutating func stream() -> String {
        let (repeatsRole, splitsFinish, manner) = (random.below(3) == 0, random.below(2) == 0, random.below(4))
        var frames: [String] = manner == 0 ? [#""choices":[]"#] : []
        for (index, choice) in choices.enumerated() {
            var deltas = deltas(choice)
            if random.below(3) > 0 { deltas.insert(#""content":"""#, at: 0) }
            for (position, delta) in deltas.enumerated() {
                let hasRole = repeatsRole || position == 0
                let isLast = position == deltas.count - 1 && !splitsFinish
                let members = [hasRole ? #""role":"assistant""# : "", delta].filter { !$0.isEmpty }
                let finish = isLast ? "\"\(choice.finish)\"" : "null"
                frames.append(told(members.joined(separator: ","), index, finish))
            }
            if splitsFinish || deltas.isEmpty { frames.append(told("", index, "\"\(choice.finish)\"")) }
        }
        var events: [String] = []
        for (position, frame) in frames.enumerated() {
            let isLast = position == frames.count - 1
            let tells = manner == 1 && isLast || manner == 2
            events.append(event(#"{"id":"c","model":"m",\#(frame)\#(tells ? told(usage) : "")}"#))
        }
        if manner != 1 { events.append(event(#"{"id":"c","model":"m","choices":[]\#(told(usage))}"#)) }
        return events.joined() + "data: [DONE]\n\n"
    }

    private func told(_ usage: String?) -> String { usage.map { #","usage":\#($0)"# } ?? "" }

    private func told(_ delta: String, _ index: Int, _ finish: String) -> String {
        #""choices":[{"index":\#(index),"delta":{\#(delta)},"finish_reason":\#(finish)}]"#
    }

    private mutating func deltas(_ choice: Choice) -> [String] {
        var deltas: [String] = []
        for part in cut(choice.reasoning) { deltas.append(#""\#(thinkingKey)":\#(spelled(part))"#) }
        for part in cut(choice.content) { deltas.append(#""content":\#(spelled(part))"#) }
        let (isWhole, repeatsCall) = (random.below(2) == 0, random.below(3) == 0)
        for (number, call) in choice.calls.enumerated() {
            let begin =
                #""index":\#(number),"id":"\#(call.id)","type":"function","function":{"name":"\#(call.name)","arguments":"#
            let first = isWhole ? spelled(call.arguments) : #""""#
            deltas.append(#""tool_calls":[{\#(begin)\#(first)}}]"#)
            for part in isWhole ? [] : cut(call.arguments) {
                let more = repeatsCall ? begin : #""index":\#(number),"function":{"arguments":"#
                deltas.append(#""tool_calls":[{\#(more)\#(spelled(part))}}]"#)
            }
        }
        return deltas
    }

    private mutating func cut(_ text: String?) -> [String] {
        guard let text else { return [] }
        var parts = [""]
        for scalar in text.unicodeScalars {
            if random.below(3) == 0 { parts.append("") }
            parts[parts.count - 1].unicodeScalars.append(scalar)
        }
        return parts
    }
}

/// What a client makes of an answer.
private struct ReadAnswer: Equatable {
    struct Choice: Equatable {
        var content = ""
        var reasoning = ""
        var calls: [String] = []
        var finish: String?
    }

    var choices: [Int: Choice] = [:]
    var usage: [JSONValue] = []

    init(whole bytes: [UInt8]) throws {
        let answer = try JSONScanner().value(bytes)
        for choice in answer["choices"]?.arrayValue ?? [] { take(choice, choice["message"]) }
        if let told = answer["usage"], told != .null { usage.append(told) }
    }

    /// Holds each frame to its form on the way.
    init(stream: String) throws {
        var reader = ServerSentEventReader()
        reader.feed(bytes(stream))
        while let event = try reader.next(), !event.isDone {
            let frame = try JSONScanner().value(event.data)
            let told = frame["choices"]?.arrayValue ?? []
            #expect(told.count == 1 || frame["usage"] != nil)
            for choice in told {
                let isFirst = choices[choice["index"]?.intValue ?? -1] == nil
                #expect(choice["delta"]?.objectValue?.count == (choice["finish_reason"] == .null ? 1 : 0))
                #expect((choice["delta"]?["role"] != nil) == isFirst)
                take(choice, choice["delta"])
            }
            if let told = frame["usage"], told != .null { usage.append(told) }
        }
    }

    private mutating func take(_ choice: JSONValue, _ delta: JSONValue?) {
        var made = choices[choice["index"]?.intValue ?? -1] ?? Choice()
        #expect(made.finish == nil)
        made.content += delta?["content"]?.stringValue ?? ""
        made.reasoning += delta?["reasoning_content"]?.stringValue ?? ""
        for call in delta?["tool_calls"]?.arrayValue ?? [] {
            let number = call["index"]?.intValue ?? made.calls.count
            if number == made.calls.count {
                made.calls.append("\(call["id"]?.stringValue ?? "") \(call["function"]?["name"]?.stringValue ?? "") ")
            }
            made.calls[number] += call["function"]?["arguments"]?.stringValue ?? ""
        }
        made.finish = choice["finish_reason"]?.stringValue
        choices[choice["index"]?.intValue ?? -1] = made
    }
}

@Suite("Streamed and not")
struct StreamedAnswerTests {
    @Test(arguments: 0..<300)
    func `an answer is the same streamed and not`(seed: UInt64) throws {
        var answer = RandomAnswer(seed)
        let (whole, stream) = (answer.whole(), answer.stream())
        let sent = try ChatAnswer(
            bytes(whole), model: ModelID("openai/o4-mini"), promptEstimate: 10, scanner: JSONScanner())
        let read = try ReadAnswer(whole: sent.body)
        #expect(read.usage.count == 1)
        #expect(read.choices.count == answer.choices.count)
        for isAsked in [false, true] {
            let tapped = try Tapped(wantsUsageChunk: isAsked, stream)
            #expect(try ReadAnswer(stream: tapped.all) == read, "\(stream)")
            #expect(tapped.tap.usage == sent.usage)
            #expect(tapped.tap.estimate == sent.estimate)
        }
    }

    /// Known names with values of any kind, in any depth.
    private func shape(_ random: inout SeededRandom, _ depth: Int) -> String {
        let names = [
            "choices", "usage", "model", "error", "index", "delta", "finish_reason", "logprobs", "role", "content",
            "reasoning", "reasoning_content", "tool_calls", "function", "id", "type", "name", "arguments", "x",
        ]
        switch random.below(depth == 0 ? 5 : 9) {
        case 0: return random.pick(["0", "1", "-1", "200", "1e99", "1.5"])
        case 1: return random.pick(["null", "true"])
        case 2...4: return random.pick([#""""#, #""a""#, #""\ud83d\ude80""#, #""assistant""#])
        case 5: return "[" + (0..<random.below(3)).map { _ in shape(&random, depth - 1) }.joined(separator: " ,") + "]"
        default:
            let members = (0..<random.below(6)).map { _ in
                "\"\(random.pick(names))\": \(shape(&random, depth - 1))"
            }
            return "{\(members.joined(separator: ","))}"
        }
    }

    @Test(arguments: 0..<500)
    func `frames of any shape become events that can be read`(seed: UInt64) throws {
        var random = SeededRandom(seed)
        var stream = ""
        for _ in 0..<20 {
            let delta = shape(&random, 5)
            let choices = random.pick([
                "[\(shape(&random, 6))]", #"[{"delta":\#(delta)}]"#, #"[{"delta":\#(delta),"finish_reason":"stop"},7]"#,
                #"[{"index":0,"delta":{"tool_calls":[{"function":\#(delta)},\#(delta)]},"finish_reason":null}]"#,
            ])
            stream += event(#"{"choices":\#(choices),"usage":\#(shape(&random, 3)),"model":"m"}"#)
        }
        for isAsked in [false, true] {
            var tapped = try Tapped(wantsUsageChunk: isAsked, stream)
            var reader = ServerSentEventReader()
            reader.feed(bytes(tapped.all) + tapped.tap.end(isComplete: true))
            while let event = try reader.next() {
                let frame = try JSONScanner().value(event.data)
                #expect(frame["model"] == "openai/o4-mini")
                #expect(frame["choices"]?.arrayValue?.count == 1 || frame["choices"] == [] && frame["usage"] != nil)
            }
        }
    }
}
