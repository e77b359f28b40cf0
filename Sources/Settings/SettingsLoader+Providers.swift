internal import Domain
internal import YAML

extension SettingsLoader {
    /// Reads the `providers` section of a file.
    mutating func readProviders(_ node: YAMLNode, path: String) {
        guard let entries = entries(of: node, named: ProviderTable.section, path: path) else { return }
        if entries.count > ProviderTable.maxProviders {
            report(
                SettingsProblem(
                    .tooMany, .file(path, node.place), "\(entries.count) providers are given",
                    allowed: "at most \(ProviderTable.maxProviders)"))
        }
        for entry in entries.prefix(ProviderTable.maxProviders) {
            guard ProviderTable.isID(entry.key) else {
                report(
                    SettingsProblem(
                        .badValue, .file(path, entry.keyPlace), "this is no name for a provider",
                        allowed: ProviderTable.allowedID))
                continue
            }
            readProvider(entry, path: path)
        }
    }

    private mutating func readProvider(_ provider: YAMLEntry, path: String) {
        let name = "\(ProviderTable.section).\(provider.key)"
        drafts[provider.key] = ProviderDraft()
        note(.file(path, provider.keyPlace), for: name)
        guard let entries = entries(of: provider.value, named: name, path: path) else {
            spoiltProviders.insert(provider.key)
            return
        }
        for entry in entries {
            guard let field = ProviderTable.byName[entry.key] else {
                let nearest = NearestName.find(entry.key, tail: entry.key, among: ProviderTable.fields.map(\.name))
                spoiltProviders.insert(provider.key)
                reportUnknown("provider setting", entry.key, nearest: nearest, at: .file(path, entry.keyPlace))
                continue
            }
            readField(field, entry.value, of: provider.key, path: path)
        }
    }

    private mutating func readField(
        _ field: Setting<ProviderDraft>, _ node: YAMLNode, of id: String, path: String
    ) {
        let name = "\(ProviderTable.section).\(id).\(field.name)"
        let source = SettingsProblem.Source.file(path, node.place)
        guard let written = text(of: node, named: name, path: path) else {
            if !node.isNull { spoiltProviders.insert(id) }
            return
        }
        guard let value = resolve(written, named: name, from: source) else {
            spoiltProviders.insert(id)
            return
        }
        apply(field, value, to: id, from: source)
    }

    /// Turns drafts into providers, now that every source has spoken.
    mutating func finishProviders() {
        for (id, draft) in drafts.sorted(by: { $0.key < $1.key }) where !spoiltProviders.contains(id) {
            let name = "\(ProviderTable.section).\(id)"
            let isOpenAI = id == ProviderTable.openAI
            guard let baseURL = draft.baseURL ?? (isOpenAI ? ProviderTable.openAIBaseURL : nil) else {
                reportMissing("\(name).base_url", of: name, "every provider but openai needs its address")
                continue
            }
            if draft.apiKey == nil, baseURL.host == ProviderTable.openAIBaseURL?.host {
                reportMissing("\(name).api_key", of: name, "\(baseURL.host) answers nobody without a key")
                continue
            }
            settings.providers.append(
                Settings.Provider(
                    id: id, kind: draft.kind, baseURL: baseURL, apiKey: draft.apiKey,
                    organization: draft.organization, project: draft.project))
        }
    }

    private mutating func reportMissing(_ name: String, of provider: String, _ reason: String) {
        let source = sources[provider] ?? .environment(ProviderTable.openAIDecisiveVariables[0])
        report(SettingsProblem(.missingValue, source, setting: name, "is missing: \(reason)"))
    }
}
