public import Domain
import JSON

/// Code to paste. Keys come from the environment, so that none is pasted with it.
public struct CallSnippets: Sendable {
    private let model: Model
    private let url: String
    private let baseURL: String
    /// The smallest body that does something, as JSON.
    private let body: String

    /// - Parameter path: Of the endpoint that the model answers at.
    public init(_ model: Model, sample: CallSample, baseURL: String, path: String) {
        self.model = model
        self.baseURL = baseURL
        url = baseURL + path
        let id = JSONValue.string(model.id.rawValue)
        let body: JSONValue =
            model.modality == .text
            ? ["model": id, "messages": [["role": "user", "content": "Hello!"]]] : sample.request
        self.body = String(decoding: body.serialized(), as: UTF8.self)
    }

    public var curl: String {
        let head = #"curl \#(url) -H "Authorization: Bearer $AIGATEWAY_API_KEY""#
        if model.modality == .transcription {
            return head + #" -F file=@speech.mp3 -F model=\#(model.id)"#
        }
        let output = model.modality == .speech ? " --output speech.mp3" : ""
        return head + #" -H "Content-Type: application/json" -d '\#(body)'"# + output
    }

    public var python: String {
        let client = """
            import os
            from openai import OpenAI

            client = OpenAI(base_url="\(baseURL)/v1", api_key=os.environ["AIGATEWAY_API_KEY"])

            """
        let id = model.id.rawValue
        switch model.modality {
        case .text where model.capabilities.contains(Capability.streaming.rawValue):
            return client + """
                stream = client.chat.completions.create(
                    model="\(id)",
                    messages=[{"role": "user", "content": "Hello!"}],
                    stream=True,
                )
                for chunk in stream:
                    print(chunk.choices[0].delta.content or "", end="", flush=True)
                """
        case .text:
            return client + """
                answer = client.chat.completions.create(
                    model="\(id)", messages=[{"role": "user", "content": "Hello!"}])
                print(answer.choices[0].message.content)
                """
        case .embedding:
            return client + """
                answer = client.embeddings.create(model="\(id)", input="The quick brown fox")
                print(answer.data[0].embedding)
                """
        case .transcription:
            return client + """
                with open("speech.mp3", "rb") as file:
                    print(client.audio.transcriptions.create(model="\(id)", file=file).text)
                """
        default:
            return """
                import os
                import httpx

                answer = httpx.post(
                    "\(url)", headers={"Authorization": "Bearer " + os.environ["AIGATEWAY_API_KEY"],
                    "Content-Type": "application/json"}, content=r\"\"\"\(body)\"\"\")
                print(answer.status_code, len(answer.content))
                """
        }
    }

    public var typescript: String {
        """
        const answer = await fetch("\(url)", {
          method: "POST",
          headers: { Authorization: `Bearer ${process.env.AIGATEWAY_API_KEY}`\(jsonHeader) },
          body: \(model.modality == .transcription ? "form" : "JSON.stringify(\(body))"),
        });
        console.log(answer.status, await answer.\(model.modality == .speech ? "arrayBuffer" : "json")());
        """.prefixed(
            by: model.modality == .transcription
                ? """
                import { openAsBlob } from "node:fs";

                const form = new FormData();
                form.append("model", "\(model.id)");
                form.append("file", await openAsBlob("speech.mp3"), "speech.mp3");

                """ : "")
    }

    private var jsonHeader: String {
        model.modality == .transcription ? "" : #", "Content-Type": "application/json""#
    }

    public var swift: String {
        let head = """
            import Foundation
            #if canImport(FoundationNetworking)
            import FoundationNetworking
            #endif

            var request = URLRequest(url: URL(string: "\(url)")!)
            request.httpMethod = "POST"
            let key = ProcessInfo.processInfo.environment["AIGATEWAY_API_KEY"] ?? ""
            request.setValue("Bearer \\(key)", forHTTPHeaderField: "Authorization")

            """
        let send = """

            let (data, _) = try await URLSession.shared.data(for: request)
            print(\(model.modality == .speech ? "data.count" : "String(decoding: data, as: UTF8.self)"))
            """
        guard model.modality == .transcription else {
            return head + """
                request.setValue("application/json", forHTTPHeaderField: "Content-Type")
                request.httpBody = Data(#"\(body)"#.utf8)
                """ + send
        }
        return head + """
            let boundary = UUID().uuidString
            request.setValue("multipart/form-data; boundary=\\(boundary)", forHTTPHeaderField: "Content-Type")
            var body = Data("--\\(boundary)\\r\\nContent-Disposition: form-data; name=\\"model\\"\\r\\n\\r\\n\(model.id)\\r\\n".utf8)
            body += Data("--\\(boundary)\\r\\nContent-Disposition: form-data; name=\\"file\\"; filename=\\"speech.mp3\\"\\r\\n\\r\\n".utf8)
            body += try Data(contentsOf: URL(filePath: "speech.mp3"))
            body += Data("\\r\\n--\\(boundary)--\\r\\n".utf8)
            request.httpBody = body
            """ + send
    }
}

extension String {
    fileprivate func prefixed(by text: String) -> String { text + self }
}
