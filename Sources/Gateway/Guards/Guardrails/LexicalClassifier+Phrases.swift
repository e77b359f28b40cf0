extension LexicalClassifier {
    /// The phrases of the built-in classifier. Each is a wish or a threat, not the mere mention of a subject.
    public static let phrases: [HazardCategory: [String]] = [
        .violentCrimes: [
            #"\b\#(howTo) (?:get away with )?(?:kill|murder|poison|strangle|kidnap|torture|assassinate)(?:ing)? \#(someone)"#,
            #"\b(?:i|we)(?: am|'m| are|'re) (?:going to|gonna|about to) (?:kill|murder|stab|shoot|strangle) \#(someone)"#,
            #"\bplan(?:ning)? a (?:mass shooting|school shooting|murder|massacre|terror(?:ist)? attack)\b"#,
        ],
        .nonViolentCrimes: [
            #"\b\#(howTo) (?:cook|synthesi[sz]e|make) (?:crystal )?(?:meth|methamphetamine|heroin|fentanyl|cocaine)\b"#,
            #"\b\#(howTo) (?:launder money|pick a lock to break in|hot-?wire a car|forge (?:a )?(?:passport|signature)"#
                + #"|counterfeit money|steal (?:a )?(?:car|identity|credit cards?)|clone credit cards?|shoplift)\b"#,
            #"\b(?:write|build|create|make) (?:me )?(?:a |some )?(?:ransomware|keylogger|computer virus|phishing (?:mail|email|page|site))\b"#,
        ],
        .sexRelatedCrimes: [
            #"\b\#(howTo) (?:rape|molest|sexually assault|drug and (?:rape|assault)|traffic (?:women|girls|people))\b"#,
            #"\bdate.rape drugs?\b.{0,40}\b(?:buy|make|use|slip)\b"#,
            #"\b(?:slip|use|buy) (?:a |some )?date.rape drugs?\b"#,
        ],
        .childSexualExploitation: [
            #"\bchild (?:porn|pornography|sexual abuse material)\b"#, #"\bcsam\b"#,
            #"\bsexual(?:ly explicit)? (?:story|content|image|picture|scene)s? (?:about|of|with|involving) (?:a )?(?:child|minor|underage)"#,
        ],
        .defamation: [
            #"\b(?:write|invent|make up|spread) (?:a )?(?:false|fake|made.up) (?:rumou?rs?|accusations?|allegations?|story|stories) about\b"#
        ],
        .specialisedAdvice: [
            #"\bshould i (?:stop|quit) taking (?:my )?(?:medication|insulin|antidepressants|chemotherapy)\b"#,
            #"\bwhat dos(?:e|age) of .{1,40} should i take\b"#,
            #"\bput all (?:of )?my (?:savings|money|pension) (?:in|into|on)\b"#,
        ],
        .privacy: [
            #"\b(?:find|give me|tell me|get) (?:the )?(?:home address|private address|phone number|social security number) of\b"#,
            #"\b(?:dox|doxx) \#(someone)"#,
            #"\b\#(howTo) (?:stalk|track|spy on) (?:my )?(?:ex|girlfriend|boyfriend|wife|husband|neighbou?r)\b"#,
        ],
        .intellectualProperty: [
            #"\b(?:full|complete|entire) (?:text|lyrics|script) of .{1,60}\b(?:verbatim|word for word)\b"#,
            #"\b\#(howTo) (?:crack|pirate|bypass the licen[cs]e of) "#,
            #"\b(?:serial|licen[cs]e) key generator\b"#, #"\bkeygen for\b"#,
        ],
        .indiscriminateWeapons: [
            #"\b\#(howTo) (?:make|build|assemble|synthesi[sz]e|culture|weaponi[sz]e) (?:a |an |some )?(?:pipe |dirty |nail |fertili[sz]er |nuclear )?"#
                + #"(?:bombs?|explosives?|sarin|vx|mustard gas|nerve (?:gas|agent)|anthrax|ricin|chemical weapons?|biological weapons?)\b"#
        ],
        .hate: [
            #"\b(?:all|those|these) (?:\w+ ){1,2}(?:should|must|deserve to|ought to) (?:die|be killed|be exterminated|be gassed|be deported)\b"#,
            #"\b(?:are|is) (?:all )?(?:subhumans?|vermin|an inferior race)\b"#,
            #"\b(?:write|tell me) (?:a |some )?(?:racist|antisemitic|homophobic|islamophobic) (?:jokes?|rants?|speech|slurs?)\b"#,
        ],
        .selfHarm: [
            #"\bi (?:want to|wanna|am going to|'?m going to) (?:kill myself|end my life|die|hurt myself|cut myself)\b"#,
            #"\b\#(howTo) (?:kill (?:myself|yourself|oneself)|commit suicide|hang (?:myself|yourself)|overdose|starve (?:myself|yourself))\b"#,
            #"\b(?:painless|best|easiest) (?:way|method)s? (?:to die|to kill (?:myself|yourself)|of suicide)\b"#,
        ],
        .sexualContent: [
            #"\b(?:write|tell|describe|generate|show)(?: me)? (?:an? |some )?(?:very )?(?:erotic|pornographic|sexually explicit|smutty|nsfw)\b"#,
            #"\b(?:erotica|hardcore porn|explicit sex scene)\b"#,
        ],
        .elections: [
            #"\b(?:vote|voting|election) (?:is|has been|was) (?:moved|postponed|cancelled) (?:to|until)\b"#,
            #"\b(?:you can|people can) vote (?:by (?:text|sms|tweet)|twice|online by replying)\b"#,
            #"\b\#(howTo) (?:rig|hack|steal) (?:an? |the )?(?:election|ballots?|voting machines?)\b"#,
        ],
        .promptInjection: [
            #"\b(?:ignore|disregard|forget|override) (?:all |any )?(?:of )?(?:the |your |my )?(?:previous|prior|above|earlier|preceding|system|original) "#
                + #"(?:instructions?|prompts?|rules|messages?|directions|guidelines)\b"#,
            #"\b(?:reveal|print|repeat|show|output|leak)(?: me)? (?:your|the) (?:hidden |secret |full |initial |exact )?(?:system prompt|system message|instructions above)\b"#,
            #"\byou are (?:now )?(?:dan\b|in (?:developer|jailbreak|god) mode|no longer bound by|free from all restrictions)"#,
            #"\b(?:enable|enter|activate) (?:developer|jailbreak|god|dan) mode\b"#,
            #"\bpretend (?:that )?you have no (?:restrictions|rules|guidelines|filters?)\b"#,
        ],
    ]

    private static let howTo =
        #"(?:how (?:do|can|could|would|should) (?:i|you|we|one)|how to|teach me to|show me how to|help me(?: to)?|instructions (?:to|for)|steps to|ways? to)"#
    private static let someone =
        #"(?:him|her|them|you|someone|somebody|people|everyone|(?:my|a|an|the|his|her|our) (?:\w+ )?"#
        + #"(?:man|woman|girl|boy|child|kid|person|human|wife|husband|girlfriend|boyfriend|ex|mother|father|parents?"#
        + #"|brother|sister|neighbou?r|boss|teacher|colleague|co-?worker|cop|police officer|president|politician))\b"#
}
