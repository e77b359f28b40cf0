internal import Domain

extension SettingsLoader {
    /// Reads the flags of the command line that set something.
    mutating func read(flags: [String: String]) {
        for (given, value) in flags.sorted(by: { $0.key < $1.key }) {
            let name = String(given.drop { $0 == "-" })
            let short = Settings.flags.first { $0.name == "--" + name }
            if let setting = SettingTable.byName[short?.setting ?? name] {
                apply(setting, value, from: .flag("--" + name))
            } else {
                reportUnknownFlag(name)
            }
        }
    }

    private mutating func reportUnknownFlag(_ name: String) {
        let known = Settings.flags.map(\.name) + Settings.names.map { "--" + $0 }
        let nearest = NearestName.find("--" + name, tail: name, among: known)
        let question = nearest.map { "; did you mean \($0)?" } ?? ""
        report(SettingsProblem(.unknownName, .flag("--" + name), "there is no such flag\(question)"))
    }
}
