/// A short flag of the command line for a setting.
public struct SettingsFlag: Sendable, Equatable {
    /// With its dashes, such as `--listen`.
    public let name: String
    /// The setting's full name, such as `server.listen`.
    public let setting: String
    public let summary: String
}

extension Settings {
    /// The short flags. Every setting also has a long one of its full name, such as `--server.listen`.
    public static let flags: [SettingsFlag] = [
        ("--listen", "server.listen"), ("--public-url", "server.public_url"), ("--data", "data.dir"),
        ("--durability", "data.durability"), ("--sandbox", "sandbox.mode"), ("--log-level", "log.level"),
        ("--log-format", "log.format"), ("--tls-certificate", "tls.certificate"), ("--tls-key", "tls.key"),
    ].compactMap { name, setting in
        SettingTable.byName[setting].map { SettingsFlag(name: name, setting: setting, summary: $0.summary) }
    }

    /// The full names of all settings, in the order of the reference.
    public static let names: [String] = SettingTable.all.map(\.name)
}
