import AIGateway
import Foundation
import Testing

@Suite("Values and their JSON")
struct CodingTests {
    struct Everything: Codable, Equatable {
        enum Kind: String, Codable { case small, large }
        enum Choice: Codable, Equatable {
            case none
            case some(count: Int)
        }
        var text = "Grüße \"\n🚀"
        var truth = true
        var whole = Int.min
        var small = Int8.min
        var big = UInt64.max
        var double = 0.1
        var float: Float = 0.1
        var wholeDouble = 2.0
        var missing: Int?
        var there: Int? = 1
        var kind = Kind.large
        var choices: [Choice] = [.none, .some(count: 2)]
        var nested: [[Int?]] = [[1, nil], []]
        var words = ["a": ["b": 1.5]]
        var numbers = [1: "one"]
        var anything: AIValue = ["z": [1, nil, "x", 1.5, true]]
        var perhaps: AIValue? = nil
        var range = 1...3
    }

    @Test func `what is encoded is decoded the same`() throws {
        let value = Everything()
        let json = try AIEncoder().encode(value)
        #expect(try AIDecoder().decode(Everything.self, from: json) == value)
        #expect(try AIDecoder().decode(Everything.self, from: AIValue(parsing: json.jsonText)) == value)
        #expect(json["big"]?.jsonText == "18446744073709551615")
        #expect(json["float"]?.jsonText == "0.1")
        #expect(json["wholeDouble"]?.jsonText == "2")
        #expect(json["missing"] == nil)
        #expect(json["anything"]?.jsonText == #"{"z":[1,null,"x",1.5,true]}"#)
        #expect(json["choices"]?.jsonText == #"[{"none":{}},{"some":{"count":2}}]"#)
        #expect(json["nested"]?.jsonText == "[[1,null],[]]")
    }

    /// Foundation's coders are the ones everybody knows.
    @Test func `it is what Foundation makes of it`() throws {
        let value = Everything()
        let theirs = try JSONEncoder().encode(value)
        #expect(try AIDecoder().decode(Everything.self, from: AIValue(parsing: Array(theirs))) == value)
        let ours = Data(try AIEncoder().encode(value).jsonText.utf8)
        #expect(try JSONDecoder().decode(Everything.self, from: ours) == value)
    }

    @Test func `members keep the order they are encoded in`() throws {
        struct Ordered: Encodable {
            let z = 1
            let a = 2
            let m = 3
        }
        #expect(try AIEncoder().encode(Ordered()).jsonText == #"{"z":1,"a":2,"m":3}"#)
    }

