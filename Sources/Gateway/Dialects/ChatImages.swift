import Domain
import JSON

// Pictures: an https address the vendor fetches, or a data URI in the request itself.

extension ChatCheck {
    /// In one request.
    static let maximumImages = 100
    /// Of one picture in a data URI, before its base64.
    static let maximumImageBytes = 20 << 20
    /// Of all pictures in data URIs together.
    static let maximumImageBytesTogether = 50 << 20
    /// Of an address.
    static let maximumAddressBytes = 8192

    private enum ImageMember { case url, detail }
    private static let imageMembers = NameTable<ImageMember>(["url": .url, "detail": .detail])
    private static let details = NameTable<Void>(["auto": (), "low": (), "high": (), "original": ()])
    private static let mediaTypes: [StaticString] = [
        "data:image/png;base64,", "data:image/jpeg;base64,", "data:image/webp;base64,", "data:image/gif;base64,",
        "data:image/jpg;base64,",
    ]

    mutating func checkImage(_ place: Place) throws(GatewayError) {
        guard model.takesImages else {
            throw body.failure(.invalidValue, at: place, "is an image, and `\(model.id)` takes none.")
        }
        imageCount += 1
        guard imageCount <= Self.maximumImages else {
            throw body.failure(.invalidValue, at: place, "is one image more than the \(Self.maximumImages) allowed.")
        }
        var url: Place?
        try body.forEachMember(of: place, named: Self.imageMembers) { member, place throws(GatewayError) in
            switch member {
            case .url: url = place
            case .detail: try body.word(at: place, Self.details)
            }
        }
        try checkAddress(try required(url, "url", in: place))
    }

    private mutating func checkAddress(_ place: Place) throws(GatewayError) {
        try body.string(at: place)
        // Such an address needs no escape but `\/`, so the slow way is for few.
        let address =
            body[place].hasEscapes
            ? Array((body[place].string(in: body.bytes) ?? "").utf8)[...] : body.spelling(of: place)
        if address.startsLike("https://") {
            guard (9...Self.maximumAddressBytes).contains(address.count) else {
                throw body.failure(.invalidValue, at: place, "must be an address of at most 8,192 bytes.")
            }
            return
        }
        guard address.startsLike("data:") else {
            throw body.failure(.invalidValue, at: place, "must be an https address or a data URI.")
        }
        guard let type = Self.mediaTypes.first(where: { address.startsLike($0) }) else {
            throw body.failure(
                .invalidValue, at: place, "must be a PNG, JPEG, GIF or WebP, as `data:image/png;base64,…` and alike.")
        }
        try checkSize((address.count - type.utf8CodeUnitCount) / 4 * 3, at: place)
    }

    private mutating func checkSize(_ size: Int, at place: Place) throws(GatewayError) {
        guard size > 0 else { throw body.failure(.invalidValue, at: place, "holds no image.") }
        guard size <= Self.maximumImageBytes else {
            throw body.failure(.invalidValue, at: place, "is larger than \(Self.maximumImageBytes >> 20) MiB.")
        }
        imageBytes += size
        guard imageBytes <= Self.maximumImageBytesTogether else {
            throw body.failure(
                .invalidValue, at: place,
                "makes the images larger than \(Self.maximumImageBytesTogether >> 20) MiB together.")
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether these bytes begin with that text, whatever the case of its letters.
    fileprivate func startsLike(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { text in
            for i in 0..<text.count {
                let byte = self[startIndex + i]
                let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
                if unsafe lower != text[i] { return false }
            }
            return true
        }
    }
}
