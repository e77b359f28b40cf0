/// The one list of what can be set. Reading, checking and the reference all follow it.
enum SettingTable {
    /// The groups, in the order of the reference.
    static let sections: [(name: String, summary: String)] = [
        ("server", "The HTTP server: where it listens and what it allows one client to use."),
        ("tls", "Serving HTTPS. Set both files or neither."),
        ("data", "Where records are kept and how safely."),
        ("log", "What is logged, to standard error."),
        ("catalogue", "The models that can be asked for."),
        ("sandbox", "Simulated vendors, for trying things out without a key."),
        ("upstream", "Calls to vendors."),
        ("limits", "What is held for a call before it is made."),
        ("billing", "How payments become credit."),
        ("stripe", "Payments through Stripe Checkout."),
        ("vault", "The key that vendors' keys are sealed under."),
        ("gateways", "Named gateways, which applications define for themselves."),
    ]

    static let all =
        server + tls + data + log + catalogue + sandbox + upstream + limits + billing + stripe + vault
        + gateways

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let anyTimeout = Duration.milliseconds(1)...Duration.seconds(24 * 3_600)
    private static let anyCount = 1...1_000_000

    private static let server: [Setting<Settings>] = [
        Setting(
            "server.listen", \.server.listen, .listenAddress,
            "The address to listen on. Use 0.0.0.0:8080 to be reached from other machines."),
        Setting(
            "server.public_url", optional: \.server.publicURL, .httpAddress,
            "The address clients use, when it differs from the one listened on."),
        Setting(
            "server.trusted_proxies", \.server.trustedProxies, .addressRanges,
            "Proxies that tell in X-Forwarded-For whose request they hand on, for keys with allowed_ips."),
        Setting("server.threads", \.server.threads, .countOrAuto(1...256), "Threads that read and write HTTP."),
        Setting("server.loops", \.server.loops, .countOrAuto(1...256), "Event loops that handle requests."),
        Setting(
            "server.max_connections", \.server.maxConnections, .count(anyCount),
            "Client connections open at once."),
        Setting(
            "server.max_inflight", \.server.maxInflight, .count(anyCount),
            "Requests handled at once; one more gets status 503."),
        Setting("server.max_body_bytes", \.server.maxBodyBytes, .size(1 << 10...1 << 30), "The largest request body."),
        Setting(
            "server.max_header_bytes", \.server.maxHeaderBytes, .size(1 << 10...1 << 20),
            "The largest request line and headers together."),
        Setting(
            "server.max_json_depth", \.server.maxJSONDepth, .count(8...1_024), "The deepest nesting of a JSON body."),
        Setting(
            "server.head_timeout", \.server.headTimeout, .duration(anyTimeout),
            "Time for a client to send request line and headers."),
        Setting(
            "server.body_timeout", \.server.bodyTimeout, .duration(anyTimeout), "Time for a client to send a body."),
        Setting(
            "server.idle_timeout", \.server.idleTimeout, .duration(anyTimeout),
            "Time a connection may stay open without a request."),
        Setting(
            "server.shutdown_grace", \.server.shutdownGrace, .duration(.zero ... .seconds(3_600)),
            "Time requests have to finish after the server was told to stop."),
        Setting(
            "server.stream_buffer_bytes", \.server.streamBufferBytes, .size(4 << 10...64 << 20),
            "Bytes kept for one slow client before reading from the vendor pauses."),
    ]

    private static let tls: [Setting<Settings>] = [
        Setting("tls.certificate", optional: \.tls.certificate, .path, "The certificate chain, a PEM file."),
        Setting("tls.key", optional: \.tls.key, .path, "The certificate's private key, a PEM file."),
    ]

    private static let data: [Setting<Settings>] = [
        Setting("data.dir", \.data.directory, .path, "The directory for everything kept; created when missing."),
        Setting(
            "data.durability", \.data.durability, .choice(),
            "What a committed record survives: the end of the process, or the loss of power too, which is slower."),
        Setting(
            "data.commit_queue", \.data.commitQueue, .count(anyCount), "Records waiting to be committed at once."),
    ]

    private static let log: [Setting<Settings>] = [
        Setting("log.level", \.log.level, .choice(), "The least level written."),
        Setting(
            "log.format", \.log.format, .choice(), "How lines are written; auto is human on a terminal, else json."),
    ]

    private static let catalogue: [Setting<Settings>] = [
        Setting(
            "catalogue.dir", optional: \.catalogue.directory, .path,
            "A directory with files of your own, VENDOR.yaml, that add models or change built-in ones. "
                + "Changes are seen within a second.")
    ]

    private static let sandbox: [Setting<Settings>] = [
        Setting(
            "sandbox.mode", \.sandbox.mode, .choice(),
            "Whether vendors are simulated; auto is on when no provider is set."),
        Setting(
            "sandbox.latency", \.sandbox.latency, .duration(.zero ... .seconds(600)),
            "Time before a simulated vendor answers."),
        Setting(
            "sandbox.tokens_per_second", \.sandbox.tokensPerSecond, .count(0...1_000_000),
            "Speed of simulated streams; 0 is as fast as possible."),
        Setting(
            "sandbox.faults", \.sandbox.faults, .flag, "Whether a request's headers may ask for a simulated failure."),
    ]

