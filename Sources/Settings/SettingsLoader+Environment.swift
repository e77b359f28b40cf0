internal import Domain

extension SettingsLoader {
    /// Variables with our prefix that the command line reads, not the settings.
    static let commandLineVariables: Set = ["AIGATEWAY_CONFIG", "AIGATEWAY_URL", "AIGATEWAY_KEY"]

    private static let settingsByVariable = Dictionary(
        uniqueKeysWithValues: SettingTable.all.map { ($0.environmentName, $0) })

    /// Reads the variables that set something. One that is empty counts as not set.
    mutating func readEnvironment() {
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("AIGATEWAY_") {
            if let setting = Self.settingsByVariable[name] {
                if !value.isEmpty { apply(setting, value, from: .environment(name)) }
            } else if !Self.commandLineVariables.contains(name), !ServiceLink.matches(name, value) {
                reportUnknownVariable(name)
            }
        }
        readOpenAIVariables()
    }

    private mutating func readOpenAIVariables() {
        func value(_ variable: String) -> String? { environment[variable].flatMap { $0.isEmpty ? nil : $0 } }
        let id = ProviderTable.openAI
        if drafts[id] == nil {
            guard let cause = ProviderTable.openAIDecisiveVariables.first(where: { value($0) != nil }) else { return }
            drafts[id] = ProviderDraft()
            note(.environment(cause), for: "\(ProviderTable.section).\(id)")
        }
        for (variable, fieldName) in ProviderTable.openAIVariables {
            guard let text = value(variable), let field = ProviderTable.byName[fieldName] else { continue }
            apply(field, text, to: id, from: .environment(variable))
        }
    }

    private mutating func reportUnknownVariable(_ name: String) {
        if name.hasPrefix("AIGATEWAY_PROVIDERS_") {
            report(
                SettingsProblem(
                    .unknownName, .environment(name), "providers are set in the file",
                    allowed: "api_key: ${VARIABLE} there, or OPENAI_API_KEY without a file"))
            return
        }
        let tail = String(name.dropFirst("AIGATEWAY_".count))
        let known = SettingTable.all.map(\.environmentName) + Self.commandLineVariables.sorted()
        let nearest = NearestName.find(name, tail: tail, among: known)
        let question = nearest.map { "; did you mean \($0)?" } ?? ""
        report(SettingsProblem(.unknownName, .environment(name), "there is no setting of this name\(question)"))
    }
}

/// Variables that Kubernetes and Docker put into every container near a service called `aigateway`.
///
/// Nobody set them on purpose, so they are no mistake to report.
enum ServiceLink {
    static func matches(_ name: String, _ value: String) -> Bool {
        name.hasSuffix("_SERVICE_HOST") || name.contains("_SERVICE_PORT")
            || (name.hasSuffix("_PORT") && value.contains("://")) || hasPortAndProtocol(name)
    }

    /// Such as `AIGATEWAY_PORT_8080_TCP_ADDR`.
    private static func hasPortAndProtocol(_ name: String) -> Bool {
        let words = name.split(separator: "_")
        return zip(words, zip(words.dropFirst(), words.dropFirst(2))).contains { word, next in
            word == "PORT" && isDigits(next.0) && ["TCP", "UDP", "SCTP"].contains(next.1)
        }
    }
}
