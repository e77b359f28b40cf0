extension Settings {
    /// Every setting's name with the value in force, secrets redacted. What is not set is left out.
    public var effectiveValues: [(name: String, value: String)] {
        let plain = SettingTable.all.compactMap { setting in
            setting.text(self).map { (name: setting.name, value: $0) }
        }
        return plain + providers.flatMap { $0.effectiveValues }
    }
}

extension Settings.Provider {
    fileprivate var effectiveValues: [(name: String, value: String)] {
        let draft = ProviderDraft(
            kind: kind, baseURL: baseURL, apiKey: apiKey, organization: organization, project: project)
        return ProviderTable.fields.compactMap { field in
            field.text(draft).map { (name: "\(ProviderTable.section).\(id).\(field.name)", value: $0) }
        }
    }
}
