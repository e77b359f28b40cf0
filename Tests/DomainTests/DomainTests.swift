import Domain
import Testing

@Suite("Domain")
struct DomainTests {
    @Test(
        "A day is its first second",
        arguments: [
            ("1970-01-01", 0), ("1970-01-02", 86_400), ("1969-12-31", -86_400), ("2000-02-29", 951_782_400),
            ("2000-03-01", 951_868_800), ("2026-05-22", 1_779_408_000), ("2100-03-01", 4_107_542_400),
        ])
    func seconds(text: String, seconds: Int) {
        #expect(CalendarDay(text)?.unixSeconds == seconds)
    }

    @Test(
        "A day that does not exist is none",
        arguments: [
            "", "2026", "2026-05", "2026-5-22", "26-05-22", "2026-13-01", "2026-00-10", "2026-04-31", "2026-02-29",
            "1900-02-29", "2026-05-00", "2026-05-32", "2026/05/22", "+026-05-22", "2026-05-22 ", "2026-٠٥-22",
            "2026--0522", "-026-05-22",
        ])
    func noDay(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test(
        "A closed account may pay what it owes, and no more",
        arguments: [
            (false, 5, 0, true), (false, -5, -9, true), (true, 5, 0, false), (true, 5, 9, false), (true, 5, -4, false),
            (true, 5, -5, true), (true, 5, -9, true), (true, 0, 9, true), (true, -5, 0, true), (true, -5, 9, true),
            (true, .max, .max, false), (true, .max, .min, true),
        ] as [(Bool, Int64, Int64, Bool)])
    func credit(isClosed: Bool, credit: Int64, balance: Int64, isTaken: Bool) {
        let moment = Timestamp(seconds: 1)
        let account = Account(
            id: AccountID("acc_1"), name: "", createdAt: moment, closedAt: isClosed ? moment : nil)
        #expect(account.accepts(Nanodollars(credit), with: Nanodollars(balance)) == isTaken)
    }

    @Test func `leap days are those of the calendar`() {
        let leap = (1896...2404).filter { CalendarDay("\($0)-02-29") != nil }
        #expect(leap == (1896...2404).filter { ($0 % 4 == 0 && $0 % 100 != 0) || $0 % 400 == 0 })
    }

    @Test func `machine words of errors are unique and in snake case`() {
        let words = ErrorReason.allCases.map(\.rawValue)
        #expect(Set(words).count == words.count)
        for word in words { #expect(word.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 }, "\(word)") }
    }

    @Test(arguments: ErrorReason.allCases)
    func `every error has an error status`(reason: ErrorReason) {
        #expect((400...599).contains(reason.status))
    }

    @Test func `ids of different kinds print alike and keep their text`() {
        #expect(AccountID("a").description == "a")
        #expect(KeyID(rawValue: "k") == KeyID("k"))
        #expect(KeyID("k") != KeyID("K"))
    }

    @Test func `moments are ordered and cut to whole seconds`() {
        #expect(Timestamp(seconds: 2).microseconds == 2_000_000)
        #expect(Timestamp(microseconds: 2_999_999).seconds == 2)
        #expect(Timestamp(microseconds: 1) < Timestamp(microseconds: 2))
    }
}

@Suite("Usage that adds up")
struct UsageSumTests {
    @Test(
        "Parts are never larger than what they are part of",
        arguments: [
            (TokenUsage(), true), (TokenUsage(promptTokens: 9, completionTokens: 3, totalTokens: 12), true),
            (TokenUsage(promptTokens: 9, completionTokens: 3, totalTokens: 13), false),
            (TokenUsage(promptTokens: 9, totalTokens: 9, cachedPromptTokens: 9), true),
            (TokenUsage(promptTokens: 9, totalTokens: 9, cachedPromptTokens: 5, cacheWriteTokens: 5), false),
            (TokenUsage(promptTokens: 9, totalTokens: 9, promptAudioTokens: 5, promptImageTokens: 4), true),
            (TokenUsage(promptTokens: 9, totalTokens: 9, promptAudioTokens: 10), false),
            (TokenUsage(completionTokens: 3, totalTokens: 3, reasoningTokens: 3), true),
            (TokenUsage(completionTokens: 3, totalTokens: 3, reasoningTokens: 4), false),
            (
                TokenUsage(
                    completionTokens: 3, totalTokens: 3, reasoningTokens: 1, completionAudioTokens: 1,
                    completionImageTokens: 2), false
            ),
        ])
    func sums(usage: TokenUsage, addsUp: Bool) {
        #expect(usage.addsUp == addsUp)
    }
}
