import Domain
import OperatingSystem
import SQLite
import Synchronization

/// The time that commits bear: the wall clock's, but never before that of an earlier commit.
///
/// Read while the write lock is held, so that times grow in the order of the journal, and a month that is over gets
/// nothing more.
final class JournalClock: Sendable {
    private let wall: any WallClock
    private let latest: Mutex<Int64>

    init(_ wall: any WallClock, after latest: Timestamp) {
        self.wall = wall
        self.latest = Mutex(latest.microseconds)
    }

    func next() -> Timestamp {
        let now = wall.now().microseconds
        return latest.withLock { latest in
            latest = max(latest, now)
            return Timestamp(microseconds: latest)
        }
    }

    /// Nothing gets a time before this one from here on.
    func advance(to moment: Timestamp) {
        latest.withLock { latest in latest = max(latest, moment.microseconds) }
    }
}

extension JournalClock {
    /// The latest time in the file, and the end of the latest month that a statement was made of.
    static func latestTime(in database: Database) throws(SQLiteError) -> Timestamp {
        let written = try database.statement(
            """
            SELECT max(
                coalesce((SELECT at FROM transfers ORDER BY id DESC LIMIT 1), 0),
                coalesce((SELECT committed_at FROM calls ORDER BY id DESC LIMIT 1), 0))
            """
        ).first { row in row.moment(at: 0) }
        let stated = try database.statement("SELECT max(month) FROM statements").first { row in row.optionalText(at: 0)
        }
        let end = (stated ?? nil).flatMap { CalendarMonth($0) }?.next.firstDay.startsAt
        return max(written ?? Timestamp(seconds: 0), end ?? Timestamp(seconds: 0))
    }
}

extension CalendarDay {
    /// Its first moment, UTC.
    var startsAt: Timestamp { Timestamp(seconds: Int64(unixSeconds)) }
}

struct SystemWallClock: WallClock {
    func now() -> Timestamp {
        Timestamp(microseconds: SystemClock().wallMicroseconds())
    }
}
