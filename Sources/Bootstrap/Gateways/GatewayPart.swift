import Gateways
import Governance
import Guards
import JSON
import Spans

/// Who checks which part of a gateway before it is written.
enum GatewayPart {
    static func all(_ library: DLPLibrary) -> GatewayParts {
        GatewayParts.plain
            .checking("dlp") { value in
                problems { () throws(GuardProblems) in
                    _ = try DLPPolicySet(json: value, pointer: "", known: library.ids)
                }
            }
            .checking("guardrails") { value in
                problems { () throws(GuardProblems) in _ = try Guardrails(json: value, pointer: "") }
            }
            .checking("otel") { value in
                do throws(OTLPProblems) {
                    _ = try OTLPDestination.list(json: value, pointer: "")
                    return []
                } catch {
                    return error.problems.map { GatewayProblem($0.pointer, $0.message) }
                }
            }
            .checking("spend_limits") { value in
                guard let object = value.objectValue else { return [GatewayProblem("", "must be an object")] }
                do throws(SpendLimitProblems) {
                    _ = try SpendLimits(object, at: JSONPointer(), makeID: ruleID)
                    return []
                } catch {
                    return error.list.map { GatewayProblem($0.pointer.description, $0.text) }
                }
            }
    }

    /// Names a rule that has no name, so that its counter is found again.
    static func ruleID(_ position: Int) -> String { "rule-\(position + 1)" }

    private static func problems(_ check: () throws(GuardProblems) -> Void) -> [GatewayProblem] {
        do throws(GuardProblems) {
            try check()
            return []
        } catch {
            return error.problems.map { GatewayProblem($0.pointer, $0.message) }
        }
    }
}
