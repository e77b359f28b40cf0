import Routing
import Testing

@Suite("Query parameters")
struct QueryParametersTests {
    @Test(
        "The first value that is not empty counts",
        arguments: [
            ("", nil), ("a", nil), ("a=", nil), ("a=1", "1"), ("a=1&a=2", "1"), ("a=&a=2", "2"), ("b=1", nil),
            ("a=x%2Fy", "x/y"), ("a=x+y", "x y"), ("a=x=y", "x=y"), ("%61=1", "1"), ("a=%zz", nil), ("&&a=1&", "1"),
        ] as [(String, String?)])
    func first(query: String, value: String?) {
        #expect(QueryParameters(query).first("a") == value)
    }

    @Test(
        "Several values come one by one or with commas",
        arguments: [
            ("", []), ("a=1,2", ["1", "2"]), ("a=1&b=x&a=2,3", ["1", "2", "3"]), ("a=,", []), ("a=1%2C2", ["1", "2"]),
        ] as [(String, [String])])
    func all(query: String, values: [String]) {
        #expect(QueryParameters(query).all("a") == values)
    }

    @Test func `an endless query is not read to its end`() {
        let query = String(repeating: "b=1&", count: 100) + "a=1"
        #expect(QueryParameters(query).first("a") == nil)
    }
}
