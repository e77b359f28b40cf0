public import Domain
public import JSON

/// A whole chat answer as the answer of Responses it stands for.
public enum ResponsesAnswer {
    /// Throws when it is no chat answer.
    public static func whole(
        _ chat: [UInt8], for input: ResponsesInput, scanner: JSONScanner
    ) throws(GatewayError) -> [UInt8] {
        guard let frame = NativeFrame(chat, levels: ChatFrame.levels, scanner: scanner),
            let choice = frame.elements(of: frame.member("choices")).first
        else { throw RunNative.unreadable }
        let form = ResponsesForm(frame, input)
        let status = ResponsesForm.Status(finish: frame.string(frame.member("finish_reason", of: choice)))
        let message = frame.member("message", of: choice)
        let text = frame.spelling(frame.member("content", of: message))
        var items: [[UInt8]] = []
        if let thoughts = frame.spelling(frame.member("reasoning_content", of: message)) {
            items.append(form.reasoning(thoughts))
        }
        let calls = frame.elements(of: frame.member("tool_calls", of: message))
        if let text {
            items.append(form.message(calls.isEmpty ? status : .completed, form.outputText(text)))
        } else if let refusal = frame.spelling(frame.member("refusal", of: message)) {
            items.append(form.message(status, form.refusal(refusal)))
        }
        for (index, call) in calls.enumerated() {
            items.append(item(index, of: calls.count, call, status, form, frame))
        }
        return form.response(
            status, items: items, text: text ?? [],
            usage: frame.member("usage").flatMap { ResponsesForm.usage(at: $0, in: frame) })
    }

    /// Only the last call can be cut off.
    private static func item(
        _ index: Int, of count: Int, _ call: NativeFrame.Place, _ status: ResponsesForm.Status, _ form: ResponsesForm,
        _ frame: NativeFrame
    ) -> [UInt8] {
        form.call(
            index, index == count - 1 ? status : .completed,
            callID: frame.text(frame.member("id", of: call)),
            name: frame.text(frame.member("function", "name", from: call)),
            arguments: frame.spelling(frame.member("function", "arguments", from: call)) ?? [])
    }
}

extension NativeFrame {
    /// A string as JSON text; an empty one where there is none.
    func text(_ place: Place?) -> [UInt8] {
        guard let place, self[place].kind == .string else { return Array(#""""#.utf8) }
        return Array(self[place].raw(in: bytes))
    }
}
