import Foundation
import JSON
import Testing

/// Reads a stream as a strict client would, and puts the pieces together again.
struct StreamGrammar {
    struct Broken: Error { let why: String }

    struct Choice: Equatable {
        var reasoning = ""
        var content: String?
        var calls: [[String]] = []
        var finish: String?
        var logprobs: [JSONValue] = []
        fileprivate var stage = 0
    }

    private(set) var choices: [Int: Choice] = [:]
    private(set) var usage: JSONValue?
    private(set) var head: [JSONValue?] = []
    private var isDone = false

    init(_ text: String, wantsUsage: Bool) throws {
        guard text.hasSuffix("\n\n") else { throw Broken(why: "the last frame is not ended") }
        for frame in text.dropLast(2).components(separatedBy: "\n\n") {
            guard frame.hasPrefix("data: "), !isDone else { throw Broken(why: "not a data frame, or after the end") }
            let data = String(frame.dropFirst(6))
            if data == "[DONE]" { isDone = true } else { try take(JSONValue(parsing: Array(data.utf8)), wantsUsage) }
        }
        guard isDone else { throw Broken(why: "no [DONE]") }
        guard choices.values.allSatisfy({ $0.finish != nil }) else { throw Broken(why: "a choice did not finish") }
        guard (usage != nil) == wantsUsage else { throw Broken(why: "usage missing or unasked") }
    }

    private mutating func take(_ chunk: JSONValue, _ wantsUsage: Bool) throws {
        guard usage == nil else { throw Broken(why: "a chunk after usage") }
        let head = ["id", "object", "created", "model", "system_fingerprint"].map { chunk[$0] }
        if self.head.isEmpty { self.head = head }
        guard head == self.head, chunk["object"] == "chat.completion.chunk" else {
            throw Broken(why: "the head changed")
        }
        guard let list = chunk["choices"]?.arrayValue else { throw Broken(why: "no choices") }
        if list.isEmpty {
            usage = chunk["usage"]
            return
        }
        if wantsUsage, chunk["usage"] != .null { throw Broken(why: "usage must be null before the end") }
        guard list.count == 1, let index = list[0]["index"]?.intValue else { throw Broken(why: "not one choice") }
        guard let delta = list[0]["delta"]?.objectValue else { throw Broken(why: "no delta") }
        try take(delta, list[0], into: &choices[index, default: Choice()])
    }

    private func take(_ delta: JSONObject, _ entry: JSONValue, into choice: inout Choice) throws {
        guard choice.finish == nil else { throw Broken(why: "a chunk after the finish") }
        guard delta.keys.count <= 1 else { throw Broken(why: "more than one member in a delta") }
        choice.logprobs += entry["logprobs"]?["content"]?.arrayValue ?? []
        let reason = entry["finish_reason"]?.stringValue
        switch delta.keys.first {
        case "role" where choice.stage == 0: choice.stage = 1
        case "reasoning_content" where choice.stage == 1: choice.reasoning += try piece(delta["reasoning_content"])
        case "content" where (1...2).contains(choice.stage):
            choice.stage = 2
            choice.content = try (choice.content ?? "") + piece(delta["content"])
        case "tool_calls" where choice.stage >= 1:
            choice.stage = 3
            try take(delta["tool_calls"]?[0], into: &choice)
        case nil where choice.stage >= 1 && reason != nil: choice.finish = reason
        default: throw Broken(why: "\(delta.keys) at stage \(choice.stage)")
        }
        if choice.finish == nil, reason != nil { throw Broken(why: "a reason before the end") }
    }

    private func piece(_ value: JSONValue?) throws -> String {
        guard let text = value?.stringValue, !text.isEmpty else { throw Broken(why: "an empty piece") }
        return text
    }

    private func take(_ call: JSONValue?, into choice: inout Choice) throws {
        guard let call, let index = call["index"]?.intValue, let function = call["function"] else {
            throw Broken(why: "no call")
        }
        if let id = call["id"]?.stringValue {
            guard index == choice.calls.count, call["type"] == "function", function["arguments"] == "",
                let name = function["name"]?.stringValue
            else { throw Broken(why: "a call begins badly") }
            choice.calls.append([id, name, ""])
        } else {
            guard index == choice.calls.count - 1 else { throw Broken(why: "arguments of another call") }
            choice.calls[index][2] += try piece(function["arguments"])
        }
    }
}
