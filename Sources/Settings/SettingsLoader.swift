internal import YAML

extension Settings {
    /// What a file that ends up as settings may hold.
    public static let maxFileBytes = 1 << 20

    /// Puts settings together: defaults, then the file, then the environment, then flags, the later ones winning.
    ///
    /// Nothing stops at the first problem; all are found and answered together.
    ///
    /// - Parameter flags: By name, with or without dashes: those of ``flags``, or a setting's full name.
    public static func load(
        file: (path: String, bytes: [UInt8])?, environment: [String: String], flags: [String: String]
    ) -> Result<Settings, SettingsProblems> {
        var loader = SettingsLoader(environment: environment)
        if let file { loader.read(file: file.bytes, path: file.path) }
        loader.readEnvironment()
        loader.read(flags: flags)
        loader.finishProviders()
        loader.checkCombinations()
        guard loader.problems.isEmpty else { return .failure(SettingsProblems(problems: loader.problems)) }
        return .success(loader.settings)
    }
}

/// Settings on their way from text to values, with where each came from and what was wrong.
struct SettingsLoader {
    let environment: [String: String]
    var settings = Settings()
    var drafts: [String: ProviderDraft] = [:]
    /// Providers some value of which was refused; what is missing in them is not worth a second complaint.
    var spoiltProviders: Set<String> = []
    private(set) var sources: [String: SettingsProblem.Source] = [:]
    private(set) var problems: [SettingsProblem] = []

    init(environment: [String: String]) {
        self.environment = environment
    }

    mutating func report(_ problem: SettingsProblem) {
        problems.append(problem)
    }

    mutating func note(_ source: SettingsProblem.Source, for name: String) {
        sources[name] = source
    }

    /// Reads one setting's text into place.
    mutating func apply(_ setting: Setting<Settings>, _ text: String, from source: SettingsProblem.Source) {
        if setting.set(text, &settings) {
            note(source, for: setting.name)
        } else {
            report(.badValue(setting, text, named: setting.name, source))
        }
    }

    /// Reads one field of a provider into its draft.
    mutating func apply(
        _ field: Setting<ProviderDraft>, _ text: String, to id: String, from source: SettingsProblem.Source
    ) {
        let name = "\(ProviderTable.section).\(id).\(field.name)"
        if field.set(text, &drafts[id, default: ProviderDraft()]) {
            note(source, for: name)
        } else {
            spoiltProviders.insert(id)
            report(.badValue(field, text, named: name, source))
        }
    }
}

extension SettingsProblem {
    static func badValue<Root>(
        _ setting: Setting<Root>, _ text: String, named name: String, _ source: Source
    ) -> SettingsProblem {
        let value = setting.isQuotable ? "\"\(printable(text))\"" : "the value"
        return SettingsProblem(
            .badValue, source, setting: name, "\(value) is not accepted", allowed: setting.allowed)
    }
}
