import Domain

/// Reads the notice at the top of a model's page.
enum BannerReader {
    static func read(_ model: inout FieldReader) -> ModelBanner? {
        guard var fields = model.mapping("banner", known: ["severity", "title", "text", "link"]) else { return nil }
        let severity = fields.required("severity")
        if let severity, !isLowerCaseWord(severity) { fields.report("severity", "must be a word such as warning") }
        let title = fields.required("title")
        let text = fields.text("text")
        let link = link(&fields)
        model.adopt(fields)
        guard let severity, let title else { return nil }
        return ModelBanner(severity: severity, title: title, text: text, link: link)
    }

    private static func link(_ banner: inout FieldReader) -> ModelBanner.Link? {
        guard var fields = banner.mapping("link", known: ["url", "label"]) else { return nil }
        let url = fields.required("url")
        if let url, !url.hasPrefix("https://") { fields.report("url", "must begin with https://") }
        let label = fields.required("label")
        banner.adopt(fields)
        guard let url, let label else { return nil }
        return ModelBanner.Link(url: url, label: label)
    }
}
