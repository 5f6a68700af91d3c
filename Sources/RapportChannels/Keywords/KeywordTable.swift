/// The keywords of one language. A message is a keyword only when nothing but the keyword is in it.
package struct KeywordTable: Hashable, Sendable {
    /// BCP 47.
    package var language: String
    package var stop: [String]
    package var start: [String]
    package var help: [String]

    package init(language: String, stop: [String] = [], start: [String] = [], help: [String] = []) {
        self.language = language
        self.stop = stop
        self.start = start
        self.help = help
    }

    /// What is understood without configuration, in every language at once.
    ///
    /// English is the union of the lists of CTIA's Messaging Principles, Twilio (Advanced Opt-Out), Telnyx and AWS
    /// End User Messaging. `END` and `CANCEL` are on all of them: one stop too many is mended by a START, one too few
    /// is not. `YES` is on Twilio's list of starts and not on ours: as an answer to some other question it would undo
    /// an opt-out that nobody took back. `T` and `TD` are what Chinese messages ask for (回T退订).
    package static let standard: [KeywordTable] = [
        KeywordTable(
            language: "en",
            stop: [
                "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke", "remove", "unsub",
                "stoptexts",
            ],
            start: ["start", "unstop", "subscribe", "optin", "resubscribe"],
            help: ["help", "info"]),
        KeywordTable(
            language: "zh",
            stop: [
                "退订", "退訂", "取消订阅", "取消訂閱", "停止", "拒收", "取消接收", "停止接收", "不再接收", "td", "t", "回t",
                "回td", "tuiding",
            ],
            start: ["恢复", "恢復", "恢复订阅", "恢復訂閱", "重新订阅", "重新訂閱", "订阅", "訂閱"],
            help: ["帮助", "幫助", "说明", "說明"]),
        KeywordTable(
            language: "fr", stop: ["arret", "arreter", "desabonner", "desinscription"],
            start: ["reprendre", "abonner"], help: ["aide"]),
        KeywordTable(
            language: "es", stop: ["alto", "parar", "baja", "cancelar", "salir", "detener"],
            start: ["comenzar", "iniciar", "alta"], help: ["ayuda"]),
        KeywordTable(
            language: "de", stop: ["stopp", "abmelden", "abbestellen", "austragen"], start: ["anmelden"],
            help: ["hilfe"]),
        KeywordTable(
            language: "pt", stop: ["pare", "sair", "descadastrar"], start: ["comecar"], help: ["ajuda"]),
        KeywordTable(language: "it", stop: ["ferma", "annulla", "disiscrivi"], start: ["inizia"], help: ["aiuto"]),
        KeywordTable(language: "ja", stop: ["停止", "解除", "配信停止", "ストップ"], start: ["再開"], help: ["ヘルプ"]),
    ]
}
