import Domain
import HTTPCore
import HTTPServer
import InferenceRig
import Metering
import Synchronization
import Telemetry
import Testing

@testable import Pipeline

/// What a vendor was sent for credentials.
private final class Credentials: Sendable {
    private let seen = Mutex<[String]>([])

    var all: [String] { seen.withLock { $0 } }

    var vendor: TestVendor.Answer {
        let answer: TestVendor.Answer = { request, responder in
            self.note(request)
            responder.send(HTTPResponse(status: 200, body: Array(completion.utf8)))
        }
        return answer
    }

    private func note(_ request: HTTPRequest) {
        seen.withLock { $0.append(request.headers.first("authorization") ?? "none") }
    }
}

private struct OneKey: OwnKeys {
    func key(for principal: Principal, provider: ProviderID, alias: String?) -> Secret? {
        alias == nil || alias == "mine" ? Secret("sk-attached") : nil
    }
}

@Suite("Who is let through", .timeLimit(.minutes(1)))
struct AdmissionTests {
    private static func principal(
        plan: Account.Plan = .postpaid, models: [String] = [], accountModels: [String] = [], tag: String? = nil
    ) -> Principal {
        Principal(
            key: APIKey(
                id: KeyID("key_1"), accountID: AccountID("acc_1"), name: "", prefix: "", hash: [],
                createdAt: Timestamp(seconds: 0), scope: KeyScope(allowedModels: ModelAllowList(models))),
            account: Account(
                id: AccountID("acc_1"), name: "", createdAt: Timestamp(seconds: 0), plan: plan, defaultTag: tag,
                allowedModels: ModelAllowList(accountModels)))
    }

    private static func ask(
        _ rig: Rig, _ principal: Principal, model: String = "openai/o4-mini", _ headers: HeaderFields = HeaderFields()
    ) async -> Result<RouteTaken, GatewayError> {
        let body = #"{"model":"\#(model)","messages":[{"role":"user","content":"x"}],"max_tokens":10}"#
        let call = InferenceCall(
            requestID: RequestID("req_1"), principal: principal, body: Array(body.utf8), arrivedAt: 0,
            headers: headers)
        return await rig.start {
            do throws(GatewayError) {
                guard case .whole(_, let route) = try await rig.pipeline.chat(call, on: rig.lane) else {
                    return .failure(GatewayError(.internalError, "a stream"))
                }
                return .success(route)
            } catch {
                return .failure(error)
            }
        }.value
    }

    @Test(arguments: [
        (["openai/o4-mini"], [], true), (["openai/*"], ["text"], true), (["anthropic/*"], [], false),
        ([], ["openai/gpt-*"], false), (["text"], ["embedding"], false),
    ])
    func `key and account must both allow the model`(key: [String], account: [String], isAllowed: Bool) async throws {
        try await withRig(vendor: TestVendor.saying(200, completion)) { rig in
            let result = await Self.ask(rig, Self.principal(models: key, accountModels: account))
            switch result {
            case .success: #expect(isAllowed)
            case .failure(let error): #expect(!isAllowed && error.reason == .modelNotAllowed)
            }
            #expect(rig.recorder.records.count == (isAllowed ? 1 : 0))
        }
    }

    @Test func `a call's tag is the header's, else the account's`() async throws {
        try await withRig(vendor: TestVendor.saying(200, completion)) { rig in
            let principal = Self.principal(tag: "default")
            _ = try await Self.ask(rig, principal).get()
            _ = try await Self.ask(rig, principal, ["x-aig-tag": "mine"]).get()
            #expect(rig.recorder.records.map(\.tag) == ["default", "mine"])
            for tag in ["", String(repeating: "x", count: 65)] {
                guard case .failure(let error) = await Self.ask(rig, principal, ["x-aig-tag": tag]) else {
                    return fail("`\(tag)` was taken")
                }
                #expect(error.reason == .invalidValue && error.param == "x-aig-tag")
            }
        }
    }

    @Test func `a prepaid call is charged, and the wallet of the next is what it left`() async throws {
        let treasury = Treasury(
            opening: TreasuryOpening(wallets: [AccountID("acc_1"): Nanodollars(300_000)]), clock: StoppedClock())
        try await withRig(treasury: treasury, vendor: TestVendor.saying(200, completion)) { rig in
            let principal = Self.principal(plan: .prepaid)
            let route = try await Self.ask(rig, principal).get()
            // 9 tokens in, 3 out.
            #expect(route.bill?.cost == Nanodollars(23_100))
            let charge = try #require(rig.recorder.records.first?.charge)
            #expect(charge.cost == Nanodollars(23_100) && charge.payer == AccountID("acc_1"))
            #expect(charge.priceVersion?.isEmpty == false && charge.prices?.input == 1_100_000_000)
            let standing = treasury.standing(of: principal.account)
            #expect(standing.balance == Nanodollars(276_900) && standing.held == .zero)
        }
    }

