import HTTPClient
import HTTPCore
import Telemetry

/// One batch on its way to one destination.
struct SpanDelivery {
    let client: HTTPClient
    let bounds: ExporterBounds
    let destination: OTLPDestination
    let body: [UInt8]

    enum Outcome: Equatable {
        case delivered
        /// It will not be taken; there is no use in sending it again.
        case refused(String)
        /// It may be taken later, after so many milliseconds where the destination says.
        case mayPass(String, afterMilliseconds: UInt64?)
    }

    func send() async -> Outcome {
        do throws(HTTPClientError) {
            let answer = try await client.send(template, body: body, deadlines: deadlines)
            let outcome = Self.outcome(answer.status, answer.headers)
            // Read so that the connection can be used again; what it says is of no use.
            _ = try? await answer.collect(limit: bounds.answerBytes)
            return outcome
        } catch {
            return Self.outcome(error)
        }
    }

    private var template: RequestTemplate {
        var headers = [("Content-Type", destination.contentType.mediaType)]
        if let authorization = destination.authorization { headers.append(("Authorization", authorization.reveal())) }
        for header in destination.headers { headers.append((header.name, header.value.reveal())) }
        return RequestTemplate(.post, url: destination.url, headers: headers)
    }

    private var deadlines: RequestDeadlines {
        let limit = bounds.timeoutMilliseconds
        return RequestDeadlines(
            connectMilliseconds: limit, firstByteMilliseconds: limit, idleMilliseconds: limit,
            totalMilliseconds: limit)
    }

    /// OTLP names the statuses that may pass; all others are final.
    static func outcome(_ status: Int, _ headers: HeaderFields) -> Outcome {
        switch status {
        case 200..<300: .delivered
        case 429, 502, 503, 504: .mayPass("status \(status)", afterMilliseconds: pause(headers))
        default: .refused("status \(status)")
        }
    }

    private static func pause(_ headers: HeaderFields) -> UInt64? {
        headers.first("retry-after").flatMap { UInt32($0) }.map { UInt64($0) * 1_000 }
    }

    static func outcome(_ error: HTTPClientError) -> Outcome {
        switch error {
        case .cannotConnect: .mayPass("no connection", afterMilliseconds: nil)
        case .timedOut: .mayPass("timeout", afterMilliseconds: nil)
        case .brokenOff: .mayPass("broken off", afterMilliseconds: nil)
        case .notTrusted: .refused("certificate")
        case .tooLarge: .refused("answer too large")
        case .cancelled: .refused("shut down")
        }
    }
}
