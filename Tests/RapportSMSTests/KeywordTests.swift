import Foundation
import RapportChannels
import RapportTestSupport
import Testing

@Suite("Keywords") struct KeywordTests {
    let reader = KeywordReader()

    @Test(
        "one word stops, whatever its case, width, accents, punctuation and spaces",
        arguments: [
            ("STOP", "stop"), ("stop", "stop"), ("Stop.", "stop"), (" stop \n", "stop"), ("S T O P", "stop"),
            ("ＳＴＯＰ！", "stop"), ("\"Stop\"", "stop"), ("STOP ALL", "stopall"), ("Opt-Out", "optout"),
            ("Unsubscribe", "unsubscribe"), ("CANCEL", "cancel"), ("End", "end"), ("quit!!", "quit"),
            ("REVOKE", "revoke"), ("ARRÊT", "arret"), ("arret", "arret"), ("退订", "退订"), ("【退订】", "退订"),
            ("退訂。", "退訂"), ("TD", "td"), ("ｔｄ", "td"), ("T", "t"), ("回TD", "回td"), ("BAJA", "baja"),
            ("🛑 STOP 🛑", "stop"), ("stop\u{200B}", "stop"),
        ])
    func stop(text: String, keyword: String) {
        #expect(reader.request(in: text) == .stop(keyword: keyword))
    }

    @Test("is not made of the sign of an answer", arguments: ["Re: move", "RE:move", " Re: Move me"])
    func answer(text: String) {
        #expect(reader.request(in: text) == nil)
        #expect(reader.request(in: "re move") == .stop(keyword: "remove"))
    }

    @Test("starts and asks for help", arguments: ["START", "unstop", "Start!", "恢复"])
    func start(text: String) {
        guard case .start = reader.request(in: text) else {
            Issue.record("no start")
            return
        }
    }

    @Test("asks for help", arguments: ["HELP", "Info?", "AIDE", "帮助", "幫助", "ＨＥＬＰ"])
    func help(text: String) {
        guard case .help = reader.request(in: text) else {
            Issue.record("no help")
            return
        }
    }

    @Test(
        "is never found inside a longer text",
        arguments: [
            "", "   ", "!!!", "non-stop", "nonstop", "stopwatch", "The bus stop is closed", "I will stop by tomorrow",
            "Can you stop by at 5?", "cancel my appointment please", "How does it end?", "The weekend", "Yes", "YES!",
            "don't stop sending these, I love them", "please do not unsubscribe me",
            "restart", "start the repair", "helpful", "info about prices", "不要退订", "别退订我的服务", "请发一份报价",
            "公交车停在哪里", "Não pare de escrever", "Je n'arrive plus à l'heure", "tea", "TDs", "un arrêt de bus",
        ])
    func notAKeyword(text: String) {
        #expect(reader.request(in: text) == nil)
    }

    @Test(
        "a sentence that asks to stop is a probable opt-out",
        arguments: [
            "please stop texting me", "Stop texting me!", "STOP PLEASE", "please stop", "stop stop stop",
            "Stop it now", "Remove me from your list", "take me off this list", "Don't text me again",
            "don’t text me again", "do not contact me", "How do I unsubscribe?", "I want to opt out", "leave me alone",
            "You have the wrong number", "no more texts", "别再发了", "请不要再发短信给我", "怎么退订", "把我拉黑吧", "不想收到这些广告",
            "請勿再發", "ne m'envoyez plus de messages", "Ne m’envoyez plus rien", "Arrêtez de m'envoyer des SMS",
            "désabonnez-moi svp", "no me envíen más mensajes", "darme de baja por favor", "keine SMS mehr bitte",
            "Hören Sie auf!", "配信を停止してください", "TD 谢谢", "can't wait; but stop texting at night",
        ])
    func probable(text: String) {
        #expect(reader.request(in: text) == .probableStop)
    }

    @Test("a very long text costs little and holds no keyword")
    func long() {
        #expect(reader.request(in: String(repeating: "stopp", count: 200_000)) == nil)
    }

    @Test("one character with any number of marks on it is cut as well")
    func marks() {
        let text = "か" + String(repeating: "\u{3099}", count: 100_000)
        #expect(FoldedText(text).joined.unicodeScalars.count == FoldedText.limit)
    }

    @Test("a plea holds although the same words were turned round before it")
    func secondPlea() {
        #expect(reader.request(in: "昨天我说不要退订，今天请给我退订") == .probableStop)
        #expect(reader.request(in: "do not unsubscribe him but unsubscribe me") == .probableStop)
    }

    @Test("further words can be added by configuration")
    func added() {
        let reader = KeywordReader(
            tables: KeywordTable.standard + [KeywordTable(language: "en", stop: ["R"], start: ["Yes", "stop"])])
        #expect(reader.request(in: "r") == .stop(keyword: "r"))
        #expect(reader.request(in: "yes") == .start(keyword: "yes"))
        // No table can turn a stop into a start.
        #expect(reader.request(in: "stop") == .stop(keyword: "stop"))
    }

    /// Twilio and Braze also start at YES. We don't: as an answer to some other question it would lift an opt-out that
    /// nobody took back. A business that wants it adds it.
    @Test("understands every vendor's list, but for YES", .enabled(if: Fixtures.isPresent))
    func vendors() throws {
        let data = Data(try Fixtures.bytes("text-vectors.json"))
        let all = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let lists = try #require(all["opt_out_keywords"] as? [String: Any])
        var seen = 0
        for case let vendor as [String: Any] in lists.values {
            for word in vendor["stop"] as? [String] ?? [] {
                guard case .stop = reader.request(in: word) else {
                    Issue.record("\(word) does not stop")
                    continue
                }
                seen += 1
            }
            for word in vendor["start"] as? [String] ?? [] where word != "YES" {
                guard case .start = reader.request(in: word) else {
                    Issue.record("\(word) does not start")
                    continue
                }
                seen += 1
            }
            for word in vendor["help"] as? [String] ?? [] {
                guard case .help = reader.request(in: word) else {
                    Issue.record("\(word) is not help")
                    continue
                }
                seen += 1
            }
        }
        #expect(seen > 40)
    }
}