    class Animal: Codable {
        var name = "cat"
        init() {}
    }
    final class Pet: Animal {
        var owner = "Ada"
        private enum CodingKeys: String, CodingKey { case owner }
        override init() { super.init() }
        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            owner = try container.decode(String.self, forKey: .owner)
            try super.init(from: container.superDecoder())
        }
        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(owner, forKey: .owner)
            try super.encode(to: container.superEncoder())
        }
    }

    @Test func `a superclass has a place of its own`() throws {
        let pet = Pet()
        pet.name = "dog"
        let json = try AIEncoder().encode(pet)
        #expect(json.jsonText == #"{"owner":"Ada","super":{"name":"dog"}}"#)
        #expect(try AIDecoder().decode(Pet.self, from: json).name == "dog")
    }

    struct Nested: Codable, Equatable {
        var pairs = [(1, "one"), (2, "two")]

        init() {}
        init(from decoder: any Decoder) throws {
            pairs = []
            let keyed = try decoder.container(keyedBy: Key.self)
            var outer = try keyed.nestedUnkeyedContainer(forKey: Key(stringValue: "pairs"))
            while !outer.isAtEnd {
                var inner = try outer.nestedUnkeyedContainer()
                let number = try inner.decode(Int.self)
                let isNull = try inner.decodeNil()
                let text = try inner.nestedContainer(keyedBy: Key.self)
                pairs.append((number, try text.decode(String.self, forKey: Key(stringValue: "text"))))
                #expect(isNull && inner.isAtEnd && inner.count == 3)
            }
        }
        func encode(to encoder: any Encoder) throws {
            var keyed = encoder.container(keyedBy: Key.self)
            var outer = keyed.nestedUnkeyedContainer(forKey: Key(stringValue: "pairs"))
            for (number, text) in pairs {
                var inner = outer.nestedUnkeyedContainer()
                try inner.encode(number)
                try inner.encodeNil()
                var last = inner.nestedContainer(keyedBy: Key.self)
                try last.encode("lost", forKey: Key(stringValue: "text"))
                try last.encode(text, forKey: Key(stringValue: "text"))
            }
        }
        static func == (left: Nested, right: Nested) -> Bool {
            left.pairs.elementsEqual(right.pairs) { $0 == $1 }
        }

        struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
    }

    @Test func `containers lie in containers`() throws {
        let json = try AIEncoder().encode(Nested())
        #expect(json.jsonText == #"{"pairs":[[1,null,{"text":"one"}],[2,null,{"text":"two"}]]}"#)
        #expect(try AIDecoder().decode(Nested.self, from: json) == Nested())
    }

    struct Choice: Codable { let index: Int8 }
    struct Chat: Codable { let choices: [Choice] }

    @Test(arguments: [
        (#"{"choices":[{"index":0},{"index":"x"}]}"#, "choices.1.index", "It is a string, not Int8."),
        (#"{"choices":[{"index":300}]}"#, "choices.0.index", "It is a number that does not fit, not Int8."),
        (#"{"choices":[{"index":1.5}]}"#, "choices.0.index", "It is a number that does not fit, not Int8."),
        (#"{"choices":[{}]}"#, "choices.0.index", "There is nothing."),
        (#"{"choices":{}}"#, "choices", "It is an object, not an array."),
        (#"{"choices":null}"#, "choices", "It is null, not an array."),
        ("[]", "", "It is an array, not an object."),
    ])
    func `a value that does not fit is named by its path`(text: String, path: String, reason: String) throws {
        #expect(throws: AIError.notDecodable(path: path, reason: reason)) {
            try AIDecoder().decode(Chat.self, from: AIValue(parsing: text))
        }
    }

    @Test func `whole numbers may be spelled otherwise, and the last of equal keys counts`() throws {
        let value = try AIValue(parsing: #"{"index":1,"index":1e2}"#)
        #expect(try AIDecoder().decode(Choice.self, from: value).index == 100)
    }

    @Test func `what JSON cannot say is not encoded`() throws {
        let reason = "JSON has no infinities and no NaN."
        #expect(throws: AIError.notEncodable(path: "a.1", reason: reason)) {
            try AIEncoder().encode(["a": [1, Double.nan]])
        }
        #expect(throws: AIError.notEncodable(path: "", reason: reason)) { try AIEncoder().encode(Float.infinity) }
    }

    @Test func `a value knows its parts`() throws {
        let value: AIValue = ["a": [1, 2.5, "x", true, nil], "b": "\(1 + 1)"]
        #expect(value.jsonText == #"{"a":[1,2.5,"x",true,null],"b":"2"}"#)
        #expect(value["a"]?[0]?.intValue == 1)
        #expect(value["a"]?[1]?.doubleValue == 2.5)
        #expect(value["a"]?[2]?.stringValue == "x")
        #expect(value["a"]?[3]?.boolValue == true)
        #expect(value["a"]?[4]?.isNull == true)
        #expect(value["a"]?[5] == nil && value["c"] == nil && value["a"]?["x"] == nil)
        #expect(value.members?.map(\.key) == ["a", "b"])
        #expect(value["a"]?.arrayValue?.count == 5)
        #expect("\(value)" == value.jsonText)
        #expect(AIValue(UInt64.max).jsonText == "18446744073709551615")
        #expect(AIValue(2.0).jsonText == "2" && AIValue(Double.nan).isNull && AIValue(true) == true)
        #expect(throws: AIError.self) { try AIValue(parsing: "{") }
    }
}
