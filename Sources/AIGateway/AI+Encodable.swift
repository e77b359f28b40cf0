// Inputs of types of one's own.

extension AI {
    /// Asks a model and waits for its whole answer.
    public func run<Inputs: Encodable>(
        _ model: String, _ inputs: Inputs, options: AIRunOptions = AIRunOptions()
    ) async throws(AIError) -> AIResult {
        try await run(model, try AIEncoder().encode(inputs), options: options)
    }

    /// Asks a model and gives the events of its answer as they come. `"stream": true` is added to the inputs.
    public func stream<Inputs: Encodable>(
        _ model: String, _ inputs: Inputs, options: AIRunOptions = AIRunOptions()
    ) async throws(AIError) -> AIStream {
        try await stream(model, try AIEncoder().encode(inputs), options: options)
    }

    /// Asks a model and gives the answer as it comes, whatever its status and its content.
    public func raw<Inputs: Encodable>(
        _ model: String, _ inputs: Inputs, options: AIRunOptions = AIRunOptions()
    ) async throws(AIError) -> AIRawResponse {
        try await raw(model, try AIEncoder().encode(inputs), options: options)
    }
}
