import Crypto
import Domain
import JSON
import NamedGateways

/// Within a gateway, who shares answers with whom.
public enum CachePartition: Hashable, Sendable {
    /// Everybody: neither keys nor metadata are looked at.
    case none
    /// Only who uses the same key.
    case key
    /// Only calls with the same value there.
    case metadata(String)
}

/// Names a question by a hash that nobody outside can make, so that no caller can aim at another's answer.
struct QuestionDigest: Sendable {
    private let hash: KeyedHash?
    private let partition: CachePartition

    init(partition: CachePartition) {
        self.partition = partition
        hash = try? KeyedHash(key: SecureRandom.bytes(KeyedHash.keyByteCount))
    }

    /// Questions of another age of their gateway are others.
    func key(for question: CacheQuestion, age: GatewayAge) -> AnswerKey? {
        guard let hash else { return nil }
        var text: [UInt8] = []
        if let custom = question.custom {
            Self.add("custom", to: &text)
            Self.add(custom, to: &text)
        } else {
            for part in ["question", question.provider, question.method, question.path] { Self.add(part, to: &text) }
            text += CanonicalJSON.bytes(of: question.body)
        }
        Self.add(question.isStream ? "stream" : "whole", to: &text)
        Self.add(partition(of: question), to: &text)
        Self.add("\(age.everybody).\(age.own)", to: &text)
        return AnswerKey(account: question.account, gateway: question.gateway, digest: hash.hash(text).bytes)
    }

    private func partition(of question: CacheQuestion) -> String {
        switch partition {
        case .none: ""
        case .key: "key:\(question.principal?.rawValue ?? "")"
        case .metadata(let name): "metadata:\(question.metadata[name]?.text ?? "")"
        }
    }

    /// With its length before it, so that no two lists of parts look alike.
    private static func add(_ part: String, to text: inout [UInt8]) {
        text += "\(part.utf8.count):".utf8
        text += part.utf8
    }
}

/// One spelling for all bodies that say the same: members by their names, no space between. The spelling of numbers and
/// the order of elements stay; they can matter to a model.
enum CanonicalJSON {
    static func bytes(of body: [UInt8]) -> [UInt8] {
        guard let value = try? JSONScanner().value(body) else { return body }
        let text = sorted(value).serialized()
        // Half a surrogate pair is read as U+FFFD, whichever half it was: then it is the spelling that counts.
        return contains([0xEF, 0xBF, 0xBD], in: text) && contains(Array(#"\u"#.utf8), in: body) ? body : text
    }

    private static func contains(_ part: [UInt8], in text: [UInt8]) -> Bool {
        text.indices.contains { text[$0] == part[0] && text[$0...].starts(with: part) }
    }

    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(sorted))
        case .object(let object):
            var members = object.members.map { JSONObject.Member(key: $0.key, value: sorted($0.value)) }
            // A key that is there twice keeps its order: the last one counts.
            members.sort { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
            return .object(JSONObject(members: members))
        default: return value
        }
    }
}
