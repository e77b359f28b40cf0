import Domain
import JSON

extension ChatCheck {
    private enum PartKind { case text, image, audio, file, refusal }
    private enum PartMember { case type, text, image, audio, file, refusal }

    private static let partKinds = NameTable<PartKind>([
        "text": .text, "image_url": .image, "input_audio": .audio, "file": .file, "refusal": .refusal,
    ])
    private static let partMembers = NameTable<PartMember>([
        "type": .type, "text": .text, "image_url": .image, "input_audio": .audio, "file": .file, "refusal": .refusal,
    ])

    mutating func checkContent(at place: Place) throws(GatewayError) {
        switch body[place].kind {
        case .string: textBytes += body.spelling(of: place).count
        case .array:
            let outline = body.outline
            var next = outline.firstChild(of: place)
            while let part = next {
                try checkPart(at: part)
                next = outline.sibling(after: part, in: place)
            }
        default: throw body.failure(.invalidType, at: place, "must be a string or an array of parts.")
        }
    }

    /// A part holds what its type says. Whatever else stands beside it is as unknown as any other member.
    private mutating func checkPart(at part: Place) throws(GatewayError) {
        var kind: PartKind?
        var places = PartPlaces()
        try body.forEachMember(of: part, named: Self.partMembers) { member, place throws(GatewayError) in
            switch member {
            case .type: kind = try body.word(at: place, Self.partKinds)
            case .text: places.text = place
            case .image: places.image = place
            case .audio: places.audio = place
            case .file: places.file = place
            case .refusal: places.refusal = place
            }
        }
        guard let kind else { throw body.missing("type", in: part) }
        switch kind {
        case .text: try checkText(places.text, "text", in: part)
        case .refusal: try checkText(places.refusal, "refusal", in: part)
        case .image: try checkImage(try required(places.image, "image_url", in: part))
        case .audio: try checkAudio(try required(places.audio, "input_audio", in: part))
        case .file: try body.expect(.object, at: try required(places.file, "file", in: part), "an object")
        }
    }

    private struct PartPlaces {
        var text: Place?
        var image: Place?
        var audio: Place?
        var file: Place?
        var refusal: Place?
    }

    private mutating func checkText(_ place: Place?, _ name: StaticString, in part: Place) throws(GatewayError) {
        let place = try required(place, name, in: part)
        try body.string(at: place)
        textBytes += body.spelling(of: place).count
    }

    func required(_ place: Place?, _ name: StaticString, in parent: Place) throws(GatewayError) -> Place {
        guard let place else { throw body.missing(name, in: parent) }
        return place
    }

    private enum AudioMember { case data, format }
    private static let audioMembers = NameTable<AudioMember>(["data": .data, "format": .format])

    private func checkAudio(_ place: Place) throws(GatewayError) {
        var found = (data: false, format: false)
        try body.forEachMember(of: place, named: Self.audioMembers) { member, place throws(GatewayError) in
            try body.string(at: place)
            switch member {
            case .data: found.data = true
            case .format: found.format = true
            }
        }
        guard found.data else { throw body.missing("data", in: place) }
        guard found.format else { throw body.missing("format", in: place) }
    }
}
