import Glibc

/// Lets one thread sleep until another one wakes it.
@safe
public final class Semaphore: @unchecked Sendable {
    // Guard: sem_t is made for use from several threads, and the pointer never changes.
    private let semaphore: UnsafeMutablePointer<sem_t>

    public init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe semaphore.initialize(to: sem_t())
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    public func wait() {
        // Only a signal makes it return early.
        while unsafe sem_wait(semaphore) != 0 {}
    }

    public func signal() {
        unsafe sem_post(semaphore)
    }
}
