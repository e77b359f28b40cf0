import JSON
import Testing

@Suite("Outlines of JSON texts")
struct JSONOutlineTests {
    private let text = Array(#"{"a":[{"x":1},[ ],{"b/c~d":"s","\u0065":{}}],"z":null}"#.utf8)

    @Test func `each value has the pointer that leads to it`() throws {
        let outline = try JSONScanner().outline(text, levels: 9)
        var pointers: [String] = []
        func visit(_ place: JSONOutline.Place) {
            pointers.append(outline.pointer(to: place, in: text))
            for child in outline.children(of: place) { visit(child) }
        }
        visit(outline.root)
        #expect(pointers == ["", "/a", "/a/0", "/a/0/x", "/a/1", "/a/2", "/a/2/b~1c~0d", "/a/2/e", "/z"])
    }

    @Test func `children one by one are the children in a list`() throws {
        let outline = try JSONScanner().outline(text, levels: 2)
        let list = try #require(outline.member("a", of: outline.root, in: text))
        var places: [JSONOutline.Place] = []
        var next = outline.firstChild(of: list)
        while let place = next {
            places.append(place)
            next = outline.sibling(after: place, in: list)
        }
        #expect(places == outline.children(of: list))
        #expect(places.count == 3)
        #expect(outline.firstChild(of: places[0]) == nil)
        #expect(outline.firstChild(of: places[1]) == nil)
    }

    @Test func `a part of an outline reads like a scan of that part`() throws {
        let scanner = JSONScanner()
        let outline = try scanner.outline(text, levels: 9)
        #expect(outline.index(of: outline.root) == (try scanner.scan(text)))
        let list = try #require(outline.member("a", of: outline.root, in: text))
        for place in [list] + outline.children(of: list) {
            #expect(outline.index(of: place) == (try scanner.scan(text, in: outline[place].range)))
        }
    }
}
