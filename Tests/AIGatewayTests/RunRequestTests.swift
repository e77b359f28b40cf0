import AIGateway
import HTTPCore
import JSON
import Testing

@Suite("What a run sends", .timeLimit(.minutes(1)))
struct RunRequestTests {
    let inputs: AIValue = ["messages": [["role": "user", "content": "Grüße"]]]

    func sent(
        _ transport: AITransport, _ model: String = "openai/o4-mini", _ options: AIRunOptions = AIRunOptions()
    ) async throws -> SeenRequest {
        nonisolated(unsafe) var found: SeenRequest?  // Guard: one task.
        try await withAI(transport, answer: .json(chatText)) { ai, gateway in
            _ = try await ai.run(model, inputs, options: options)
            #expect(gateway.requests.count == 1)
            found = gateway.requests.first
        }
        return try #require(found)
    }

    @Test func `native: inputs and options are the body, the model is a header`() async throws {
        let request = try await sent(.native)
        #expect(request.method == "POST")
        #expect(request.path == "/binding/run?version=3")
        let body = #"{"inputs":{"messages":[{"role":"user","content":"Grüße"}]},"options":{}}"#
        #expect(String(decoding: request.body, as: UTF8.self) == body)
        #expect(request.headers.first("content-type") == "application/json")
        #expect(request.headers.first("cf-consn-sdk-version") == "2.0.0")
        #expect(request.headers.first("cf-consn-model-id") == "openai/o4-mini")
        #expect(request.headers.all("authorization") == ["Bearer sk-aig-1"])
    }

    @Test func `native: a gateway is in the body and in the path`() async throws {
        let gateway = AIGatewayOptions(
            id: "default", cacheKey: "k", cacheSeconds: 60, skipCache: false, metadata: ["user": 7, "plan": "é"],
            collectLog: true, eventID: "e", requestTimeoutMilliseconds: 100,
            retries: AIRetries(maximumAttempts: 3, delayMilliseconds: 10, backoff: .linear))
        let request = try await sent(.native, "openai/o4-mini", AIRunOptions(gateway: gateway))
        #expect(request.path == "/binding/ai-gateway/run?version=3")
        let expected: JSONValue = [
            "gateway": [
                "id": "default", "cacheKey": "k", "cacheTtl": 60, "skipCache": false,
                "metadata": ["plan": "é", "user": 7], "collectLog": true, "eventId": "e", "requestTimeoutMs": 100,
                "retries": ["maxAttempts": 3, "retryDelayMs": 10, "backoff": "linear"],
            ]
        ]
        #expect(request.json?["options"] == expected)
    }

    @Test func `native: options go into the body, but for the prefix and the headers`() async throws {
        let options = AIRunOptions(
            queueRequest: true, rejectIfBusy: false, tags: ["a", "b"], prefix: "try",
            extraHeaders: [
                "X-One": "one", "Content-Type": "text/plain", "authorization": "Bearer other",
                "X-Broken": "a\r\nX-Evil: yes",
            ],
            other: ["new": ["x": 1]])
        let request = try await sent(.native, "openai/o4-mini", options)
        let expected: JSONValue = ["queueRequest": true, "rejectIfBusy": false, "tags": ["a", "b"], "new": ["x": 1]]
        #expect(request.json?["options"] == expected)
        #expect(request.headers.first("cf-consn-model-id") == "try:openai/o4-mini")
        #expect(request.headers.first("x-one") == "one")
        #expect(request.headers.first("x-evil") == nil)
        #expect(request.headers.all("content-type") == ["application/json"])
        #expect(request.headers.all("authorization") == ["Bearer sk-aig-1"])
    }

    @Test func `tunnel: the same request, with its address in a header`() async throws {
        let options = AIRunOptions(gateway: AIGatewayOptions(id: "default"))
        let request = try await sent(.tunnel, "openai/o4-mini", options)
        #expect(request.path == "/client/v4/accounts/acc_1/ai/run/proxy")
        #expect(request.headers.first("x-forwarded") == "https://workers-binding.ai/ai-gateway/run?version=3")
        #expect(request.headers.first("cf-consn-model-id") == "openai/o4-mini")
        #expect(request.json?["options"] == ["gateway": ["id": "default"]])
    }

