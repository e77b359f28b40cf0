import Telemetry
import Testing

@testable import Settings

@Suite("Settings: loading")
struct SettingsLoadTests {
    @Test(arguments: ["", "# nothing\n", "server:\nlog:\nproviders:\n", "{}", "server: {listen: ~}"])
    func `nothing set gives the defaults`(yaml: String) throws {
        #expect(try load(yaml).get() == Settings())
        #expect(try load().get() == Settings())
    }

    @Test func `the defaults are those documented`() {
        let values = Dictionary(uniqueKeysWithValues: Settings().effectiveValues.map { ($0.name, $0.value) })
        let expected = [
            "server.listen": "127.0.0.1:8080", "server.threads": "auto", "server.loops": "auto",
            "server.max_connections": "10000", "server.max_body_bytes": "32MiB", "server.max_header_bytes": "16KiB",
            "server.head_timeout": "10s", "server.body_timeout": "1m", "server.idle_timeout": "75s",
            "server.shutdown_grace": "30s", "server.stream_buffer_bytes": "256KiB", "server.max_json_depth": "512",
            "server.max_inflight": "10000", "data.dir": "./data", "data.durability": "process",
            "data.commit_queue": "10000", "log.level": "info", "log.format": "auto", "sandbox.mode": "auto",
            "sandbox.latency": "0ms", "sandbox.tokens_per_second": "0", "sandbox.faults": "true",
            "upstream.connect_timeout": "5s", "upstream.first_byte_timeout": "2m", "upstream.idle_timeout": "1m",
            "upstream.total_timeout": "10m", "upstream.max_connections_per_host": "1024",
            "upstream.idle_connections": "256", "upstream.max_response_bytes": "64MiB",
            "limits.assumed_output_tokens": "auto", "limits.tracked_scopes": "100000", "limits.tags_per_day": "1000",
            "billing.fee_basis_points": "500", "billing.fee_direction": "deducted",
            "billing.minimum_top_up_cents": "500", "billing.low_balance_cents": "0",
            "gateways.per_account": "20", "gateways.private_providers": "false", "gateways.log_entries": "1000000",
            "gateways.log_body_retention": "720h", "gateways.cache_bytes": "64MiB", "gateways.cache_entries": "10000",
            "gateways.cache_streams": "false", "gateways.cache_partition": "none",
            "billing.auto_reload": "false", "billing.auto_reloads_per_month": "10",
            "stripe.api_base": "https://api.stripe.com",
        ]
        #expect(values == expected)
        let unset = Settings.names.filter { values[$0] == nil }
        #expect(
            unset == [
                "server.public_url", "server.trusted_proxies", "tls.certificate", "tls.key", "catalogue.dir",
                "upstream.ca_file",
                "stripe.secret_key", "stripe.webhook_secret", "stripe.previous_webhook_secret", "stripe.success_url",
                "stripe.cancel_url", "vault.master_key", "vault.previous_master_key", "gateways.host",
            ])
    }

    @Test func `every setting can be set in each of the three places`() throws {
        for setting in SettingTable.all where setting.section != "tls" && setting.name != "billing.auto_reload" {
            let value = try #require(Self.others[setting.name], "no other value known for \(setting.name)")
            let expected = try load("\(setting.section):\n  \(setting.key): '\(value)'").get()
            #expect(expected != Settings(), "\(setting.name) changes nothing")
            // What is secret is not written back.
            #expect(setting.text(expected) == (setting.kindName == "secret" ? "\(Secret(value))" : value))
            let changed = SettingTable.all.filter { $0.text(expected) != $0.text(Settings()) }
            #expect(changed.map(\.name) == [setting.name])
            #expect(try load(environment: [setting.environmentName: value]).get() == expected)
            #expect(try load(flags: ["--" + setting.name: value]).get() == expected)
        }
    }

    @Test func `automatic top-ups are switched on together with both of Stripe's secrets`() throws {
        let settings = try load(
            "billing:\n  auto_reload: true", environment: ["AIGATEWAY_STRIPE_SECRET_KEY": "sk_1"],
            flags: ["--stripe.webhook_secret": "whsec_1"]
        ).get()
        #expect(settings.billing.autoReload)
    }

    /// A value other than the default for each setting, as it is written back.
    static let others: [String: String] = [
        "server.listen": "[::1]:0", "server.public_url": "https://ai.example.com/x",
        "server.trusted_proxies": "10.0.0.0/8, 2001:db8::1", "server.threads": "3",
        "server.loops": "4", "server.max_connections": "7", "server.max_inflight": "8", "server.max_body_bytes": "1MiB",
        "server.max_header_bytes": "1KiB", "server.max_json_depth": "8", "server.head_timeout": "250ms",
        "server.body_timeout": "1s", "server.idle_timeout": "1h", "server.shutdown_grace": "0ms",
        "server.stream_buffer_bytes": "4097", "data.dir": "/var/lib/x y", "data.durability": "power",
        "data.commit_queue": "9", "catalogue.dir": "./models", "log.level": "debug", "log.format": "json",
        "sandbox.mode": "on",
        "sandbox.latency": "5ms", "sandbox.tokens_per_second": "80", "sandbox.faults": "false",
        "upstream.connect_timeout": "1s", "upstream.first_byte_timeout": "1s", "upstream.idle_timeout": "1s",
        "upstream.total_timeout": "24h", "upstream.max_connections_per_host": "2", "upstream.idle_connections": "0",
        "upstream.max_response_bytes": "1GiB", "upstream.ca_file": "ca.pem",
        "limits.assumed_output_tokens": "4096", "limits.tracked_scopes": "5000", "limits.tags_per_day": "7",
        "billing.fee_basis_points": "250",
        "billing.fee_direction": "added", "billing.minimum_top_up_cents": "1000", "billing.low_balance_cents": "200",
        "billing.auto_reloads_per_month": "3",
        "stripe.secret_key": "sk_1", "stripe.webhook_secret": "whsec_1", "stripe.previous_webhook_secret": "whsec_0",
        "stripe.api_base": "http://127.0.0.1:12111", "stripe.success_url": "https://ai.example.com/paid",
        "stripe.cancel_url": "https://ai.example.com/not-paid", "vault.master_key": "aa",
        "vault.previous_master_key": "bb",
        "gateways.per_account": "21", "gateways.private_providers": "true",
        "gateways.host": "ai.example.com", "gateways.log_entries": "5000", "gateways.log_body_retention": "1h",
        "gateways.cache_bytes": "1MiB", "gateways.cache_entries": "7", "gateways.cache_streams": "true",
        "gateways.cache_partition": "metadata.team",
    ]

    @Test func `values arrive with their types`() throws {
        let yaml = """
            server: {listen: "0.0.0.0:80", public_url: https://ai.example.com/, threads: 0, loops: auto, max_body_bytes: 5000}
            tls: {certificate: a.pem, key: b.pem}
            log: {level: warning}
            sandbox: {mode: off, faults: false}
            """
        let settings = try load(yaml).get()
        #expect(settings.server.listen == ListenAddress(host: "0.0.0.0", port: 80))
        #expect(settings.server.publicURL?.text == "https://ai.example.com")
        #expect(settings.server.threads == nil && settings.server.loops == nil)
        #expect(settings.server.maxBodyBytes == 5_000)
        #expect(settings.tls.certificate == "a.pem" && settings.tls.key == "b.pem")
        #expect(settings.log.level == .warning)
        #expect(settings.sandbox.mode == .off && !settings.sandbox.faults)
    }

    @Test func `flags win over the environment, that over the file, that over the default`() throws {
        let yaml = "log: {level: error}\ndata: {dir: file}\nserver: {threads: 2}\n"
        let environment = ["AIGATEWAY_DATA_DIR": "environment", "AIGATEWAY_SERVER_THREADS": "3"]
        let settings = try load(yaml, environment: environment, flags: ["server.threads": "4"]).get()
        #expect(settings.log.level == .error)
        #expect(settings.data.directory == "environment")
        #expect(settings.server.threads == 4)
        #expect(settings.server.loops == nil)
    }

    @Test func `a value of the file may name a variable, and is never taken as it is written then`() throws {
        let yaml = "stripe: {webhook_secret: \"${HOOK}\"}\nserver: {listen: \"${LISTEN}\"}\n"
        let settings = try load(yaml, environment: ["HOOK": "whsec_x", "LISTEN": "127.0.0.1:9"]).get()
        #expect(settings.stripe.webhookSecret == Secret("whsec_x"))
        #expect(settings.server.listen.description == "127.0.0.1:9")
        #expect(
            complaints(yaml, environment: ["LISTEN": "127.0.0.1:9", "HOOK": ""]) == [
                "a.yaml:1:26: stripe.webhook_secret: the environment variable HOOK is empty"
            ])
        let reference = "${NAME} as the whole value, NAME being letters, digits and _"
        #expect(
            complaints("stripe: {webhook_secret: \"whsec_${HOOK}\"}", environment: ["HOOK": "x"]) == [
                "a.yaml:1:26: stripe.webhook_secret: the reference to an environment variable is not accepted; allowed: "
                    + reference
            ])
    }

    @Test func `an empty variable counts as not set`() throws {
        let settings = try load("data: {dir: file}", environment: ["AIGATEWAY_DATA_DIR": ""]).get()
        #expect(settings.data.directory == "file")
    }

    @Test func `each short flag sets its setting`() throws {
        for flag in Settings.flags where !flag.setting.hasPrefix("tls.") {
            let setting = try #require(SettingTable.byName[flag.setting])
            let value = try #require(Self.others[flag.setting])
            #expect(setting.text(try load(flags: [flag.name: value]).get()) == value)
            #expect(setting.text(try load(flags: [String(flag.name.dropFirst(2)): value]).get()) == value)
        }
        #expect(Settings.flags.count == 9)
        let tls = try load(flags: ["--tls-certificate": "a", "--tls-key": "b"]).get().tls
        #expect(tls.certificate == "a" && tls.key == "b")
    }

    @Test func `variables of others, and those of service links, are no mistake`() {
        let environment = [
            "PATH": "/bin", "AIGATEWAYX": "1", "AIGATEWAY_CONFIG": "a.yaml", "AIGATEWAY_URL": "x", "AIGATEWAY_KEY": "y",
            "AIGATEWAY_SERVICE_HOST": "10.0.0.1", "AIGATEWAY_SERVICE_PORT": "80", "AIGATEWAY_SERVICE_PORT_HTTP": "80",
            "AIGATEWAY_PORT": "tcp://10.0.0.1:80", "AIGATEWAY_PORT_8080_TCP": "tcp://10.0.0.1:80",
            "AIGATEWAY_PORT_8080_TCP_ADDR": "10.0.0.1", "AIGATEWAY_EU_PORT_53_UDP_PROTO": "udp",
        ]
        #expect(complaints(environment: environment).isEmpty)
        #expect(complaints(environment: ["AIGATEWAY_PORT": "8080"]).count == 1)
    }
}
