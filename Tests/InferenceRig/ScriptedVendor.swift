import HTTPCore
import HTTPServer
import Synchronization

/// A vendor that misbehaves by a script, one line for each request, and answers well after its end.
public final class ScriptedVendor: Sendable {
    public enum Line: Sendable, CustomStringConvertible {
        case status(Int, retryAfter: String? = nil)
        /// Breaks off before anything was sent of the body, or in the middle of it.
        case reset(afterFirstByte: Bool)
        case silence

        public var description: String {
            switch self {
            case .status(let status, let retryAfter): "\(status)\(retryAfter.map { " after \($0)" } ?? "")"
            case .reset(let afterFirstByte): afterFirstByte ? "reset after the first byte" : "reset"
            case .silence: "silence"
            }
        }
    }

    private let script: [Line]
    private let asked = Mutex(0)

    public init(_ script: [Line]) { self.script = script }

    public var count: Int { asked.withLock { $0 } }

    public func answer(isStream: Bool) -> TestVendor.Answer {
        { request, responder in await self.next(isStream: isStream)(request, responder) }
    }

    private func next(isStream: Bool) -> TestVendor.Answer {
        let position = asked.withLock { count in
            count += 1
            return count - 1
        }
        guard script.indices.contains(position) else {
            return isStream ? TestVendor.streaming(goodStream) : TestVendor.saying(200, completion)
        }
        switch script[position] {
        case .status(let status, let retryAfter):
            return TestVendor.saying(
                status, #"{"error":{"message":"no \#(status)"}}"#, retryAfter.map { [("Retry-After", $0)] } ?? [])
        case .reset(let afterFirstByte):
            return TestVendor.streaming(afterFirstByte ? [chunk("a")] : [], breakingOff: true)
        case .silence:
            return { _, responder in
                await Signal().wait()
                responder.send(HTTPResponse(status: 500))
            }
        }
    }
}
