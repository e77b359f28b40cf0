import CMimalloc

/// The memory allocator of the whole process.
///
/// A program that uses this room is linked with mimalloc, whose `malloc` then serves Swift and every C library in it.
public enum Allocator {
    /// Such as `mimalloc 2.0.9`. Naming the library is what keeps the linker from leaving it out.
    public static var name: String {
        let version = mi_version()
        return "mimalloc \(version / 100).\(version / 10 % 10).\(version % 10)"
    }
}
