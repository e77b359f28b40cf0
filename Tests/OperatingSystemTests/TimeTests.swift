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

    @Test(
        arguments: [
            ("1970-01-01", 0), ("2000-02-29T00:00:00Z", 951_782_400_000_000),
            ("2026-11-21T00:13:05.123Z", 1_795_219_985_123_000), ("2026-11-21T01:13:05+01:00", 1_795_219_985_000_000),
            ("2026-11-20T19:13:05.5-05:00", 1_795_219_985_500_000), ("1969-12-31T23:59:59Z", -1_000_000),
        ] as [(String, Int64)])
    func `moments are read in the forms that clients send`(text: String, microseconds: Int64) {
        #expect(ISO8601.parse(text) == microseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-13-01", "2026-02-30", "2026-11-21T", "2026-11-21T24:00:00Z", "2026-11-21T00:00:00",
        "2026-11-21T00:00:00Zx", "2026-11-21T00:00:00.Z", "2026-11-21T00:00:00+1:00", "２０２６-11-21",
    ])
    func `what is no moment is not read`(text: String) {
        #expect(ISO8601.parse(text) == nil)
    }

    @Test func `what was written is read again`() {
        for day in stride(from: Int64(-700_000), to: 2_900_000, by: 61) {
            let moment = day * 86_400_000_000 + 45_296_789_000
            #expect(ISO8601.parse(ISO8601.format(wallMicroseconds: moment)) == moment)
        }
    }
}