    @Test(arguments: [false, true])
    func `a call that comes to nothing costs nothing and leaves no hold`(isRecorded: Bool) async throws {
        let treasury = Treasury(
            opening: TreasuryOpening(wallets: [AccountID("acc_1"): Nanodollars(300_000)]), clock: StoppedClock())
        let recorder = Notebook(failing: isRecorded ? nil : .notWritten("disk full"))
        let vendor = isRecorded ? TestVendor.saying(500, "{}") : TestVendor.saying(200, completion)
        try await withRig(recorder, treasury: treasury, vendor: vendor) { rig in
            let principal = Self.principal(plan: .prepaid)
            _ = await Self.ask(rig, principal)
            let standing = treasury.standing(of: principal.account)
            #expect(standing.balance == Nanodollars(300_000) && standing.held == .zero)
            #expect(recorder.records.allSatisfy { $0.charge.cost == .zero })
        }
    }

    @Test func `a key brought along is the one the vendor sees, and costs the wallet nothing`() async throws {
        let credentials = Credentials()
        try await withRig(isSandbox: false, ownKeys: OneKey(), vendor: credentials.vendor) { rig in
            let broke = Self.principal(plan: .prepaid)
            for headers in [HeaderFields(), ["x-byok-openai": "sk-theirs"], ["x-byok-alias": "mine"]] {
                let route = try await Self.ask(rig, broke, headers).get()
                #expect(route.bill?.cost == .zero)
            }
            #expect(credentials.all == ["Bearer sk-attached", "Bearer sk-theirs", "Bearer sk-attached"])
            let charges = rig.recorder.records.map(\.charge)
            #expect(charges.allSatisfy { $0.isOnOwnKey && $0.cost == .zero && $0.vendorCost == Nanodollars(23_100) })
            guard case .failure(let error) = await Self.ask(rig, broke, ["x-byok-alias": "another"]) else {
                return fail("an alias that is not there was taken")
            }
            #expect(error.param == "x-byok-alias")
            #expect(credentials.all.count == 3)
        }
    }

    @Test(arguments: [401, 403])
    func `a key of one's own that the vendor refuses is named, and not repeated`(status: Int) async throws {
        let vendor = TestVendor.saying(status, #"{"error":{"message":"Incorrect API key provided: sk-theirs"}}"#)
        try await withRig(isSandbox: false, vendor: vendor) { rig in
            let result = await Self.ask(rig, Self.principal(), ["x-byok-openai": "sk-theirs"])
            guard case .failure(let error) = result else { return fail("answered") }
            #expect(error.reason == .upstreamRejected && error.message.contains("your own"))
            #expect(!error.message.contains("sk-theirs"))
        }
    }

    @Test func `a model without a price is for those with a key of their own`() async throws {
        let credentials = Credentials()
        try await withRig(isSandbox: false, vendor: credentials.vendor) { rig in
            let model = "openai/gpt-5.4-mini"
            guard case .failure(let error) = await Self.ask(rig, Self.principal(), model: model) else {
                return fail("called without a price")
            }
            #expect(error.reason == .priceUnknown && error.param == "model")
            let route = try await Self.ask(rig, Self.principal(), model: model, ["x-byok-openai": "sk-theirs"]).get()
            #expect(route.bill?.cost == nil && credentials.all == ["Bearer sk-theirs"])
        }
    }

    @Test func `without a limit in the request, the assumed one is held and sent`() async throws {
        var limits = PipelineLimits()
        limits.assumedOutputTokens = 77
        let sent = Mutex("")
        let vendor: TestVendor.Answer = { request, responder in
            sent.withLock { $0 = String(decoding: request.body, as: UTF8.self) }
            responder.send(HTTPResponse(status: 200, body: Array(completion.utf8)))
        }
        try await withRig(limits: limits, vendor: vendor) { rig in
            _ = try await rig.whole().get()
            #expect(sent.withLock { $0.contains(#""max_completion_tokens":77"#) })
        }
    }

    @Test func `an explanation tells what would be held and holds nothing`() async throws {
        let treasury = Treasury(
            opening: TreasuryOpening(wallets: [AccountID("acc_1"): Nanodollars(1)]), clock: StoppedClock())
        try await withRig(treasury: treasury, vendor: TestVendor.saying(200, completion)) { rig in
            let principal = Self.principal(plan: .prepaid)
            let body = #"{"model":"openai/o4-mini","messages":[{"role":"user","content":"x"}],"max_tokens":10}"#
            let call = InferenceCall(
                requestID: RequestID("req_1"), principal: principal, body: Array(body.utf8), arrivedAt: 0)
            let explanation = try await rig.start {
                Result { () throws(GatewayError) in try rig.pipeline.explain(call, on: rig.lane) }
            }.value.get()
            #expect(explanation.report.refusal?.reason == .insufficientCredits)
            #expect(explanation.outputAtMost == 10 && explanation.promptAtMost >= explanation.promptEstimate)
            #expect(treasury.standing(of: principal.account).held == .zero)
            #expect(rig.recorder.records.isEmpty)
        }
    }
}
