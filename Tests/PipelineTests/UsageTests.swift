import Domain
import InferenceRig
import Testing

@testable import Pipeline

@Suite("What was counted and changed", .timeLimit(.minutes(1)))
struct UsageTests {
    @Test func `usage that contradicts itself is marked`() async throws {
        let answer = #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":40}}"#
        try await withRig(vendor: TestVendor.saying(200, answer)) { rig in
            _ = try await rig.whole().get()
            #expect(rig.recorder.records.map(\.usageSource) == [.mismatched])
            #expect(rig.recorder.records.map(\.usage.totalTokens) == [40])
        }
    }

    @Test func `an estimate is the same for a stream and a whole answer`() async throws {
        let whole = #"{"choices":[{"index":0,"message":{"content":"ab"}}]}"#
        let stream = [chunk("a"), chunk("b"), chunk("", finish: #""stop""#), done]
        var seen: [TokenUsage] = []
        for (isStream, answer) in [(false, TestVendor.saying(200, whole)), (true, TestVendor.streaming(stream))] {
            let recorder = Notebook()
            try await withRig(recorder, vendor: answer) { rig in _ = try await rig.whole(stream: isStream).get() }
            #expect(recorder.records.map(\.usageSource) == [.estimated])
            seen += recorder.records.map(\.usage)
        }
        #expect(seen == Array(repeating: TokenUsage(promptTokens: 5, completionTokens: 5, totalTokens: 10), count: 2))
    }

    private static let estimate =
        #""usage":{"prompt_tokens":5,"completion_tokens":5,"total_tokens":10,"estimated":true,"cost":0.0000275}"#

    @Test func `a client is told the estimate that is recorded, wherever usage stands`() async throws {
        let whole = #"{"choices":[{"index":0,"message":{"content":"ab"},"finish_reason":"stop"}]}"#
        let stream = [emptyFrame, chunk("a"), chunk("b", finish: #""stop""#), done]
        let answers = [
            ("", TestVendor.saying(200, whole)), (#","stream":true"#, TestVendor.streaming(stream)),
            (#","stream":true,"stream_options":{"include_usage":true}"#, TestVendor.streaming(stream)),
        ]
        for (more, vendor) in answers {
            try await withRig(vendor: vendor) { rig in
                let text = try await rig.said(more).get()
                #expect(text.ranges(of: Self.estimate).count == 1)
                #expect(text.ranges(of: #""choices":[]"#).count == (more.contains("include") ? 1 : 0))
                #expect(rig.recorder.records.map(\.usageSource) == [.estimated])
                #expect(rig.recorder.records.map(\.usage.totalTokens) == [10])
            }
        }
    }

    @Test func `usage of every frame is told once and recorded`() async throws {
        let counted = { (frame: String) in String(frame.dropLast(3)) + ",\(usage)}\n\n" }
        let stream = [chunk("a"), chunk("", finish: #""stop""#)].map(counted) + [usageChunk, done]
        for more in [#","stream":true"#, #","stream":true,"stream_options":{"include_usage":true}"#] {
            try await withRig(vendor: TestVendor.streaming(stream)) { rig in
                let text = try await rig.said(more).get()
                #expect(text.ranges(of: charged).count == 1)
                #expect(rig.recorder.records.map(\.usageSource) == [.reported])
            }
        }
    }

    @Test(arguments: [false, true])
    func `what was changed in a request is told with its answer`(isStream: Bool) async throws {
        let answer = isStream ? TestVendor.streaming(goodStream) : TestVendor.saying(200, completion)
        try await withRig(vendor: answer) { rig in
            var call = rig.call(stream: isStream)
            call.body.removeLast()
            call.body += Array(#","temperature":1,"max_tokens":200000}"#.utf8)
            let changed = call
            let warning = await rig.start { () -> String? in
                switch try? await rig.pipeline.chat(changed, on: rig.lane) {
                case .whole(_, let route)?: return route.warning
                case .stream(let stream, let route)?:
                    _ = await Rig.read(stream)
                    return route.warning
                case nil: return nil
                }
            }.value
            #expect(warning == "dropped temperature; max_tokens lowered to 100000")
        }
    }
}

/// What Azure sends first.
private let emptyFrame = "data: {\"choices\":[],\"id\":\"\",\"prompt_filter_results\":[]}\n\n"

extension Rig {
    /// The answer to a request with these members more.
    fileprivate func said(_ more: String) async -> Result<String, GatewayError> {
        var call = call()
        call.body = Array(
            #"{"model":"openai/o4-mini","messages":[{"role":"user","content":"x"}]\#(more)}"#.utf8)
        let changed = call
        return await start { () -> Result<String, GatewayError> in
            do throws(GatewayError) {
                switch try await pipeline.chat(changed, on: lane) {
                case .whole(let body, _): return .success(String(decoding: body, as: UTF8.self))
                case .stream(let stream, _): return await Self.read(stream)
                }
            } catch {
                return .failure(error)
            }
        }.value
    }
}
