import RapportChannels
import RapportCore
import RapportYAML
import Testing

@testable import RapportHub

@Suite("Filling in templates")
struct TemplateTests {
    private func render(_ text: String, _ escaping: CompiledTemplate.Escaping, _ values: [String: String]) throws
        -> String
    {
        try CompiledTemplate(text, escaping: escaping, file: "t").render { values[$0] }
    }

    @Test("values are escaped for where they stand")
    func escaping() throws {
        let name = ["name": "A & B <\"x\"> 'y'"]
        #expect(try render("{{name}}", .none, name) == "A & B <\"x\"> 'y'")
        #expect(try render("{{name}}", .html, name) == "A &amp; B &lt;&quot;x&quot;&gt; &#39;y&#39;")
        #expect(try render("\"{{name}}\"", .json, ["name": "a\"b\\c\n\u{1}"]) == #""a\"b\\c\n\u0001""#)
        let combined = try render("<a title=\"{{name}}\">", .html, ["name": "\"\u{301}onclick=x"])
        #expect(
            !combined.unicodeScalars.dropFirst(10).dropLast(2).contains("\""), "a mark behind a quote hides nothing")
    }

    @Test("a name without a value is an error, but not where a section asks for it")
    func missing() throws {
        #expect(throws: RenderError.missingVariable("city")) { try render("{{name}} {{city}}", .none, ["name": "A"]) }
        #expect(try render("{{#city}}in {{city}}{{/city}}{{^city}}here{{/city}}", .none, [:]) == "here")
        #expect(try render("{{#city}}in {{city}}{{/city}}", .none, ["city": "Bonn"]) == "in Bonn")
    }

    @Test(
        "a section that asks for a name excuses no hole elsewhere",
        arguments: [
            "Dear {{name}}, {{#name}}hello {{name}}{{/name}}", "{{^name}}Dear {{name}}{{/name}}",
            "{{# name }}hello{{/ name }} {{{name}}}",
        ])
    func hole(text: String) throws {
        #expect(throws: RenderError.missingVariable("name")) { try render(text, .none, [:]) }
        let filled = try render(text, .none, ["name": "Ana"])
        #expect(!filled.contains("*"))
    }

    @Test("sections with functions and sections within sections ask for what may be absent")
    func sections() throws {
        let text = "{{#uppercased(name)}}yes{{/uppercased(name)}}{{#city}}{{^name}} in {{city}}{{/name}}{{/city}}"
        #expect(try render(text, .none, [:]) == "")
        #expect(try render(text, .none, ["city": "Bonn"]) == " in Bonn")
    }

    @Test(
        "a tag that nothing can fill in is refused, because it would leave a hole",
        arguments: [
            ("Dear {{customer.name}}", "1:6: ‘customer.name’ has parts"), ("Dear\n{{.}}", "2:1: ‘.’ stands for"),
            ("{{{ address.city }}}", "1:1: ‘address.city’ has parts"), ("{{#a.b}}x{{/a.b}}", "1:1: ‘a.b’ has parts"),
            ("{{upper(name)}}", "1:1: ‘upper’ is no function; there are capitalized, lowercased"),
            ("{{#name}}x{{/name}}{{.}}", "1:20: ‘.’ stands for"), ("{{=<% %>=}}<%name%>", "1:1: other delimiters"),
            ("Dear {{}}", "1:6: a name is missing"), ("Dear {{{ }}}", "1:6: a name is missing"),
            ("{{&}}", "1:1: a name is missing"), ("{{#}}x{{/}}", "1:1: a name is missing"),
            ("{{uppercased()}}", "1:1: a name is missing"),
            ("{{^uppercased(lowercased())}}x{{/uppercased(lowercased())}}", "1:1: a name is missing"),
            ("{{^name}}{{.}}{{/name}}", "1:10: ‘.’ stands for"),
            ("{{#city}}{{^name}}{{.}}{{/name}}{{/city}}", "1:19: ‘.’ stands for"),
            ("{{#name}}{{#.}}x{{/.}}{{/name}}", "1:10: ‘.’ stands for"),
            ("{{#empty(city)}}here{{/empty(city)}}", "1:1: ‘empty’ is no function"),
        ])
    func unfillable(text: String, problem: String) {
        let error = #expect(throws: YAMLProblem.self) { try CompiledTemplate(text, escaping: .none, file: "t") }
        #expect(error?.description.hasPrefix("t:\(problem)") == true, "\(String(describing: error))")
    }

    @Test("functions of a text, the value of a section and comments are taken")
    func fillable() throws {
        let text = "{{! a.b }}{{uppercased(name)}} {{#name}}{{.}} {{ lowercased(name) }}{{/name}}"
        #expect(try render(text, .none, ["name": "Ana"]) == "ANA Ana ana")
        let nested = "{{#city}}{{^name}}no{{/name}}{{.}} {{uppercased(.)}}{{/city}}"
        #expect(try render(nested, .none, ["city": "Bonn"]) == "noBonn BONN")
    }

    @Test("an empty value of the recipient gives way to the campaign's")
    func emptyValue() throws {
        let definition = CampaignDefinition(
            name: "spring", title: "Spring", messageClass: .marketing, topic: "news", channels: [.sms], adapters: [:],
            audience: .everyone, offer: nil, occurrence: nil, startAt: nil, expiry: nil, language: "en",
            throttle: ThrottleSettings(), repeats: false, variables: ["city": "your town"],
            templates: [.init(channel: .sms, language: nil, part: .text, text: "See you in {{city}}")],
            attachments: [], content: "0123")
        let templates = try CampaignTemplates(definition)
        let text = try templates.render(channel: .sms, language: nil) { _ in "" }
        #expect(text == .text("See you in your town"))
    }

    @Test("a mail whose lines end in CR LF is read as any other")
    func carriageReturns() throws {
        let parts = [
            CampaignDefinition.TemplateSource(
                channel: .email, language: nil, part: .text,
                text: "Subject: Hi\r\nReply-To: a@b.example\r\n\r\nDear\r\nyou")
        ]
        let template = try MessageTemplate(channel: .email, parts: parts, name: "email")
        guard case .email(let mail) = try template.render({ _ in nil }, attachments: []) else {
            Issue.record("no mail")
            return
        }
        #expect(mail.subject == "Hi" && mail.replyTo == "a@b.example" && mail.text == "Dear\nyou")
    }

    @Test(
        "a mistake is told where it stands",
        arguments: [("Hi\n{{name", "2:"), ("{{#a}}x\n\n", "3:"), ("Hi\n {{>partial}}", "2:2:")])
    func place(text: String, expected: String) {
        let error = #expect(throws: YAMLProblem.self) { try CompiledTemplate(text, escaping: .none, file: "t") }
        #expect(error?.description.hasPrefix("t:\(expected)") == true)
        let parts = [
            CampaignDefinition.TemplateSource(
                channel: .email, language: nil, part: .text, text: "Subject: s\nFrom: a@b.example\n\n" + text)
        ]
        let inMail = #expect(throws: YAMLProblem.self) { try MessageTemplate(channel: .email, parts: parts, name: "m") }
        #expect(inMail?.line == (error?.line ?? 0) + 3)
    }

    @Test(
        "a mistake in a header line is told where it stands in its line",
        arguments: [("Subject: Hi {{a.b}}\n\nHi", 13), ("subject:\t {{a.b}}\n\nHi", 11)])
    func headerPlace(text: String, column: Int) {
        let parts = [CampaignDefinition.TemplateSource(channel: .email, language: nil, part: .text, text: text)]
        let error = #expect(throws: YAMLProblem.self) { try MessageTemplate(channel: .email, parts: parts, name: "m") }
        #expect(error?.line == 1 && error?.column == column)
    }

    @Test("what is no template is refused", arguments: ["{{name", "{{#a}}x", "{{>partial}}"])
    func malformed(text: String) {
        #expect(throws: (any Error).self) { try CompiledTemplate(text, escaping: .none, file: "t") }
    }

    /// What is filled in without the library must come out as the library's own rendering does: a section that is always
    /// entered makes a template one that is left to the library.
    @Test(
        "text with plain variables comes out as the library has it",
        arguments: [
            "", "no variable", "{{name}}", "{{ name }}{{name}}", "a {{{name}}} b", "a {{&name}} b {{& name }}",
            "{{name}}\n{{city}}\n", "  {{name}}\n", "{ {{name}} }", "{{name}}}", "ä{{name}}ö",
        ], [CompiledTemplate.Escaping.none, .html, .json])
    func plain(text: String, escaping: CompiledTemplate.Escaping) throws {
        let values = ["name": "<A & \"B\">'\n\u{301}", "city": "Bonn", "yes": "yes"]
        #expect(PlainTemplate(text, escaping: escaping) != nil)
        #expect(
            try render(text, escaping, values) == render(text + "{{#yes}}{{/yes}}", escaping, values))
    }

    @Test(
        "what is more than a plain variable is left to the library",
        arguments: [
            "{{#a}}{{/a}}", "{{^a}}{{/a}}", "{{! a }}", "{{=<% %>=}}", "{{a.b}}", "{{.}}", "{{f(a)}}", "{{a b}}",
            "{{}}",
            "{{>a}}", "{{{a}}", "{{a",
        ])
    func notPlain(text: String) {
        #expect(PlainTemplate(text, escaping: .none) == nil)
    }
}
