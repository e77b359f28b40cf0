/// Conversations the sandbox knows something about.
struct KnownConversation: Sendable {
    let matches: @Sendable (_ last: String, _ all: String) -> Bool
    let openings: [String]
    let body: String
    let closings: [String]

    func text(_ random: inout StableRandom) -> String {
        [random.pick(openings), body, random.pick(closings)].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    static func matching(_ request: ChatRequest) -> KnownConversation? {
        let last = String(request.lastUserText.prefix(Words.scanLimit)).lowercased()
        let all = request.messages.map { $0.text.prefix(Words.scanLimit).lowercased() }.joined(separator: "\n")
        return list.first { $0.matches(last, all) }
    }

    private static let list = [thermodynamics, readingJSON, roadTrip, detective, recursion]

    private static let thermodynamics = KnownConversation(
        matches: { last, _ in last.contains("thermodynamic") },
        openings: [
            "The three classical laws of thermodynamics are:", "In short, the three laws of thermodynamics say this:",
            "Here are the three laws of thermodynamics – with what each means in practice:",
        ],
        body: """
            1. First law – conservation of energy
               Energy is neither created nor destroyed, only changed in form: ΔU = Q − W. What a system gains as heat and \
            does not give away as work stays in it as internal energy.

            2. Second law – entropy
               The total entropy of an isolated system never decreases. Heat does not flow by itself from cold to hot, and \
            no engine turns heat wholly into work.

            3. Third law – absolute zero
               As the temperature of a perfect crystal approaches 0 K, its entropy approaches a constant minimum. No \
            finite number of steps reaches absolute zero.
            """,
        closings: [
            "Some texts add a “zeroth” law: two systems in equilibrium with a third are in equilibrium with each other.",
            "Would you like a worked example for one of them?",
            "Together they tell what can happen, in which direction, and where the limit is.",
        ])

    private static let readingJSON = KnownConversation(
        matches: { last, _ in last.contains("json") && last.contains("python") },
        openings: [
            "Use Python’s built-in json module:", "The standard library has all you need – the json module:",
            "You can read a JSON file in Python with json.load:",
        ],
        body: """
            ```python
            import json

            with open("data.json", encoding="utf-8") as file:
                data = json.load(file)

            print(data)
            ```

            - `json.load(file)` reads from an open file; `json.loads(text)` reads from a string.
            - Objects become dictionaries, arrays become lists.
            - A missing file raises `FileNotFoundError`, broken text raises `json.JSONDecodeError`; catch them where you \
            can do something about them.
            """,
        closings: [
            "With pathlib it is one line: `data = json.loads(Path(\"data.json\").read_text(encoding=\"utf-8\"))`.",
            "For very large files – gigabytes, say – look at a streaming parser.",
            "Let me know if you also need to write JSON back to a file.",
        ])

    private static let roadTrip = KnownConversation(
        matches: { last, all in
            all.contains("los angeles") && all.contains("san francisco")
                && (last.contains("stop") || last.contains("trip"))
        },
        openings: [
            "Here are good places to stop between San Francisco and Los Angeles:",
            "Going down the coast (CA-1) takes longer than I-5, and these stops are why it’s worth it:",
            "I’d take two days for the coast road – these are the stops to plan for:",
        ],
        body: """
            1. Santa Cruz – the beach boardwalk and a walk along West Cliff Drive.
            2. Monterey and Carmel – the aquarium, 17-Mile Drive, a night’s stay if you like.
            3. Big Sur – Bixby Bridge, Pfeiffer Beach, McWay Falls. Fill up before; services are sparse.
            4. San Simeon – Hearst Castle and the elephant seals just north of it.
            5. San Luis Obispo – dinner downtown, a good halfway stop for the night.
            6. Solvang – Danish bakeries, a short way inland.
            7. Santa Barbara – Stearns Wharf, State Street, the old mission.
            8. Malibu – Zuma Beach or Point Dume before the last miles into the city.
            """,
        closings: [
            "In a hurry? I-5 takes about 6 hours; Harris Ranch is the usual stop for a meal.",
            "Book early for weekends – Big Sur and Santa Barbara fill up first.",
            "Would you like this as a two-day or a three-day plan?",
        ])

    private static let detective = KnownConversation(
        matches: { last, _ in last.contains("detective") },
        openings: [
            "The rain had stopped an hour ago, but the alley behind the Meridian Hotel still dripped as if it hadn’t been told.",
            "Detective Ines Calloway had seen stolen pearls, forged wills and one very patient parrot – but never this.",
            "Nobody had called the police. That was the first thing that bothered Detective Ines Calloway.",
        ],
        body: """
            She crouched beside the open safe. The money was there, every bundle of it. So were the deeds and the diamonds. \
            What lay on top of them did not belong: a child’s music box, its lid warm to the touch – as if someone had just \
            let go of it.

            She wound the key twice. No tune came out. Instead a voice, thin and scratched, read a street address and a \
            time. The address was her own. The time was eleven minutes from now.
            """,
        closings: [
            "Calloway looked at her watch, and began to run.", "Behind her, very softly, the safe clicked shut.",
            "“All right,” she said to the empty room. “You have my attention.”",
        ])

    private static let recursion = KnownConversation(
        matches: { last, _ in last.contains("recursion") || last.contains("recursive") },
        openings: [
            "Recursion means that a function solves a problem by calling itself on a smaller version of it.",
            "A recursive function calls itself – each time with a simpler input – until the answer is obvious.",
            "Think of recursion as two rules: know the simplest case, and reduce every other case towards it.",
        ],
        body: """
            Every recursion has two parts:

            1. A base case, which is answered directly.
            2. A recursive case, which calls the function again with something smaller.

            The factorial is the usual example, n! = n × (n − 1)! with 0! = 1:

            ```python
            def factorial(n):
                if n == 0:                       # base case
                    return 1
                return n * factorial(n - 1)      # recursive case
            ```

            factorial(3) → 3 × factorial(2) → 3 × 2 × factorial(1) → 3 × 2 × 1 × factorial(0) → 6
            """,
        closings: [
            "Without a base case it would never end – that is the usual mistake.",
            "The same idea works for trees, folders and anything else that contains smaller copies of itself.",
            "Would you like to see the same function written with a loop?",
        ])
}
