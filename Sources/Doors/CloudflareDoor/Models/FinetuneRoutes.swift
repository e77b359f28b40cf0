import Domain
import JSON
import Routing

/// `…/ai/finetunes` and `…/ai/tomarkdown`: what this gateway does not do. Lists are empty, and the rest says so.
public struct FinetuneRoutes: Sendable {
    public init() {}

    public var routes: [CloudflareRoute] {
        [
            .manage("GET", "/client/v4/accounts/{account}/ai/finetunes", least: .keyOnly, none),
            .manage("GET", "/client/v4/accounts/{account}/ai/finetunes/public", least: .keyOnly, none),
            .manage("POST", "/client/v4/accounts/{account}/ai/finetunes", finetune),
            .manage("POST", "/client/v4/accounts/{account}/ai/finetunes/{id}/finetune-assets", finetune),
            .manage("GET", "/client/v4/accounts/{account}/ai/tomarkdown/supported", least: .keyOnly, none),
            .manage("POST", "/client/v4/accounts/{account}/ai/tomarkdown", least: .keyOnly, convert),
        ]
    }

    @Sendable private func none(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .list(CloudflarePage(whole: 0), [], total: 0)
    }

    @Sendable private func finetune(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        throw GatewayError(.invalidValue, "This gateway hosts no models, so it has none to fine-tune.")
    }

    @Sendable private func convert(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        throw GatewayError(.invalidValue, "This gateway converts no files to Markdown.")
    }
}
