import Domain
import JSON

// Pictures: an https address the vendor fetches, or a data URI in the request itself.

/// How much may come in pictures with one request.
struct ImageAllowance {
    static let maximumCount = 100
    /// Of one picture in a data URI, before its base64.
    static let maximumBytes = 20 << 20
    /// Of all pictures in data URIs together.
    static let maximumBytesTogether = 40 << 20

    private(set) var count = 0
    private(set) var bytes = 0

    /// Says what is wrong with one more picture; nil when nothing is.
    mutating func addOne() -> String? {
        count += 1
        return count > Self.maximumCount ? "is one image more than the \(Self.maximumCount) allowed." : nil
    }

    /// The same for the size of one in a data URI.
    mutating func add(bytes size: Int) -> String? {
        guard size > 0 else { return "holds no image." }
        guard size <= Self.maximumBytes else { return "is larger than \(Self.maximumBytes >> 20) MiB." }
        bytes += size
        return bytes > Self.maximumBytesTogether
            ? "makes the images larger than \(Self.maximumBytesTogether >> 20) MiB together." : nil
    }
}

extension ChatCheck {
    /// Of an address.
    private static let maximumAddressBytes = 8192

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
        if let fault = images.addOne() { throw body.failure(.invalidValue, at: place, fault) }
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
        let size = (address.count - type.utf8CodeUnitCount) / 4 * 3
        if let fault = images.add(bytes: size) { throw body.failure(.invalidValue, at: place, fault) }
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
