extension SettingKind where Value == Settings.Gateways.CachePartition {
    private static let metadataPrefix = "metadata."

    static let cachePartition = SettingKind(
        name: "word", allowed: "none, key, or metadata. and the name of an entry",
        read: { text in
            switch text {
            case "none": Value.none
            case "key": .key
            default:
                text.hasPrefix(metadataPrefix) && text.utf8.count > metadataPrefix.utf8.count
                    ? .metadata(String(text.dropFirst(metadataPrefix.utf8.count))) : nil
            }
        },
        write: { partition in
            switch partition {
            case .none: "none"
            case .key: "key"
            case .metadata(let name): metadataPrefix + name
            }
        })
}
