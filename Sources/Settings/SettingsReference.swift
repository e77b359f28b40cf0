extension Settings {
    /// The reference of all settings, in Markdown. `docs/configuration.md` is this text.
    public static func referenceMarkdown() -> String {
        let sections = SettingTable.sections.map { section in
            let settings = SettingTable.all.filter { $0.section == section.name }
            let rows = settings.map { $0.referenceRow($0.environmentName, defaults: Settings()) }
            return """
                ## \(section.name)

                \(section.summary)

                | Setting and variable | Default | Allowed | Meaning |
                |---|---|---|---|
                \(rows.joined(separator: "\n"))
                """
        }
        return ([introduction] + sections + [providerReference]).joined(separator: "\n\n") + "\n"
    }

    private static var introduction: String {
        let flags = Settings.flags.map { "| `\($0.name)` | `\($0.setting)` |" }.joined(separator: "\n")
        return """
            # Configuration

            <!-- Generated from Sources/Settings. To write it anew: UPDATE_DOCS=1 swift test --filter SettingsTests -->

            A gateway runs without any configuration. What is set is put together from four places, the later ones winning:

            1. the defaults below;
            2. a YAML file ([aigateway.example.yaml](../aigateway.example.yaml) shows all of it). Each value there may be
               `${VARIABLE}`, which takes it from the environment;
            3. environment variables. Each setting has one: its name in capitals, with `_` for the dot and `AIGATEWAY_`
               in front. `server.max_body_bytes` is `AIGATEWAY_SERVER_MAX_BODY_BYTES`. An empty variable counts as not set;
            4. flags of the command line: `--` and the setting's name, such as `--server.max_body_bytes 64MiB`, or a short one.

            Everything is checked at the start. All mistakes are reported together, each with its place and what is
            allowed, and the gateway does not start. An unknown name is a mistake too.

            - A **duration** is a whole number and a unit: `250ms`, `30s`, `5m`, `1h`.
            - A **size** is a whole number of bytes, or one with a unit of 1024: `16KiB`, `32MiB`, `1GiB`.
            - A relative **path** is taken from the directory the gateway is started in.

            | Short flag | Setting |
            |---|---|
            \(flags)
            """
    }

    private static var providerReference: String {
        let rows = ProviderTable.fields.map { $0.referenceRow(defaults: ProviderDraft()) }.joined(separator: "\n")
        let variables = ProviderTable.openAIVariables
            .map { "| `\($0.variable)` | `providers.openai.\($0.field)` |" }.joined(separator: "\n")
        return """
            ## providers

            The vendors' accounts, by a name of your choice: \(ProviderTable.allowedID).
            Providers are set in the file.

            ```yaml
            providers:
              openai:
                api_key: ${OPENAI_API_KEY}
            ```

            | Setting | Default | Allowed | Meaning |
            |---|---|---|---|
            \(rows)

            Provider `openai` can be set without a file: `OPENAI_API_KEY` or `OPENAI_BASE_URL` is enough. These variables
            win over the file, as all variables do.

            | Variable | Setting |
            |---|---|
            \(variables)
            """
    }
}

extension Setting {
    fileprivate func referenceRow(_ variable: String? = nil, defaults: Root) -> String {
        let names = "`\(name)`" + (variable.map { "<br>`\($0)`" } ?? "")
        return "| \(names) | \(text(defaults).map { "`\($0)`" } ?? "not set") | \(allowed) | \(summary) |"
    }
}
