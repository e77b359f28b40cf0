extension Settings {
    /// A settings file with every setting at its default, commented out. `aigateway.example.yaml` is this text.
    public static func exampleYAML() -> String {
        let sections = SettingTable.sections.map { section in
            let settings = SettingTable.all.filter { $0.section == section.name }.map(\.exampleLines)
            return "# \(section.summary)\n\(section.name):\n" + settings.joined(separator: "\n")
        }
        return ([introduction] + sections + [providers]).joined(separator: "\n\n") + "\n"
    }

    private static let introduction = """
        # Settings of aigateway, each at its default. Remove a # to change one; docs/configuration.md explains them.
        """

    private static let providers = """
        # The vendors' accounts. ${VARIABLE} takes a value from the environment.
        \(ProviderTable.section):
          #openai:
          #  api_key: ${OPENAI_API_KEY}
          #local:
          #  kind: openai
          #  base_url: http://127.0.0.1:8000/v1
        """
}

extension Setting where Root == Settings {
    /// The summary and the setting, as they stand in a file.
    fileprivate var exampleLines: String {
        "  # \(summary)\n  #\(key):\(text(Settings()).map { " " + $0 } ?? "")"
    }
}
