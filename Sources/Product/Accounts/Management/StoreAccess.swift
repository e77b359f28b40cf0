package import Domain

/// Asks a store, and says in the words of callers when it failed.
package func stored<Result>(_ work: () throws(StoreError) -> Result) throws(GatewayError) -> Result {
    do throws(StoreError) {
        return try work()
    } catch {
        switch error {
        case .duplicate:
            throw GatewayError(.conflict, "There is one like this already.")
        case .unusable, .notWritten, .closed:
            throw GatewayError(
                .recordFailed, "The gateway's records could not be read or written. Try again shortly.",
                retryAfterSeconds: 1)
        }
    }
}

extension GatewayError {
    package static func notFound(_ what: String) -> GatewayError {
        GatewayError(.objectNotFound, "There is no such \(what).")
    }
}
