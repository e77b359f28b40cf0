import Foundation
import Testing

@testable import Settings

/// The texts generated from the settings. `UPDATE_DOCS=1 swift test --filter SettingsTests` writes them anew.
@Suite("Settings: reference")
struct ReferenceTests {
    struct Generated: Sendable {
        var path: String
        var text: String
    }

    static let generated = [
        Generated(path: "docs/configuration.md", text: Settings.referenceMarkdown()),
        Generated(path: "aigateway.example.yaml", text: Settings.exampleYAML()),
    ]

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test(arguments: generated) func `a generated file is up to date`(generated: Generated) throws {
        let file = Self.root.appending(path: generated.path)
        if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(generated.text.utf8).write(to: file)
        }
        let written = try String(contentsOf: file, encoding: .utf8)
        #expect(written == generated.text, "run UPDATE_DOCS=1 swift test --filter SettingsTests")
    }

    @Test func `the example sets nothing as it stands`() throws {
        #expect(try load(Settings.exampleYAML()).get() == Settings())
    }

    @Test func `the example with every line in force sets the defaults, and its providers`() throws {
        let lines = Settings.exampleYAML().split(separator: "\n", omittingEmptySubsequences: false)
        let yaml = lines.map { line in
            let indent = line.prefix { $0 == " " }
            let rest = line.dropFirst(indent.count)
            let isSetting = rest.hasPrefix("#") && !(rest.hasPrefix("# ") && rest.dropFirst(2).first != " ")
            return isSetting ? indent + rest.dropFirst() : line
        }.joined(separator: "\n")
        var settings = try load(yaml, environment: ["OPENAI_API_KEY": "k"]).get()
        #expect(settings.providers.map(\.id) == ["local", "openai"])
        settings.providers = []
        #expect(settings == Settings())
    }

    @Test func `the reference names every setting and flag`() {
        let text = Settings.referenceMarkdown()
        for setting in SettingTable.all {
            #expect(text.contains("| `\(setting.name)`<br>`\(setting.environmentName)` |"))
        }
        for flag in Settings.flags { #expect(text.contains("| `\(flag.name)` | `\(flag.setting)` |")) }
        for field in ProviderTable.fields { #expect(text.contains("| `\(field.name)` |")) }
    }

    @Test func `no setting shares its variable, and every section is described`() {
        #expect(Set(SettingTable.all.map(\.environmentName)).count == SettingTable.all.count)
        let sections = Set(SettingTable.sections.map(\.name))
        #expect(SettingTable.all.allSatisfy { sections.contains($0.section) })
    }
}
