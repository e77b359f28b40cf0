public import Catalogue
public import Domain
import JSON
import ModelPages
import Routing

/// `…/ai/models`, `…/ai/tasks`, `…/ai/authors`: the catalogue as Cloudflare's clients look through it.
public struct ModelSearchRoutes: Sendable {
    private let catalogue: @Sendable () -> Catalogue
    private let today: @Sendable () -> CalendarDay

    /// - Parameter catalogue: The one in force.
    public init(catalogue: @escaping @Sendable () -> Catalogue, today: @escaping @Sendable () -> CalendarDay) {
        self.catalogue = catalogue
        self.today = today
    }

    public var routes: [CloudflareRoute] {
        [
            .manage("GET", "/client/v4/accounts/{account}/ai/models/search", least: .keyOnly, search),
            .manage("GET", "/client/v4/accounts/{account}/ai/models/schema", least: .keyOnly, schema),
            .manage("GET", "/client/v4/accounts/{account}/ai/tasks/search", least: .keyOnly, tasks),
            .manage("GET", "/client/v4/accounts/{account}/ai/authors/search", least: .keyOnly, authors),
        ]
    }

    // MARK: Models

    /// Readers of OpenRouter's form know no pages: they get everything on the first.
    private static let mostOfOneList = 1_000

    /// The binding asks the same by another path.
    @Sendable public func search(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let wanted = try ModelWish(call, today: today())
        let found = catalogue().models.filter(wanted.admits)
        guard let format = call.query.first("format") else {
            let page = try CloudflarePage(call.query)
            return .list(page, page.slice(found).map { .object(ModelListing.object($0)) }, total: found.count)
        }
        guard format == "openrouter" else {
            throw GatewayError(.invalidValue, "`format` must be openrouter, or left out.", param: "format")
        }
        let page = try CloudflarePage(call.query, usual: Self.mostOfOneList, most: Self.mostOfOneList)
        let models = page.slice(found).map { JSONValue.object(ModelListing.openRouter($0)) }
        return .list(page, models, total: found.count, beside: ["data": .array(models)])
    }

    @Sendable private func schema(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        guard let name = call.query.first("model") else {
            throw GatewayError(.missingField, "`model` is missing.", param: "model")
        }
        guard let model = catalogue().model(name) else {
            throw GatewayError(.modelNotFound, "There is no such model.", param: "model")
        }
        return .result(["input": RunSchema.input(of: model), "output": RunSchema.output(of: model)])
    }

    // MARK: Words

    @Sendable private func tasks(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        Self.whole(ModelListing.tasks())
    }

    @Sendable private func authors(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        Self.whole(ModelListing.authors(of: catalogue().models))
    }

    /// Clients do not turn the pages of these.
    private static func whole(_ elements: [JSONValue]) -> CloudflareReply {
        .list(CloudflarePage(whole: elements.count), elements, total: elements.count)
    }
}

/// Which models a search is for.
private struct ModelWish {
    private let author: String?
    private let search: String?
    private let source: ModelListing.Source?
    private let task: String?
    private let hidesExperimental: Bool
    /// Models that were turned off before that day are left out.
    private let oldestEnd: String

    /// Models that were turned off are told for so long to those who ask for them.
    private static let deprecatedDays = 92

    init(_ call: CloudflareCall, today: CalendarDay) throws(GatewayError) {
        author = call.query.first("author")?.lowercased()
        search = call.query.first("search")
        source = try Self.source(call.query)
        task = call.query.first("task")?.lowercased()
        hidesExperimental = try call.flag("hide_experimental") ?? false
        let days = try call.flag("include_deprecated") ?? false ? Self.deprecatedDays : 0
        oldestEnd = CalendarDay(daysSince1970: today.daysSince1970 - days).text
    }

    func admits(_ model: Model) -> Bool {
        (author == nil || author == model.author.lowercased() || author == model.authorName.lowercased())
            && (task == nil || task == CatalogueTask.of(model.modality).name.lowercased())
            && source.map { $0 == ModelListing.source(of: model) } ?? true
            && !(hidesExperimental && model.isExperimental)
            && model.page.shutdownDate.map { $0 >= oldestEnd } ?? true
            && search.map { model.isFound(by: $0) } ?? true
    }

    /// Some clients write numbers with a point.
    private static func source(_ query: QueryParameters) throws(GatewayError) -> ModelListing.Source? {
        guard let text = query.first("source") else { return nil }
        guard let source = JSONNumber(spelling: text)?.int64.flatMap({ ModelListing.Source(rawValue: Int($0)) }) else {
            throw GatewayError(
                .invalidValue, "`source` must be 1, for hosted models, or 2, for models of vendors.", param: "source")
        }
        return source
    }
}
