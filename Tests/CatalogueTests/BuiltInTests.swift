import Catalogue
import Domain
import Foundation
import Testing

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

@Suite("The built-in catalogue")
struct BuiltInTests {
    @Test func `loads without a problem`() throws {
        let models = try CatalogueLoader.load().models
        #expect(models.count >= 4)
        #expect(models.prefix(4).map(\.id.rawValue) == SeedFacts.ids)
        #expect(Catalogue.builtIn.models.count == models.count)
    }

    @Test func `is what the files say; scripts/embed-catalogue was run`() throws {
        let folder = root.appending(path: "catalogue")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        let files = names.filter { $0.hasSuffix(".yaml") }
        #expect(Set(files) == Set(BuiltIn.vendors.map { "\($0).yaml" }))
        for (vendor, source) in zip(BuiltIn.vendors, BuiltIn.sources) {
            let written = try Data(contentsOf: folder.appending(path: "\(vendor).yaml"))
            #expect(source.content == .bytes(Array(written)), "\(vendor): run scripts/embed-catalogue")
        }
    }

    @Test func `every price has its source, its day and its version`() {
        for model in Catalogue.builtIn.models {
            guard let pricing = model.pricing else {
                #expect(model.priceVersion == nil)
                continue
            }
            #expect(pricing.source.hasPrefix("https://"), "\(model.id)")
            #expect(CalendarDay(pricing.asOf) != nil, "\(model.id)")
            #expect(model.priceVersion?.contains("+") == true, "\(model.id)")
        }
    }

    @Test func `the vendor of a file is the vendor of its models`() {
        for model in Catalogue.builtIn.models {
            let prefix = model.provider.rawValue == "workers-ai" ? "@cf" : model.provider.rawValue
            #expect(model.id.rawValue.hasPrefix(prefix + "/"))
        }
    }
}
