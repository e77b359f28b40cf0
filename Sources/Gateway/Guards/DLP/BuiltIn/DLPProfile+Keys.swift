extension DLPProfile {
    /// Secrets that can be told by their form.
    static let keys = [
        DLPPatternText(id: "aigateway_key", name: "Key of this gateway", pattern: #"\bsk-aig-[A-Za-z0-9_-]{16,}"#),
        DLPPatternText(
            id: "anthropic_key", name: "Anthropic API key", pattern: #"\bsk-ant-[A-Za-z0-9_-]{20,}"#,
            checksum: .mixed),
        DLPPatternText(
            id: "openai_key", name: "OpenAI API key, or another that begins with sk-",
            pattern: #"\bsk-[A-Za-z0-9_-]{20,}"#, checksum: .mixed),
        DLPPatternText(
            id: "aws_access_key", name: "AWS access key id", pattern: #"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"#),
        DLPPatternText(
            id: "github_token", name: "GitHub token",
            pattern: #"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{50,255})\b"#),
        DLPPatternText(
            id: "google_api_key", name: "Google API key", pattern: #"\bAIza[0-9A-Za-z_-]{35}"#),
        DLPPatternText(
            id: "hugging_face_token", name: "Hugging Face token", pattern: #"\bhf_[A-Za-z0-9]{34,}\b"#),
        DLPPatternText(
            id: "slack_token", name: "Slack token", pattern: #"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"#, checksum: .mixed),
        DLPPatternText(
            id: "stripe_key", name: "Stripe secret key",
            pattern: #"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}\b"#),
        DLPPatternText(
            id: "private_key", name: "Private key block",
            pattern: #"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"#),
        DLPPatternText(
            id: "json_web_token", name: "JSON Web Token",
            pattern: #"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}"#),
    ]
}
