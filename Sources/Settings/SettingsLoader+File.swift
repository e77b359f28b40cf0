internal import Domain
internal import YAML

extension SettingsLoader {
    /// Reads the settings file.
    mutating func read(file bytes: [UInt8], path: String) {
        var limits = YAMLLimits()
        limits.maxBytes = Settings.maxFileBytes
        do throws(YAMLError) {
            guard let root = try YAML.parse(bytes, limits: limits), !root.isNull else { return }
            read(root, path: path)
        } catch {
            report(SettingsProblem(.unreadableFile, .file(path, error.place), error.message))
        }
    }

    private mutating func read(_ root: YAMLNode, path: String) {
        guard let sections = entries(of: root, named: "the file", path: path) else { return }
        for section in sections {
            if section.key == ProviderTable.section {
                readProviders(section.value, path: path)
            } else if SettingTable.sections.contains(where: { $0.name == section.key }) {
                readSection(section, path: path)
            } else {
                reportUnknown(section.key, at: .file(path, section.keyPlace))
            }
        }
    }

    private mutating func readSection(_ section: YAMLEntry, path: String) {
        guard let entries = entries(of: section.value, named: section.key, path: path) else { return }
        for entry in entries {
            let name = "\(section.key).\(entry.key)"
            guard let setting = SettingTable.byName[name] else {
                reportUnknown(name, at: .file(path, entry.keyPlace))
                continue
            }
            let source = SettingsProblem.Source.file(path, entry.value.place)
            guard let written = text(of: entry.value, named: name, path: path),
                let value = resolve(written, named: name, from: source)
            else { continue }
            apply(setting, value, from: source)
        }
    }

    /// The entries of a mapping; none for a heading with nothing below it. Nil, with a problem, for anything else.
    mutating func entries(of node: YAMLNode, named name: String, path: String) -> [YAMLEntry]? {
        if node.isNull { return [] }
        if let entries = node.entries { return entries }
        let message = "\(printable(name)) must be a mapping of names to values"
        report(SettingsProblem(.wrongShape, .file(path, node.place), message))
        return nil
    }

    /// The text of a single value; nil when nothing was given. Nil, with a problem, for a list or a mapping.
    mutating func text(of node: YAMLNode, named name: String, path: String) -> String? {
        if node.isNull { return nil }
        if let text = node.string { return text }
        let message = "must be one value, not a list or a mapping"
        report(SettingsProblem(.wrongShape, .file(path, node.place), setting: printable(name), message))
        return nil
    }

    private mutating func reportUnknown(_ name: String, at source: SettingsProblem.Source) {
        if let dot = name.firstIndex(of: "."), SettingTable.byName[name] != nil {
            let (section, key) = (name[..<dot], name[name.index(after: dot)...])
            report(SettingsProblem(.unknownName, source, "write \(key): under \(section):, not \(name): in one word"))
            return
        }
        let tail = String(name.split(separator: ".").last ?? "")
        let sections = SettingTable.sections.map(\.name) + [ProviderTable.section]
        let known = name.contains(".") ? Settings.names : sections + Settings.names
        reportUnknown("setting", name, nearest: NearestName.find(name, tail: tail, among: known), at: source)
    }

    mutating func reportUnknown(
        _ what: String, _ name: String, nearest: String?, at source: SettingsProblem.Source
    ) {
        let question = nearest.map { "; did you mean \($0)?" } ?? ""
        report(SettingsProblem(.unknownName, source, "there is no \(what) \(printable(name))\(question)"))
    }
}

extension SettingsProblem.Source {
    static func file(_ path: String, _ place: YAMLPlace) -> Self {
        .file(path: path, line: place.line, column: place.column)
    }
}
