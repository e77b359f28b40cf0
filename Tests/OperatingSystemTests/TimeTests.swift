import Foundation
import Testing

@testable import OperatingSystem

@Suite("Time")
struct TimeTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"),
        (1_795_220_785_123_999, "2026-11-21T00:26:25.123Z"),
        (951_782_399_999_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (-86_400_000_000, "1969-12-31T00:00:00.000Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999Z"),
    ]) func `a wall time is written as ISO 8601`(microseconds: Int64, text: String) {
        #expect(ISO8601.format(wallMicroseconds: microseconds) == text)
    }

    @Test func `days across four centuries agree with Foundation`() {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for day in stride(from: -80_000, to: 80_000, by: 37) {
            let text = ISO8601.format(wallMicroseconds: Int64(day) * 86_400_000_000)
            #expect(text == Date(timeIntervalSince1970: Double(day) * 86_400).formatted(style))
        }
    }

    @Test func `the monotonic clock does not go back and the wall clock is of this century`() {
        let clock = SystemClock()
        let first = clock.monotonicNanoseconds()
        #expect(clock.monotonicNanoseconds() >= first)
        #expect(clock.wallMicroseconds() > 1_700_000_000_000_000)
    }
}
