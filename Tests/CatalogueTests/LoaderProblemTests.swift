import Catalogue
import Testing

/// The price a table's line stands in, whole but for what is told.
private func price(_ fields: String) -> String { "pricing: {\(fields), source: page, as_of: 2025-01-01}" }

@Suite("Catalogue files: mistakes")
struct LoaderProblemTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        let lines: [String]
        let problem: String
        var testDescription: String { lines.joined(separator: " / ") }

        init(_ line: String, _ problem: String) {
            (lines, self.problem) = ([line], problem)
        }
    }

    private static let idForm =
        "vendor/name: letters, digits and -_.: in two or more parts, each with an @ before it or none, "
        + "at most 128 characters, the last part not schema"

    static let wrong: [Wrong] = [
        Wrong("id: null", "a model: id is missing"),
        Wrong("id: acme", "acme: id must be \(idForm), in lower case"),
        Wrong("id: acme/One", "acme/One: id must be \(idForm), in lower case"),
        Wrong("id: acme/", "acme/: id must be \(idForm), in lower case"),
        Wrong("id: acme/a b", "acme/a b: id must be \(idForm), in lower case"),
        Wrong("id: acme/@", "acme/@: id must be \(idForm), in lower case"),
        Wrong("id: acme/a@b", "acme/a@b: id must be \(idForm), in lower case"),
        Wrong("id: acme/@@b", "acme/@@b: id must be \(idForm), in lower case"),
        Wrong("id: acme/x/schema", "acme/x/schema: id must be \(idForm), in lower case"),
        Wrong("id: other/one", "other/one: id must begin with acme/, the vendor of this file"),
        Wrong("aliases: [x]", "acme/one: aliases must each be \(idForm)"),
        Wrong("aliases: x/y", "acme/one: aliases must be a list of at most 200"),
        Wrong("aliases: [x/y, x/y]", "acme/one: aliases holds x/y twice"),
        Wrong("aliases: [acme/ONE]", "acme/one: the alias acme/ONE already means acme/one"),
        Wrong("name: null", "acme/one: name is missing"),
        Wrong("name: []", "acme/one: name must be a text of 1 to 2000 bytes"),
        Wrong("description: ''", "acme/one: description must be a text of 1 to 2000 bytes"),
        Wrong("modality: null", "acme/one: modality is missing"),
        Wrong(
            "modality: txt",
            "acme/one: modality must be one of text, embedding, image, audio-stt, audio-tts, video, rerank, moderation; "
                + "did you mean text?"),
        Wrong(
            "modalities: [smell]",
            "acme/one: modalities must be one of text, vision, audio, video, image, embedding"),
        Wrong("released: 2025-02-30", "acme/one: released must be a day, written YYYY-MM-DD"),
        Wrong("released: May", "acme/one: released must be a day, written YYYY-MM-DD"),
        Wrong("context_window: 0", "acme/one: context_window must be a whole number from 1 to 100000000"),
        Wrong("context_window: 1.5", "acme/one: context_window must be a whole number from 1 to 100000000"),
        Wrong("context_window: \"5\"", "acme/one: context_window must be a whole number from 1 to 100000000"),
        Wrong("max_output: 100000001", "acme/one: max_output must be a whole number from 1 to 100000000"),
        Wrong("context_windw: 5", "acme/one: there is no field context_windw; did you mean context_window?"),
        Wrong("zzzzzzzzzz: 5", "acme/one: there is no field zzzzzzzzzz"),
        Wrong(
            "capabilities: [tool]",
            "acme/one: capabilities must be one of tools, streaming, vision, json, reasoning, prompt-caching, async, "
                + "image-to-image; did you mean tools?"),
        Wrong("capabilities: tools", "acme/one: capabilities must be a list of at most 200"),
        Wrong("strengths: [[]]", "acme/one: strengths must be a list of texts of 1 to 2000 bytes"),
        Wrong(
            "output_limit: max",
            "acme/one: output_limit must be one of either, max_completion_tokens; "
                + "did you mean max_completion_tokens?"),
        Wrong(
            "reasoning_efforts: [huge]",
            "acme/one: reasoning_efforts must be one of none, minimal, low, medium, high, xhigh, max; did you mean high?"
        ),
        Wrong("tier: gold", "acme/one: tier must be one of free, paid, frontier"),
        Wrong("pricing: 5", "acme/one: pricing must be a mapping of names to values"),
        Wrong(
            "pricing: {source: s, as_of: 2025-01-01}",
            "acme/one: pricing: holds no price; leave pricing out when none is known"),
        Wrong(
            "pricing: {input_per_1m: 1, output_per_1m: 1, as_of: 2025-01-01}", "acme/one: pricing: source is missing"),
        Wrong(
            "pricing: {input_per_1m: 1, output_per_1m: 1, source: s}",
            "acme/one: pricing: as_of is missing: the day the prices were read"),
        Wrong(
            "pricing: {input_per_1m: 1, output_per_1m: 1, source: s, as_of: 2014-12-31}",
            "acme/one: pricing: as_of must not be before 2015"),
        Wrong(
            price("input_per_1m: 1"), "acme/one: pricing: a text model needs both input_per_1m and output_per_1m"),
        Wrong(
            price("input_per_1m: -1, output_per_1m: 1"),
            "acme/one: pricing: input_per_1m must be dollars such as 1.10, with at most 9 digits after the point"),
        Wrong(
            price("input_per_1m: 1e3, output_per_1m: 1"),
            "acme/one: pricing: input_per_1m must be dollars such as 1.10, with at most 9 digits after the point"),
        Wrong(
            price("input_per_1m: 0.0000000001, output_per_1m: 1"),
            "acme/one: pricing: input_per_1m must be dollars such as 1.10, with at most 9 digits after the point"),
        Wrong(
            price("input_per_1m: 10000.000000001, output_per_1m: 1"),
            "acme/one: pricing: input_per_1m must be at most 10000 dollars; is the unit right?"),
        Wrong(
            price("input_per_1m: 1, output_per_1m: 1, per_image: 100.01"),
            "acme/one: pricing: per_image must be at most 100 dollars; is the unit right?"),
        Wrong(
            price("input_per_1m: 1, output_per_1m: 1, cache_read_per_1m: 1.01"),
            "acme/one: pricing: cache_read_per_1m must not be above input_per_1m"),
        Wrong(
            price("input_per_1m: 1, output_per_1m: 1, outputs_per_1m: 1"),
            "acme/one: pricing: there is no field outputs_per_1m; did you mean output_per_1m?"),
        Wrong("parameters: [x]", "acme/one: parameters must be a mapping of names to bounds"),
        Wrong("parameters: {n: 1}", "acme/one: parameters: n must be a mapping of names to values"),
        Wrong(
            "parameters: {n: {type: float}}",
            "acme/one: parameters: n: type must be one of number, integer, boolean, string"),
        Wrong(
            "parameters: {n: {type: number, minimum: 2, maximum: 1}}",
            "acme/one: parameters: n: its minimum is above its maximum"),
        Wrong("parameters: {n: {type: number, minimum: x}}", "acme/one: parameters: n: minimum must be a number"),
        Wrong(
            "parameters: {n: {minimum: 1}}",
            "acme/one: parameters: n: bounds need `type: number` or `type: integer`"),
        Wrong("parameters: {n: {choices: [a]}}", "acme/one: parameters: n: choices need `type: string`"),
        Wrong(
            "parameters: {n: {min: 1}}", "acme/one: parameters: n: there is no field min; did you mean minimum?"),
        Wrong("usage: {tokens: 1, requests: 1, market_share_pct: 0}", "acme/one: usage: as_of is missing"),
        Wrong(
            "usage: {tokens: 1, requests: 1, market_share_pct: 101, as_of: 2025-01-01}",
            "acme/one: usage: market_share_pct must be from 0 to 100"),
        Wrong("tags: Fast", "acme/one: tags must be a list of at most 200"),
        Wrong("zdr: maybe", "acme/one: zdr must be true or false"),
        Wrong("zdr_comment: []", "acme/one: zdr_comment must be a text of 1 to 2000 bytes"),
        Wrong(
            "request_formats: [Chat]", "acme/one: request_formats must each be a word such as chat-completions"),
        Wrong(
            "request_formats: [chat-]", "acme/one: request_formats must each be a word such as chat-completions"),
        Wrong("shutdown_date: soon", "acme/one: shutdown_date must be a day, written YYYY-MM-DD"),
        Wrong("banner: Soon gone", "acme/one: banner must be a mapping of names to values"),
        Wrong("banner: {severity: warning}", "acme/one: banner: title is missing"),
        Wrong("banner: {title: t}", "acme/one: banner: severity is missing"),
        Wrong(
            "banner: {severity: Very bad, title: t}", "acme/one: banner: severity must be a word such as warning"),
        Wrong(
            "banner: {severity: info, title: t, link: {url: \"javascript:1\", label: l}}",
            "acme/one: banner: link: url must begin with https://"),
        Wrong(
            "banner: {severity: info, title: t, link: {url: \"https://a\"}}",
            "acme/one: banner: link: label is missing"),
        Wrong("examples: [5]", "acme/one: examples must each have a name and a request"),
        Wrong("examples: [{request: {}}]", "acme/one: examples: name is missing"),
        Wrong(
            "examples: [{name: n}]",
            "acme/one: examples: request must be a mapping: the body of the call without model"),
    ]

    @Test(arguments: wrong) func `a mistake is named with its file and line`(wrong: Wrong) throws {
        let found = problems(own: [file(wrong.lines)])
        try #require(found.count == 1, "\(found)")
        #expect(found[0].hasSuffix(": \(wrong.problem)"))
        #expect(found[0].wholeMatch(of: /acme\.yaml:[4-8]: .*/) != nil, "\(found)")
    }

    @Test func `the line is that of the mistake`() {
        #expect(
            problems(own: [file(["released: x"])]) == [
                "acme.yaml:8: acme/one: released must be a day, written YYYY-MM-DD"
            ])
    }

    @Test func `everything wrong is told at once`() {
        let found = problems(own: [
            file(["released: x", "context_window: 0", "colour: red"]),
            file(id: "beta/two", version: "''", vendor: "beta", name: "beta.yaml"),
        ])
        #expect(found.count == 4)
        #expect(found.count(where: { $0.hasPrefix("acme.yaml:") }) == 3)
    }

    @Test(
        "A file that is no catalogue is refused as a whole",
        arguments: [
            ("", "f.yaml: must hold version, vendor and models"),
            ("- 1", "f.yaml:1: must hold version, vendor and models"),
            ("a: [", "f.yaml:2: while parsing a flow"),
            ("a: 1\na: 2", "f.yaml:2: the key \"a\" was given before, in line 1"),
            ("vendor: v\nmodels: []", "f.yaml:1: the file: version is missing"),
            ("version: 1\nmodels: []", "f.yaml:1: the file: vendor is missing"),
            ("version: 1\nvendor: v", "f.yaml:1: the file: models is missing"),
            (
                "version: 1\nvendor: V\nmodels: []",
                "f.yaml:2: the file: vendor must be lower-case letters, digits and -_.:"
            ),
            (
                "version: 1\nvendor: \"@v\"\nmodels: []",
                "f.yaml:2: the file: vendor must be lower-case letters, digits and -_.:"
            ),
            (
                "version: 1\nvendor: v\nnamespace: cf\nmodels: []",
                "f.yaml:3: the file: namespace must be @ and lower-case letters, digits and -_.:"
            ),
            (
                "version: 1\nvendor: v\nnamespace: \"@cf/x\"\nmodels: []",
                "f.yaml:3: the file: namespace must be @ and lower-case letters, digits and -_.:"
            ),
            (
                "version: 1\nvendor: v\nnamespace: \"@cf\"\nmodels: [{id: v/x, name: n, modality: text, description: d}]",
                "f.yaml:4: v/x: id must begin with @cf/, the namespace of v"
            ),
            ("version: a b\nvendor: v\nmodels: []", "f.yaml:1: the file: version must be visible ASCII"),
            ("version: 1+2\nvendor: v\nmodels: []", "f.yaml:1: the file: version must be visible ASCII"),
            ("version: 1\nvendor: v\nmodels: 5", "f.yaml:3: the file: models must be a list of at most 2000 models"),
            ("version: 1\nvendor: v\nmodels: [5]", "f.yaml:3: the file: models must each be a mapping of fields"),
            (
                "version: 1\nvendor: v\nmodel: []\nmodels: []",
                "f.yaml:3: the file: there is no field model; did you mean models?"
            ),
        ])
    func wholeFiles(text: String, problem: String) {
        let found = problems(own: [CatalogueSource(name: "f.yaml", text: text)])
        #expect(found.contains { $0.hasPrefix(problem) }, "\(found)")
    }

    @Test func `a file that cannot be read is a problem, not an empty file`() {
        let source = CatalogueSource(name: "f.yaml", content: .unreadable("permission denied"))
        #expect(problems(own: [source]) == ["f.yaml: permission denied"])
    }

    @Test func `an output larger than the window is refused`() {
        #expect(
            problems(own: [file(["context_window: 5", "max_output: 6"])]) == [
                "acme.yaml:9: acme/one: max_output must not be larger than context_window, 5"
            ])
    }

    @Test func `a model is not turned off before it is released`() {
        #expect(
            problems(own: [file(["released: 2026-01-02", "shutdown_date: 2026-01-01"])]) == [
                "acme.yaml:9: acme/one: shutdown_date must not be before released, 2026-01-02"
            ])
        #expect(problems(own: [file(["released: 2026-01-02", "shutdown_date: 2026-01-02"])]) == [])
    }

    @Test func `an id comes once in the operator's files, and once in the built-in ones`() {
        let again = file(name: "again.yaml")
        #expect(problems(own: [file(), again]) == ["again.yaml:4: acme/one: the id was given before, in acme.yaml:4"])
        #expect(problems(builtIn: [file(), again], own: []).count == 1)
        #expect(problems(builtIn: [file()], own: [again]) == [])
    }

    @Test func `an alias means one model`() {
        let one = file(["aliases: [short/name]"])
        let two = file(["aliases: [Short/Name]"], id: "beta/two", vendor: "beta", name: "beta.yaml")
        #expect(
            problems(own: [one, two]) == [
                "beta.yaml:4: beta/two: the alias Short/Name already means acme/one"
            ])
        let three = file(["aliases: [acme/one]"], id: "beta/two", vendor: "beta", name: "beta.yaml")
        #expect(
            problems(own: [file(), three]) == [
                "beta.yaml:4: beta/two: the alias acme/one already means acme/one"
            ])
    }
}
