import Domain
import Telemetry
import Testing

@testable import Pipeline

@Suite("Pipeline: keys in the words of vendors")
struct WithholdingTests {
    static let told = GatewayError(
        .upstreamRejected, "Incorrect API key provided: sk-vendor-1. (Bearer sk-vendor-1)", param: "key sk-vendor-1")

    @Test func `a key is taken out wherever it stands`() {
        let error = Self.told.withholding(Secret("sk-vendor-1"))
        #expect(error.message == "Incorrect API key provided: [redacted]. (Bearer [redacted])")
        #expect(error.param == "key [redacted]")
        #expect(error.reason == .upstreamRejected)
    }

    @Test(arguments: [nil, Secret(""), Secret("key"), Secret("sk-another-1")])
    func `other words stay as they are`(key: Secret?) {
        #expect(Self.told.withholding(key) == Self.told)
    }
}
