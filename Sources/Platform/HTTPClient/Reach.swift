/// Which addresses a request may connect to.
public enum Reach: Hashable, Sendable {
    /// Whatever the name of its host stands for.
    case anywhere
    /// Public addresses only. The address itself is looked at when it is connected to, so that it does not matter what
    /// a name stood for before. No proxy is used, for it would look the name up by itself.
    case publicOnly
}
