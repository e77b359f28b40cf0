/// How much the logs of gateways may take, waiting, at work and on disk.
public struct LogLimits: Hashable, Sendable {
    /// Entries accepted and not yet written.
    public var waitingEntries = 16_384
    /// Bytes of bodies accepted and not yet written.
    public var waitingBodyBytes = 64 << 20
    /// Bytes of both bodies of one entry; larger ones are not kept.
    public var bodyBytes = 10 << 20
    /// Bytes of the file of bodies; beyond them the oldest go when things are tidied.
    public var bodyFileBytes: Int64 = 16 << 30
    /// What `LogPage.total` says at most. Counting stops there.
    public var countedEntries = 100_000
    /// Entries that are gathered to be looked up and sorted by themselves. Where a question finds more, reading all of
    /// them in their order is as fast.
    public var candidates = 20_000
    /// Connections for reading, so that a slow search does not hold up what others look for.
    public var readers = 4
    /// Steps of SQLite's machine that one question may take: a few hundred million entries looked at.
    public var searchSteps: Int64 = 4_000_000_000

    public init() {}
}
