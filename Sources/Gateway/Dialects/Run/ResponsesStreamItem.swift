import JSON

/// An item of a streamed answer that has begun. Texts are spelled as in JSON, without quotes.
struct ResponsesStreamItem: Sendable {
    enum Kind: Hashable {
        case reasoning, message, refusal
        /// - vendorIndex: As the chunks count calls.
        case call(index: Int, vendorIndex: Int)
    }

    let kind: Kind
    var text: [UInt8] = []
    /// JSON text, as is `name`.
    var callID: [UInt8] = []
    var name: [UInt8] = []

    func id(_ form: ResponsesForm) -> String {
        switch kind {
        case .reasoning: form.id("rs")
        case .message, .refusal: form.id("msg")
        case .call(let index, _): form.id("fc", index)
        }
    }

    /// The item as it is announced while in progress, and as it is in the end.
    func written(_ status: ResponsesForm.Status, _ form: ResponsesForm) -> [UInt8] {
        let isDone = status != .inProgress
        return switch kind {
        case .reasoning: form.reasoning(isDone ? text : nil)
        case .message, .refusal: form.message(status, isDone ? part(form) : nil)
        case .call(let index, _): form.call(index, status, callID: callID, name: name, arguments: text)
        }
    }

    /// The part its text lies in; calls have none.
    func part(_ form: ResponsesForm) -> [UInt8]? {
        switch kind {
        case .reasoning: form.summary(text)
        case .message: form.outputText(text)
        case .refusal: form.refusal(text)
        case .call: nil
        }
    }
}

extension ResponsesStreamItem.Kind {
    var delta: StaticString {
        switch self {
        case .reasoning: "response.reasoning_summary_text.delta"
        case .message: "response.output_text.delta"
        case .refusal: "response.refusal.delta"
        case .call: "response.function_call_arguments.delta"
        }
    }

    var done: StaticString {
        switch self {
        case .reasoning: "response.reasoning_summary_text.done"
        case .message: "response.output_text.done"
        case .refusal: "response.refusal.done"
        case .call: "response.function_call_arguments.done"
        }
    }

    var partAdded: StaticString {
        self == .reasoning ? "response.reasoning_summary_part.added" : "response.content_part.added"
    }

    var partDone: StaticString {
        self == .reasoning ? "response.reasoning_summary_part.done" : "response.content_part.done"
    }

    /// What its text is called once it is whole.
    var textName: String {
        switch self {
        case .reasoning, .message: "text"
        case .refusal: "refusal"
        case .call: "arguments"
        }
    }

    /// What says which part of the item is meant.
    var placeName: String? {
        switch self {
        case .reasoning: "summary_index"
        case .message, .refusal: "content_index"
        case .call: nil
        }
    }
}
