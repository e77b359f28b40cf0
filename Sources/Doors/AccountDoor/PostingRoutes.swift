import Accounts
import Domain
import JSON
import Routing

/// `/v1/ledger` and what is posted to it by hand.
enum PostingRoutes {
    private static let longestReference = 200
    private static let longestNote = 500
    private static let usualPage = 100

    /// `POST /v1/accounts/{id}/top-ups`
    static func topUp(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let fields = try RequestFields(call, ["paid_cents", "reference", "note"])
        let paid = try RequestFields.required(try fields.cents("paid_cents"), "paid_cents")
        let (reference, note) = try words(fields)
        return answer(try desks.cashier.topUp(AccountID(call.id), paid: paid, reference: reference, note: note))
    }

    /// `POST /v1/accounts/{id}/adjustments`
    static func adjust(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let fields = try RequestFields(call, ["amount_cents", "reference", "note"])
        let amount = try RequestFields.required(try fields.cents("amount_cents", mayBeNegative: true), "amount_cents")
        let (reference, note) = try words(fields)
        return answer(try desks.cashier.adjust(AccountID(call.id), by: amount, reference: reference, note: note))
    }

    /// `POST /v1/accounts/{id}/refunds`
    static func refund(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let fields = try RequestFields(call, ["amount_cents", "reference", "note"])
        let amount = try RequestFields.required(try fields.cents("amount_cents"), "amount_cents")
        let (reference, note) = try words(fields)
        return answer(try desks.cashier.refund(AccountID(call.id), amount: amount, reference: reference, note: note))
    }

    /// `GET /v1/ledger?limit=&after=`
    static func list(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let limit = try Paging.limit(call.query, usual: usualPage)
        let after = try start(call.query.first("after"))
        let postings = try desks.cashier.postings(after: after, limit: limit + 1)
        return .json([
            "object": "list", "data": .array(postings.prefix(limit).map { .object(json($0)) }),
            "has_more": .bool(postings.count > limit),
        ])
    }

    private static func start(_ text: String?) throws(GatewayError) -> Int64 {
        guard let text else { return 0 }
        guard let id = Int64(text), id >= 0 else {
            throw RequestFields.invalid("after", "must be the id of a posting.")
        }
        return id
    }

    private static func words(_ fields: RequestFields) throws(GatewayError) -> (reference: String, note: String) {
        let reference = try RequestFields.required(
            try fields.text("reference", longest: longestReference), "reference")
        return (reference, try fields.text("note", longest: longestNote).value ?? "")
    }

    /// A repeated request is told what the first one was, with another status.
    private static func answer(_ receipt: Cashier.Receipt) -> ManagementReply {
        .json(.object(json(receipt.stored)), status: receipt.isNew ? 201 : 200)
    }

    static func json(_ stored: StoredPosting) -> JSONObject {
        let posting = stored.posting
        var object: JSONObject = [
            "id": .int(stored.id), "object": "posting", "kind": .string(posting.kind.rawValue),
            "account_id": .string(posting.accountID.rawValue), "reference": .string(posting.reference),
            "note": .string(posting.note), "amount_cents": .cents(posting.credited),
        ]
        if posting.kind == .topUp {
            object.append("paid_cents", .cents(posting.paid))
            object.append("fee_cents", .cents(posting.fee))
            object.append("credited_cents", .cents(posting.credited))
        }
        object.append("transfers", .array(posting.transfers.map(json)))
        object.append("created_at", .seconds(stored.createdAt))
        return object
    }

    private static func json(_ transfer: Transfer) -> JSONValue {
        [
            "from": .string(transfer.from.name), "to": .string(transfer.to.name),
            "amount_cents": .cents(transfer.amount),
        ]
    }
}
