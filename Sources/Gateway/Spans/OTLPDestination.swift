public import Telemetry

/// Where a gateway's spans are sent: an entry of the field `otel` of the gateway object.
public struct OTLPDestination: Sendable, Equatable {
    /// The whole address; nothing is added to it.
    public let url: String
    public let headers: [Header]
    /// The whole value of the header field `Authorization`.
    public let authorization: Secret?
    public let contentType: OTLPContentType

    /// One header field. Its value may well be a key, so it is kept like one.
    public struct Header: Sendable, Equatable {
        public let name: String
        public let value: Secret

        public init(name: String, value: Secret) {
            self.name = name
            self.value = value
        }
    }

    /// From parts that were checked before, such as what was stored.
    init(url: String, headers: [Header], authorization: Secret?, contentType: OTLPContentType) {
        self.url = url
        self.headers = headers
        self.authorization = authorization
        self.contentType = contentType
    }

    /// Who is at the address, for the log: without path, query and user, which may hold secrets.
    public var host: String { OTLPAddress(url)?.host ?? "" }
}

extension OTLPDestination: Hashable {
    /// Without the secrets, which only comparing looks at.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(url)
        hasher.combine(contentType)
        for header in headers { hasher.combine(header.name) }
    }
}

/// How spans are written.
public enum OTLPContentType: String, Hashable, Sendable, CaseIterable {
    case json
    case protobuf

    var mediaType: String {
        switch self {
        case .json: "application/json"
        case .protobuf: "application/x-protobuf"
        }
    }
}
