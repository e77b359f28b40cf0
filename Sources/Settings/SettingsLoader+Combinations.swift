extension SettingsLoader {
    /// Finds values that are allowed one by one but not together.
    mutating func checkCombinations() {
        checkTLS()
        checkAutoReload()
        for provider in settings.providers { checkItIsNotThisGateway(provider) }
    }

    private mutating func checkTLS() {
        let (certificate, key) = ("tls.certificate", "tls.key")
        if settings.tls.certificate != nil, settings.tls.key == nil { reportMissing(key, with: certificate) }
        if settings.tls.key != nil, settings.tls.certificate == nil { reportMissing(certificate, with: key) }
    }

    /// Payments are asked for with the one, and told with the other.
    private mutating func checkAutoReload() {
        guard settings.billing.autoReload else { return }
        if settings.stripe.secretKey == nil { reportMissing("stripe.secret_key", with: "billing.auto_reload") }
        if settings.stripe.webhookSecret == nil { reportMissing("stripe.webhook_secret", with: "billing.auto_reload") }
    }

    private mutating func reportMissing(_ missing: String, with given: String) {
        // The other file was named but refused; that has been reported.
        guard !problems.contains(where: { $0.setting == missing }), let source = sources[given] else { return }
        report(SettingsProblem(.conflict, source, setting: given, "\(missing) must be set as well"))
    }

    /// A client's `OPENAI_BASE_URL` that names this gateway would have it call itself without end.
    private mutating func checkItIsNotThisGateway(_ provider: Settings.Provider) {
        let name = "\(ProviderTable.section).\(provider.id).base_url"
        let listen = settings.server.listen
        let isHere = ["127.0.0.1", "localhost", "::1", "0.0.0.0", "::", listen.host].contains(provider.baseURL.host)
        guard isHere, provider.baseURL.port == listen.port, let source = sources[name] else { return }
        report(
            SettingsProblem(
                .conflict, source, setting: name,
                "is the address this gateway listens on (server.listen \(listen)); it would call itself"))
    }
}