    @Test func `rest: the model is in the path and the inputs are the body`() async throws {
        let request = try await sent(.rest, "@cf/meta/llama-3.1-8b", AIRunOptions(queueRequest: true))
        let path = "/client/v4/accounts/acc_1/ai/run/%40cf%2Fmeta%2Fllama-3.1-8b?queueRequest=true"
        #expect(request.path == path)
        #expect(request.json == ["messages": [["role": "user", "content": "Grüße"]]])
        #expect(request.headers.all("content-type") == ["application/json"])
        #expect(request.headers.first("cf-aig-gateway-id") == nil)
    }

    @Test func `rest: a gateway is headers, other options are beside the inputs`() async throws {
        let gateway = AIGatewayOptions(
            id: "mine", cacheKey: "k", cacheSeconds: 0, skipCache: true, metadata: ["plan": "é🚀", "n": 1],
            collectLog: false, eventID: "e", requestTimeoutMilliseconds: 100,
            retries: AIRetries(maximumAttempts: 3, delayMilliseconds: 10, backoff: .linear))
        let request = try await sent(.rest, "openai/o4-mini", AIRunOptions(gateway: gateway, rejectIfBusy: true))
        let told = request.headers.fields(prefixed: "cf-aig-").map { "\($0): \($1)" }
        #expect(
            Set(told) == [
                "cf-aig-gateway-id: mine", "cf-aig-skip-cache: true", "cf-aig-cache-key: k",
                #"cf-aig-metadata: {"n":1,"plan":"\u00e9\ud83d\ude80"}"#, "cf-aig-collect-log: false",
                "cf-aig-event-id: e", "cf-aig-request-timeout: 100", "cf-aig-max-attempts: 3",
                "cf-aig-retry-delay: 10", "cf-aig-backoff: linear",
            ])
        #expect(request.json?["options"] == ["rejectIfBusy": true])
        #expect(request.json?["messages"] != nil)
    }

    @Test func `inputs may be of a type of one's own`() async throws {
        struct Inputs: Encodable {
            struct Message: Encodable {
                let role: String
                let content: String
            }
            let messages: [Message]
            var temperature: Double? = 0.5
            var seed: Int?
        }
        try await withAI(answer: .json(chatText)) { ai, gateway in
            _ = try await ai.run("m", Inputs(messages: [Inputs.Message(role: "user", content: "Hi")]))
            #expect(
                gateway.requests[0].json?["inputs"]
                    == ["messages": [["role": "user", "content": "Hi"]], "temperature": 0.5])
        }
    }

    @Test func `what cannot be sent is refused before any request`() async throws {
        try await withAI(answer: .json(chatText)) { ai, gateway in
            for model in ["", "a b", "a\r\nX-Evil: yes", "modèle"] {
                await #expect(throws: AIError.self) { try await ai.run(model, inputs) }
            }
            await #expect(throws: AIError.invalidCall("A streamed answer is read with `stream`.")) {
                try await ai.run("m", ["stream": true])
            }
            await #expect(throws: AIError.invalidCall("The inputs are to be an object.")) {
                try await ai.stream("m", AIValue("text"))
            }
            #expect(gateway.requests.isEmpty)
        }
        for base in ["", "ftp://x", "127.0.0.1:8080"] {
            #expect(throws: AIError.self) { try AI(baseURL: base, apiKey: "k") }
        }
        for key in ["", "a\nb", "a b"] {
            #expect(throws: AIError.self) { try AI(baseURL: "http://x", apiKey: key) }
        }
    }

    @Test func `a base URL may end in slashes and in the version`() async throws {
        try await withGateway({ _ in .json(chatText) }) { origin, gateway in
            for end in ["", "/", "/v1", "/v1/"] {
                _ = try await AI(baseURL: origin + end, apiKey: "k").run("m", ["a": 1])
            }
            #expect(Set(gateway.requests.map(\.path)) == ["/binding/run?version=3"])
        }
    }
}
