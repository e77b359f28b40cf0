import JSON

/// What one choice of an answer or a frame says, and where it says it.
struct ChatChoice {
    typealias Place = JSONOutline.Place

    let place: Place
    var index: Int
    var hasIndex = false
    /// The delta of a frame, the message of a whole answer.
    var delta: Place?
    var finish: Place?
    var finishes = false
    /// Whether the reason to finish is a reason or null.
    var hasPlainFinish = false
    /// Log probabilities, or members nobody here knows: worth sending even where the delta says nothing.
    var hasMore = false

    // Of the delta. Members that are null or empty are nil.
    var memberCount = 0
    var role: Place?
    var reasoning: Place?
    /// `reasoning` bears another name than `reasoning_content`.
    var isReasoningRenamed = false
    /// A `reasoning_content` that is null or empty.
    var reasoningSlot: Place?
    var content: Place?
    var refusal: Place?
    var functionCall: Place?
    var calls: [ChatCall] = []
    /// Members nobody here knows.
    var hasOthers = false
    /// Members that are there and say nothing, other than null.
    var hasEmpty = false

    init(_ place: Place, position: Int) {
        self.place = place
        index = position
    }

    /// What the delta says, in the order in which clients are told it.
    var texts: [(name: StaticString, place: Place)] {
        var texts: [(name: StaticString, place: Place)] = []
        if let reasoning { texts.append(("reasoning_content", reasoning)) }
        if let content { texts.append(("content", content)) }
        if let refusal { texts.append(("refusal", refusal)) }
        if let functionCall { texts.append(("function_call", functionCall)) }
        return texts
    }

    private var textCount: Int {
        (reasoning == nil ? 0 : 1) + (content == nil ? 0 : 1) + (refusal == nil ? 0 : 1) + (functionCall == nil ? 0 : 1)
    }

    /// Whether this choice can be sent as it stands, given what was sent of it before.
    func isPlain(after tracks: ChatTracks) -> Bool {
        guard hasIndex, delta != nil, hasPlainFinish, !tracks.hasFinished(index) else { return false }
        guard tracks.hasRole(index) else { return !finishes && role != nil && memberCount == 1 }
        guard !hasEmpty else { return false }
        guard !finishes else { return memberCount == 0 }
        guard role == nil else { return false }
        let said = textCount + (calls.isEmpty ? 0 : 1)
        return said == 0 ? hasMore || hasOthers : said == 1 && calls.allSatisfy(\.isPlain)
    }
}

/// A tool call, or a fragment of one.
struct ChatCall {
    typealias Place = JSONOutline.Place

    let place: Place
    /// Its number in the choice, from 0, whatever its vendor calls it.
    var number = 0
    var begins = false
    var vendorIndex: Int?
    var id: Place?
    var type: Place?
    var function: Place?
    var name: Place?
    /// Nil where there are none, or an empty text.
    var arguments: Place?
    var hasArguments = false
    /// Whether it has the form in which clients are told it.
    var isPlain = false

    init(_ place: Place) {
        self.place = place
    }

    mutating func judge() {
        guard vendorIndex == number else { return }
        isPlain =
            begins
            ? id != nil && type != nil && name != nil && hasArguments && arguments == nil
            : id == nil && type == nil && name == nil && arguments != nil
    }
}

/// What was said of each choice of a stream before the frame at hand.
struct ChatTracks: Sendable {
    private struct Call: Sendable {
        let choice: Int
        let number: Int
        let vendorIndex: Int?
        let id: [UInt8]
    }

    /// More calls of one answer are passed on as they come.
    private static let mostCalls = 1024

    private var roles: UInt128 = 0
    private var finished: UInt128 = 0
    private var calls: [Call] = []

    /// Choices beyond the largest number one may ask for are not followed.
    static let mostChoices = 128

    func hasRole(_ choice: Int) -> Bool {
        choice >= Self.mostChoices || roles & (1 << UInt128(choice)) != 0
    }

    func hasFinished(_ choice: Int) -> Bool {
        choice < Self.mostChoices && finished & (1 << UInt128(choice)) != 0
    }

    mutating func sentRole(_ choice: Int) {
        if choice < Self.mostChoices { roles |= 1 << UInt128(choice) }
    }

    mutating func finish(_ choice: Int) {
        if choice < Self.mostChoices { finished |= 1 << UInt128(choice) }
    }

    /// Finds the call a fragment belongs to, or notes that it begins one. A vendor may number calls from anywhere,
    /// give all of them one number or none; a new id with a name begins a call all the same.
    mutating func number(_ call: inout ChatCall, choice: Int, id: ArraySlice<UInt8>) {
        let known = calls.last { known in
            guard known.choice == choice else { return false }
            if let index = call.vendorIndex, let other = known.vendorIndex { return index == other }
            return id.isEmpty || known.id.elementsEqual(id)
        }
        if let known,
            call.name == nil || call.vendorIndex != nil && id.isEmpty || !id.isEmpty && known.id.elementsEqual(id)
        {
            call.number = known.number
        } else {
            call.number = (calls.last { $0.choice == choice }?.number ?? -1) + 1
            call.begins = true
            guard calls.count < Self.mostCalls else { return }
            calls.append(
                Call(choice: choice, number: call.number, vendorIndex: call.vendorIndex, id: Array(id)))
        }
        call.judge()
    }
}
