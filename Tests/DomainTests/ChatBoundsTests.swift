import Domain
import Testing

@Suite("Bounds of a chat model")
struct ChatBoundsTests {
    @Test func `what a page does not say is what the endpoint allows`() {
        let bounds = ChatBounds()
        #expect(bounds.temperature == 0...2)
        #expect(bounds.topP == 0...1)
        #expect(bounds.choices == 1...128)
        #expect(bounds.efforts == [.low, .medium, .high])
        #expect(bounds.refused == [.reasoningEffort])
    }

    @Test func `a page can narrow a range, never widen it`() {
        let bounds = ChatBounds(publishing: [
            PublishedParameter(name: "temperature", kind: .number, minimum: -5, maximum: 1.5),
            PublishedParameter(name: "top_p", kind: .number, exclusiveMinimum: 0, exclusiveMaximum: 1),
            PublishedParameter(name: "n", kind: .integer, maximum: 4.5),
        ])
        #expect(bounds.temperature == 0...1.5)
        #expect(bounds.topP.contains(0.5) && !bounds.topP.contains(0) && !bounds.topP.contains(1))
        #expect(bounds.choices == 1...4)
    }

    @Test func `a page that leaves nothing of a range is not believed`() {
        let page = PublishedParameter(name: "n", kind: .integer, minimum: 500)
        #expect(ChatBounds(publishing: [page]).choices == 1...128)
        let fraction = PublishedParameter(name: "n", kind: .integer, minimum: 1.2, maximum: 1.8)
        #expect(ChatBounds(publishing: [fraction]).choices == 1...128)
    }

    @Test func `a model without tools takes nothing that goes with tools`() {
        let refused = ChatBounds(refusing: [.tools], isReasoning: true).refused
        #expect(refused == [.tools, .toolChoice, .parallelToolCalls, .functions, .functionCall])
    }

    @Test func `an effort that a model does not know becomes the next greater, else its greatest`() {
        let bounds = ChatBounds(efforts: [.high, .low], isReasoning: true)
        #expect(bounds.nearest(.none) == .low)
        #expect(bounds.nearest(.low) == .low)
        #expect(bounds.nearest(.medium) == .high)
        #expect(bounds.nearest(.max) == .high)
    }
}
