package import JSON

extension JSONValue {
    /// An object of the members that have a value.
    package init(present members: [(String, JSONValue?)]) {
        self = .object(
            JSONObject(
                members: members.compactMap { key, value in value.map { JSONObject.Member(key: key, value: $0) } }))
    }
}
