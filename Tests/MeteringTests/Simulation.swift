import Domain

@testable import Metering

/// A gateway that lives through calls, payments and crashes, beside a journal that keeps what was committed.
///
/// A crash loses the treasury and every call under way, at whatever point it is: reserved, called, recorded.
struct Simulation {
    private static let placesForCalls = 24
    enum Stage {
        case reserved
        case called
        case recorded
    }

    final class Flight {
        let number: Int
        let caller: Int
        let tag: Int
        var reservation: Reservation?
        var stage = Stage.reserved
        var usage = TokenUsage()
        var charge: Charge?

        init(number: Int, caller: Int, tag: Int, reservation: consuming Reservation) {
            self.number = number
            self.caller = caller
            self.tag = tag
            self.reservation = consume reservation
        }
    }

    let seed: UInt64
    let cast = Cast()
    let clock = ManualClock(.midnight("2026-11-20"))
    var random: SeededGenerator
    var treasury: Treasury
    var journal: ModelJournal
    var flights: [Flight?] = Array(repeating: nil, count: placesForCalls)
    var now = Timestamp.midnight("2026-11-20")
    /// For each call: bit 0 when it was recorded, bit 1 when its last byte went out.
    var fates: [UInt8] = []
    var isTired: [Bool]
    var settlements = 0
    var crashes = 0
    var refusals: [ErrorReason: Int] = [:]
    /// What went wrong first.
    var problem: String?

    init(seed: UInt64) {
        self.seed = seed
        isTired = Array(repeating: false, count: cast.callers.count)
        random = SeededGenerator(seed: seed)
        journal = ModelJournal(cast)
        treasury = Treasury(opening: journal.opening(at: now), clock: clock)
    }

    mutating func run(settlements count: Int) {
        fates.reserveCapacity(2 * count)
        while settlements < count, problem == nil {
            for place in flights.indices { advance(place) }
            rest()
            if random.below(64) == 0 { topUp() }
            if random.below(500) == 0 {
                check(.running)
                crash()
            }
        }
        for place in flights.indices { drop(place) }
        check(.ended)
    }

    /// Calls come in bursts: half a million settlements take six weeks of the clock.
    private mutating func rest() {
        let seconds = random.below(100) == 0 ? random.below(7_200) : random.below(2)
        now = now.adding(seconds: Int64(seconds))
        clock.set(now)
    }

    private mutating func advance(_ place: Int) {
        guard let flight = flights[place] else { return start(place) }
        switch flight.stage {
        case .reserved:
            guard random.below(16) != 0 else { return drop(place) }
            call(flight)
        case .called: record(flight)
        case .recorded: reply(flight, place)
        }
    }

    private mutating func start(_ place: Int) {
        let caller = nextCaller()
        let tag = random.below(cast.tags.count)
        let ask = ReservationRequest(
            principal: cast.callers[caller], tag: cast.tags[tag], promptTokens: random.below(4_000),
            outputTokens: random.below(1_000), prices: random.below(9) == 0 ? .even : .o4Mini,
            isOnOwnKey: random.below(16) == 0)
        let isTold = random.below(64) == 0
        let expected = isTold ? treasury.wouldAdmit(ask) : nil
        do throws(GatewayError) {
            let reservation = try treasury.reserve(ask)
            if isTold, expected?.refusal != nil || expected?.worstCase != reservation.held {
                fail("explained as \(String(describing: expected)), and admitted")
            }
            flights[place] = Flight(number: fates.count, caller: caller, tag: tag, reservation: reservation)
            fates.append(0)
        } catch {
            refusals[error.reason, default: 0] += 1
            isTired[caller] = true
            if isTold, expected?.refusal != error {
                fail("explained as \(String(describing: expected?.refusal)), and refused as \(error)")
            }
        }
    }

    /// Who was refused tries again only now and then; somebody without limits calls in the meantime.
    private mutating func nextCaller() -> Int {
        let caller = random.below(cast.callers.count)
        guard isTired[caller] else { return caller }
        guard random.below(8) == 0 else { return cast.freeCaller }
        isTired[caller] = false
        return caller
    }

    /// Now and then the vendor reports more than was asked for.
    private mutating func call(_ flight: Flight) {
        flight.usage = TokenUsage(promptTokens: random.below(4_000), completionTokens: random.below(1_000))
        flight.stage = .called
    }

    private mutating func record(_ flight: Flight) {
        guard let charge = flight.reservation?.charge(for: flight.usage, priceVersion: nil) else { return }
        if fates[flight.number] != 0 { fail("call \(flight.number) was charged twice") }
        fates[flight.number] = 1
        journal.commit(
            ModelJournal.Call(
                number: flight.number, caller: flight.caller, tag: flight.tag, cost: charge.cost.rawValue,
                vendorCost: charge.isOnOwnKey ? 0 : charge.vendorCost?.rawValue ?? 0,
                day: CalendarDay(now).daysSince1970))
        flight.charge = charge
        flight.stage = .recorded
    }

    private mutating func reply(_ flight: Flight, _ place: Int) {
        guard let charge = flight.charge, let reservation = flight.reservation.take() else { return }
        let tokens = flight.usage.promptTokens + flight.usage.completionTokens
        reservation.settle(charge, tokens: tokens)
        fates[flight.number] |= 2
        flights[place] = nil
        settlements += 1
    }

    /// The call failed, or its task ended without a word. What was recorded is settled all the same.
    private mutating func drop(_ place: Int) {
        guard let flight = flights[place] else { return }
        if flight.stage == .recorded { return reply(flight, place) }
        if random.below(2) == 0, let reservation = flight.reservation.take() { reservation.release() }
        flights[place] = nil
    }

    private mutating func topUp() {
        let payer = cast.payers[random.below(cast.payers.count)]
        guard payer.plan == .prepaid,
            let posting = TopUpTerms().posting(
                paid: .cents(Int64(1 + random.below(120))), of: payer.id, reference: "\(journal.postings.count)")
        else { return }
        let stored = journal.post(posting, at: now)
        if random.below(50) == 0 { return crash() }
        treasury.apply(stored)
        if random.below(4) == 0 { treasury.apply(stored) }
    }

    private mutating func crash() {
        crashes += 1
        treasury = Treasury(opening: journal.opening(at: now), clock: clock)
        for place in flights.indices { flights[place] = nil }
        check(.opened)
    }

    mutating func fail(_ what: String) {
        if problem == nil { problem = "\(what), at \(now) after \(settlements) settlements" }
    }
}
