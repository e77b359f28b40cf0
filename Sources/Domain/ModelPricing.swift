/// What a vendor asks for a model, in nano-dollars: whole numbers, because money is never a fraction here.
///
/// A part that is nil is not charged for, or not known to be.
public struct ModelPricing: Hashable, Sendable {
    public var inputPerMillion: Int64?
    public var outputPerMillion: Int64?
    /// Prompt tokens the vendor had kept.
    public var cacheReadPerMillion: Int64?
    /// Prompt tokens the vendor is asked to keep.
    public var cacheWritePerMillion: Int64?
    public var perImage: Int64?
    public var perSecond: Int64?
    public var perMinute: Int64?
    public var perRequest: Int64?
    public var perThousandCharacters: Int64?
    /// What the numbers alone do not say.
    public var note: String?
    /// Where the prices were read.
    public var source: String
    /// When they were in force there, `YYYY-MM-DD`.
    public var asOf: String

    public init(inputPerMillion: Int64? = nil, outputPerMillion: Int64? = nil, source: String = "", asOf: String = "") {
        self.inputPerMillion = inputPerMillion
        self.outputPerMillion = outputPerMillion
        self.source = source
        self.asOf = asOf
    }

    /// The parts under the names the catalogue's files and answers use, in the order of a page.
    public static let parts: [(name: String, place: any WritableKeyPath<ModelPricing, Int64?> & Sendable)] = [
        ("input_per_1m", \.inputPerMillion), ("output_per_1m", \.outputPerMillion),
        ("cache_read_per_1m", \.cacheReadPerMillion), ("cache_write_per_1m", \.cacheWritePerMillion),
        ("per_image", \.perImage), ("per_second", \.perSecond), ("per_minute", \.perMinute),
        ("per_request", \.perRequest), ("per_1k_chars", \.perThousandCharacters),
    ]
}
