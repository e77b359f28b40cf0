public import Domain

extension Posting {
    /// What the wallet of its account gained; below zero for what it lost.
    public var credited: Nanodollars { gain(of: .wallet(accountID)) }
    /// What came in; below zero for what was given back.
    public var paid: Nanodollars { .zero - gain(of: .cash) }
    /// What was kept.
    public var fee: Nanodollars { gain(of: .platformFee) }

    private func gain(of place: LedgerAccount) -> Nanodollars {
        transfers.reduce(.zero) { sum, transfer in
            sum + (transfer.to == place ? transfer.amount : .zero) - (transfer.from == place ? transfer.amount : .zero)
        }
    }
}
