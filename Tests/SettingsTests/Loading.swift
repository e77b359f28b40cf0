import Testing

@testable import Settings

/// Loads settings from texts, as a test writes them down.
func load(
    _ yaml: String? = nil, environment: [String: String] = [:], flags: [String: String] = [:]
) -> Result<Settings, SettingsProblems> {
    Settings.load(file: yaml.map { ("a.yaml", Array($0.utf8)) }, environment: environment, flags: flags)
}

/// The lines an operator would read; none when everything is right.
func complaints(
    _ yaml: String? = nil, environment: [String: String] = [:], flags: [String: String] = [:]
) -> [String] {
    switch load(yaml, environment: environment, flags: flags) {
    case .success: []
    case .failure(let problems): problems.problems.map(\.description)
    }
}
