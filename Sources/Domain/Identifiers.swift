/// A typed id: a string that cannot be handed to a function that wants another kind of id.
public struct Identifier<Kind>: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }
}

public enum AccountKind {}
public enum KeyKind {}
public enum RequestKind {}
public enum ModelKind {}
public enum ProviderKind {}
public enum BudgetKind {}
public enum VendorKeyKind {}
public enum GatewayKind {}
public enum LogKind {}

/// `acc_…`: who owns keys and pays.
public typealias AccountID = Identifier<AccountKind>
/// `key_…`: names a key without revealing it.
public typealias KeyID = Identifier<KeyKind>
/// `req_…`, or the caller's own correlation id.
public typealias RequestID = Identifier<RequestKind>
/// `provider/name`, in its canonical spelling.
public typealias ModelID = Identifier<ModelKind>
/// The vendor that made a model, or the sandbox that plays it.
public typealias ProviderID = Identifier<ProviderKind>
/// `bud_…`
public typealias BudgetID = Identifier<BudgetKind>
/// `vk_…`: names a vendor's key that an account brought.
public typealias VendorKeyID = Identifier<VendorKeyKind>
/// An application's own gateway, by its name; unique in its account.
public typealias GatewayID = Identifier<GatewayKind>
/// A ULID.
public typealias LogID = Identifier<LogKind>