    private static let upstream: [Setting<Settings>] = [
        Setting(
            "upstream.connect_timeout", \.upstream.connectTimeout, .duration(anyTimeout),
            "Time to reach a vendor, TLS included."),
        Setting(
            "upstream.first_byte_timeout", \.upstream.firstByteTimeout, .duration(anyTimeout),
            "Time to the first byte of an answer."),
        Setting(
            "upstream.idle_timeout", \.upstream.idleTimeout, .duration(anyTimeout),
            "Time between two reads of an answer."),
        Setting(
            "upstream.total_timeout", \.upstream.totalTimeout, .duration(anyTimeout), "Time for a whole call."),
        Setting(
            "upstream.max_connections_per_host", \.upstream.maxConnectionsPerHost, .count(1...100_000),
            "Connections to one vendor at once."),
        Setting(
            "upstream.idle_connections", \.upstream.idleConnections, .count(0...100_000),
            "Unused connections to vendors kept open."),
        Setting(
            "upstream.max_response_bytes", \.upstream.maxResponseBytes, .size(1 << 10...1 << 30),
            "The largest answer taken from a vendor."),
        Setting(
            "upstream.ca_file", optional: \.upstream.caFile, .path,
            "Certificate authorities to trust instead of the system's, a PEM file."),
    ]

    private static let limits: [Setting<Settings>] = [
        Setting(
            "limits.assumed_output_tokens", \.limits.assumedOutputTokens, .countOrAuto(1...100_000_000),
            "Output tokens a call may have that sets no limit, held and asked for; auto is all the model can make."),
        Setting(
            "limits.tracked_scopes", \.limits.trackedScopes, .count(1_000...10_000_000),
            "Keys, accounts and tags whose rates and spending are kept in memory at once."),
        Setting(
            "limits.tags_per_day", \.limits.tagsPerDay, .count(1...1_000_000),
            "Different tags that calls of one account may have on one day, those of budgets and defaults apart."),
    ]

    private static let billing: [Setting<Settings>] = [
        Setting(
            "billing.fee_basis_points", \.billing.feeBasisPoints, .count(0...10_000),
            "What is kept of a top-up, in hundredths of a percent."),
        Setting(
            "billing.fee_direction", \.billing.feeDirection, .choice(),
            "deducted: of $100 paid, $95 can be spent; added: $100 of credit cost $105."),
        Setting(
            "billing.minimum_top_up_cents", \.billing.minimumTopUpCents, .count(1...100_000_000),
            "The smallest payment that can be begun."),
        Setting(
            "billing.low_balance_cents", \.billing.lowBalanceCents, .count(0...1_000_000_000),
            "A prepaid wallet that falls below is logged, once until it is above again; 0 is never."),
        Setting(
            "billing.auto_reload", \.billing.autoReload, .flag,
            "Whether accounts may have themselves topped up when little is left; takes both of Stripe's secrets."),
        Setting(
            "billing.auto_reloads_per_month", \.billing.autoReloadsPerMonth, .count(1...1_000),
            "Automatic top-ups of one account in a calendar month."),
    ]

    private static let stripe: [Setting<Settings>] = [
        Setting("stripe.secret_key", optional: \.stripe.secretKey, .secret, "The key that begins payments."),
        Setting(
            "stripe.webhook_secret", optional: \.stripe.webhookSecret, .secret,
            "The secret of the webhook; without it, no webhook is served."),
        Setting(
            "stripe.previous_webhook_secret", optional: \.stripe.previousWebhookSecret, .secret,
            "Accepted as well, while the secret is being changed."),
        Setting("stripe.api_base", optional: \.stripe.apiBase, .httpAddress, "Where Stripe's API is."),
        Setting(
            "stripe.success_url", optional: \.stripe.successURL, .httpAddress,
            "Where payers go afterwards; the gateway's own address when left out."),
        Setting(
            "stripe.cancel_url", optional: \.stripe.cancelURL, .httpAddress,
            "Where payers go who did not pay; the gateway's own address when left out."),
    ]

    private static let vault: [Setting<Settings>] = [
        Setting(
            "vault.master_key", optional: \.vault.masterKey, .secret,
            "32 bytes in hexadecimal or base64; `master.key` in the data directory when left out."),
        Setting(
            "vault.previous_master_key", optional: \.vault.previousMasterKey, .secret,
            "The master key before, while it is being changed."),
    ]

    private static let gateways: [Setting<Settings>] = [
        Setting(
            "gateways.per_account", \.gateways.perAccount, .count(1...100_000),
            "Gateways an account can have beside `default`."),
        Setting(
            "gateways.private_providers", \.gateways.privateProviders, .flag,
            "Whether custom providers may be at http:// addresses, on this machine and in private networks."),
        Setting(
            "gateways.host", optional: \.gateways.host, .headerText,
            "A host name of this gateway under which /v1/{account}/{gateway}/… is the gateway host's."),
        Setting(
            "gateways.log_entries", \.gateways.logEntries, .count(1_000...100_000_000),
            "Log entries a gateway keeps that does not say so itself; the oldest go."),
        Setting(
            "gateways.log_body_retention", \.gateways.logBodyRetention,
            .duration(.seconds(60) ... .seconds(3_650 * 86_400)),
            "How long requests and answers are kept with their log entries."),
        Setting(
            "gateways.cache_bytes", \.gateways.cacheBytes, .size(1 << 20...1 << 40),
            "Memory for answers that gateways keep."),
        Setting(
            "gateways.cache_entries", \.gateways.cacheEntries, .count(1...100_000_000), "Answers that gateways keep."),
        Setting(
            "gateways.cache_streams", \.gateways.cacheStreams, .flag,
            "Whether streamed answers are kept too, and sent again as streams."),
        Setting(
            "gateways.cache_partition", \.gateways.cachePartition, .cachePartition,
            "Who shares kept answers: all callers of a gateway, each key with itself, or calls with the same metadata."),
    ]
}
