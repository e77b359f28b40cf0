import Domain
import Synchronization

/// How often each gateway's answers were forgotten. Forgetting is counting: what is older is found to be so when
/// somebody looks for it.
final class GatewayAges: Sendable {
    private struct Name: Hashable {
        let account: AccountID
        let gateway: GatewayID
    }

    private struct State {
        var everybody: UInt64 = 0
        var own: [Name: UInt64] = [:]
    }

    private let most: Int
    private let state = Mutex(State())

    init(most: Int) {
        self.most = most
    }

    func age(_ account: AccountID, _ gateway: GatewayID) -> GatewayAge {
        state.withLock { state in
            let own = state.own.isEmpty ? 0 : state.own[Name(account: account, gateway: gateway)] ?? 0
            return GatewayAge(everybody: state.everybody, own: own)
        }
    }

    func forget(_ account: AccountID, _ gateway: GatewayID) {
        state.withLock { state in
            let name = Name(account: account, gateway: gateway)
            if state.own[name] == nil, state.own.count >= most {
                // The counts of the others go with everything that they told apart.
                state.everybody += 1
                state.own.removeAll()
            } else {
                state.own[name, default: 0] += 1
            }
        }
    }
}
