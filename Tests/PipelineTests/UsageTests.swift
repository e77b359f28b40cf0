import Domain
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
