import Domain
public import JSON

/// Why a stored document is no route.
public struct RouteDocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    public let problems: [JSONProblem]

    public var description: String {
        "The document is no route: " + problems.map(\.description).joined(separator: "; ")
    }
}

extension DynamicRoute {
    /// Everything, for a store. Times are microseconds.
    public var document: JSONObject {
        [
            "id": .string(id),
            "name": .string(name),
            "gateway_id": .string(gatewayID.rawValue),
            "created_at": .int(createdAt.microseconds),
            "modified_at": .int(modifiedAt.microseconds),
            "versions": .array(versions.map { .object($0.document) }),
            "deployments": .array(deployments.map { .object($0.document) }),
        ]
    }

    public init(document: JSONObject) throws(RouteDocumentError) {
        var fields = DocumentReader(
            document, at: JSONPointer(),
            known: ["id", "name", "gateway_id", "created_at", "modified_at", "versions", "deployments"])
        let versions = fields.list("versions", most: RouteBounds.mostVersions, Version.init)
        let deployments = fields.list("deployments", most: RouteBounds.mostDeployments, Deployment.init)
        let id = fields.text("id")
        let name = fields.text("name")
        let gateway = fields.text("gateway_id")
        let created = fields.time("created_at")
        let modified = fields.time("modified_at")
        if let last = deployments.last, !versions.contains(where: { $0.id == last.versionID }) {
            fields.report("deployments", "end with a version that is not there")
        }
        guard fields.problems.isEmpty, let id, let name, let gateway, let created, let modified else {
            throw RouteDocumentError(problems: fields.problems)
        }
        self.init(
            id: id, name: name, gatewayID: GatewayID(gateway), createdAt: created, modifiedAt: modified,
            versions: versions, deployments: deployments)
    }
}

extension DynamicRoute.Version {
    fileprivate var document: JSONObject {
        [
            "id": .string(id),
            "created_at": .int(createdAt.microseconds),
            "elements": elements,
            "is_valid": .bool(isValid),
        ]
    }

    fileprivate init?(_ object: JSONObject, at pointer: JSONPointer, _ problems: inout [JSONProblem]) {
        var fields = DocumentReader(object, at: pointer, known: ["id", "created_at", "elements", "is_valid"])
        let id = fields.text("id")
        let created = fields.time("created_at")
        let isValid = fields.bool("is_valid")
        problems += fields.problems
        guard let id, let created, let isValid else { return nil }
        self.init(id: id, createdAt: created, elements: object["elements"] ?? .null, isValid: isValid)
    }
}

extension DynamicRoute.Deployment {
    fileprivate var document: JSONObject {
        ["id": .string(id), "version_id": .string(versionID), "created_at": .int(createdAt.microseconds)]
    }

    fileprivate init?(_ object: JSONObject, at pointer: JSONPointer, _ problems: inout [JSONProblem]) {
        var fields = DocumentReader(object, at: pointer, known: ["id", "version_id", "created_at"])
        let id = fields.text("id")
        let version = fields.text("version_id")
        let created = fields.time("created_at")
        problems += fields.problems
        guard let id, let version, let created else { return nil }
        self.init(id: id, versionID: version, createdAt: created)
    }
}

/// Reads a document in which everything must be there.
private struct DocumentReader {
    private var fields: JSONFieldReader
    private var lists: [JSONProblem] = []

    /// Of an id or a name.
    private static let longestText = 256

    init(_ object: JSONObject, at pointer: JSONPointer, known: [String]) {
        fields = JSONFieldReader(object, at: pointer, known: known)
    }

    var problems: [JSONProblem] { fields.problems + lists }

    mutating func text(_ name: String) -> String? {
        fields.required(name) == nil ? nil : fields.text(name, longest: Self.longestText)
    }

    mutating func time(_ name: String) -> Timestamp? {
        guard fields.required(name) != nil else { return nil }
        return fields.integer(name, in: .min ... .max, unit: "microseconds").map(Timestamp.init(microseconds:))
    }

    mutating func bool(_ name: String) -> Bool? {
        fields.required(name) == nil ? nil : fields.bool(name)
    }

    mutating func list<Item>(
        _ name: String, most: Int, _ read: (JSONObject, JSONPointer, inout [JSONProblem]) -> Item?
    ) -> [Item] {
        guard fields.required(name) != nil, let list = fields.array(name, counts: 1...most) else { return [] }
        let pointer = fields.pointer.member(name)
        return list.enumerated().compactMap { position, value in
            guard let object = value.objectValue else {
                lists.append(JSONProblem(pointer.element(position), "must be an object"))
                return nil
            }
            return read(object, pointer.element(position), &lists)
        }
    }

    mutating func report(_ name: String, _ text: String) {
        fields.report(name, text)
    }
}
